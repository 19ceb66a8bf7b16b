import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { AppsV1Api, CoreV1Api, V1Pod, V1PodStatus } from "@kubernetes/client-node";
import { PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { ifFound } from "../../../components/cluster-client.ts";
import { messageOf } from "../../control-plane/error.ts";
import { CiliumNetwork } from "./cilium-network.ts";
import type { Mount } from "./container.ts";
import { clearCilium } from "./clear-cilium.ts";
import { podFolder } from "./network.ts";
import type { Node } from "./network.ts";
import { PlainNetwork } from "./plain-network.ts";
import { RunningPod } from "./pod.ts";
import type { KeeperSpec, PodState } from "./spec.ts";

/** What a kubelet needs of the cluster. */
export interface Cluster {
  readonly core: CoreV1Api;
  readonly apps: AppsV1Api;
}

/** Runs the pods that are bound to one node. */
export class Kubelet {
  readonly spec: KeeperSpec;
  readonly node: Node;
  readonly core: CoreV1Api;
  readonly cilium: CiliumNetwork;
  readonly plain: PlainNetwork;
  readonly #apps: AppsV1Api;
  readonly #pods = new Map<string, RunningPod>();
  readonly #onChange: () => void;

  constructor(spec: KeeperSpec, node: Node, cluster: Cluster, onChange: () => void) {
    this.spec = spec;
    this.node = node;
    this.core = cluster.core;
    this.#apps = cluster.apps;
    this.cilium = new CiliumNetwork(node, spec.programs.ciliumCni);
    this.plain = new PlainNetwork(node);
    this.#onChange = onChange;
  }

  get pods(): PodState[] {
    return [...this.#pods.values()].map(({ state }) => state);
  }

  /** Takes a pod as the API server has it: starts, updates or stops it. */
  see(pod: V1Pod): void {
    const uid = pod.metadata?.uid ?? "";
    const known = this.#pods.get(uid);
    if (!known) {
      if (pod.metadata?.deletionTimestamp) {
        this.#quietly(this.forget(pod));
        return;
      }
      const started = new RunningPod(this, pod);
      this.#pods.set(uid, started);
      this.#quietly(started.start());
    } else {
      known.update(pod);
      if (pod.metadata?.deletionTimestamp) this.#quietly(this.#stop(known));
    }
    this.#onChange();
  }

  /** Takes that a pod is gone from the API server: by force, or because we let it go. */
  gone(pod: V1Pod): void {
    const known = this.#pods.get(pod.metadata?.uid ?? "");
    if (known) this.#quietly(this.#stop(known));
  }

  async writeStatus({ metadata }: V1Pod, status: V1PodStatus): Promise<void> {
    const { name = "", namespace = "" } = metadata ?? {};
    this.#onChange();
    await this.core
      .patchNamespacedPodStatus(
        { name, namespace, body: { metadata: { uid: metadata?.uid }, status } },
        // Not a strategic one, which would put a pod's next address beside the one that it had before.
        setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
      )
      .catch(unlessGone);
  }

  /** Lets a pod's object go, now that nothing of it runs. */
  async forget({ metadata }: V1Pod): Promise<void> {
    const { name = "", namespace = "", uid = "" } = metadata ?? {};
    this.#pods.delete(uid);
    this.#onChange();
    // In the body: where there is one, the API server does not read the query.
    const body = { gracePeriodSeconds: 0, preconditions: { uid } };
    await this.core.deleteNamespacedPod({ name, namespace, body }).catch(unlessGone);
  }

  /** What every container with a root of its own has: a name, a resolver, and no more of the machine's. */
  commonMounts(pod: V1Pod): Mount[] {
    const { dnsAddress, clusterDomain, outsideAddress } = this.spec;
    const policy = pod.spec?.dnsPolicy ?? "ClusterFirst";
    const isOutside = policy === "Default" || (policy === "ClusterFirst" && pod.spec?.hostNetwork === true);
    const search = ["svc", ""].map((part) => [part, clusterDomain].filter((text) => text !== "").join("."));
    const text = isOutside
      ? `nameserver ${outsideAddress}\n`
      : `nameserver ${dnsAddress}\nsearch ${pod.metadata?.namespace}.svc.${clusterDomain} ${search.join(" ")}\noptions ndots:5\n`;
    const folder = join(podFolder(pod.metadata?.uid ?? ""), "etc");
    mkdirSync(folder, { recursive: true });
    const [resolver, hosts] = [join(folder, "resolv.conf"), join(folder, "hosts")];
    writeFileSync(resolver, text);
    writeFileSync(hosts, "127.0.0.1 localhost\n::1 localhost\n");
    return [
      { source: resolver, target: "/etc/resolv.conf" },
      { source: hosts, target: "/etc/hosts" },
    ];
  }

  log(line: string): void {
    console.log(`${new Date().toISOString()} ${this.node.spec.name}: ${line}`);
  }

  async #stop(pod: RunningPod): Promise<void> {
    if (pod.isStopping) return;
    await this.#insist(() => pod.stop());
    if (!pod.isAgent) return;
    await this.#insist(async () => {
      if (!(await this.#hasCilium())) await this.#leaveCilium();
    });
  }

  /** Tries again what must not be left half done, for as long as an API server may be away. */
  async #insist(work: () => Promise<void>): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await work();
        return;
      } catch (error) {
        this.log(`${messageOf(error)}${tries < 10 ? "" : ": given up"}`);
        if (tries === 10) return;
        await sleep(500 * tries);
      }
    }
  }

  async #hasCilium(): Promise<boolean> {
    const asked = this.#apps.readNamespacedDaemonSet({ name: "cilium", namespace: "kube-system" });
    const found = await ifFound(asked);
    return found !== undefined && found.metadata?.deletionTimestamp === undefined;
  }

  /** What a restart of the node does after Cilium was uninstalled: nothing of it is left, and pods start anew. */
  async #leaveCilium(): Promise<void> {
    this.log("Cilium is uninstalled: its eBPF and devices are cleared, pods go back to the plain network");
    await clearCilium(this.node);
    rmSync(join(this.node.root, "etc/cni/net.d"), { recursive: true, force: true });
    await Promise.all([...this.#pods.values()].filter((pod) => pod.usesCilium).map((pod) => pod.join()));
  }

  #quietly(work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.log(messageOf(error));
    });
  }
}

function unlessGone(error: unknown): void {
  const { code } = error as { code?: number };
  if (code !== 404 && code !== 409) throw error;
}
