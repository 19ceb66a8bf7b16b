import assert from "node:assert/strict";
import type { V1ConfigMap, V1DaemonSet, V1NetworkPolicy } from "@kubernetes/client-node";
import { releaseContent } from "../../components/release-content.ts";
import { isRolledOut } from "../../components/rolled-out.ts";
import { neededLabel } from "../../model/kube-proxy.ts";
import { parseCorefile } from "../../model/corefile/index.ts";
import { follow, type Phase } from "./follow.ts";
import type { Sandbox } from "./sandbox.ts";
import type { Watch } from "./watch.ts";

const inSystem = "/api/v1/namespaces/kube-system";
const daemonSets = "/apis/apps/v1/namespaces/kube-system/daemonsets";

/** Data and annotations of the cluster's Corefile object: all that can be told apart by who reads it. */
export async function corefileObject({ client }: Sandbox) {
  const { data, metadata } = await client.core.readNamespacedConfigMap({
    namespace: "kube-system",
    name: "coredns",
  });
  return { data, annotations: metadata?.annotations ?? {}, labels: metadata?.labels ?? {} };
}

/** `namespace/name` of every NetworkPolicy in the cluster, sorted. */
export async function policyNames({ client }: Sandbox): Promise<string[]> {
  const { items } = await client.networking.listNetworkPolicyForAllNamespaces();
  return items.map(({ metadata }) => `${metadata?.namespace ?? ""}/${metadata?.name ?? ""}`).sort();
}

/** What Helm keeps of the newest revision of Cilium's release. */
export async function newestRelease({ client }: Sandbox) {
  const { items } = await client.core.listNamespacedSecret({
    namespace: "kube-system",
    labelSelector: "owner=helm,name=cilium",
  });
  const [newest] = items
    .map(({ metadata, data }) => ({
      revision: Number(metadata?.labels?.version),
      status: metadata?.labels?.status,
      data,
    }))
    .sort((a, b) => b.revision - a.revision);
  const content = releaseContent(newest?.data?.release);
  assert.ok(newest && content, "the release cannot be read");
  return { revision: newest.revision, status: newest.status, ...content };
}

/** Watches that the cluster always has a Corefile that loads; stop() throws if it ever had not. */
export function watchCorefile(sandbox: Sandbox): Watch {
  const look = (phase: Phase, found: unknown): void => {
    const corefile = phase === "DELETED" ? undefined : (found as V1ConfigMap).data?.Corefile;
    assert.ok(corefile, "the cluster is without a Corefile");
    assert.deepEqual(parseCorefile(corefile).problems, []);
  };
  return follow(sandbox, `${inSystem}/configmaps`, look, { fieldSelector: "metadata.name=coredns" });
}

/**
 * Watches that no namespace isolates all of its pods while an allow that belongs to it is missing:
 * the DNS allowance isolates, too, so every workload's policy must be there before it.
 */
export async function watchDenies(sandbox: Sandbox, allows: readonly string[]): Promise<Watch> {
  const nameOf = ({ metadata }: V1NetworkPolicy): string =>
    `${metadata?.namespace ?? ""}/${metadata?.name ?? ""}`;
  const { items, metadata } = await sandbox.client.networking.listNetworkPolicyForAllNamespaces();
  const there = new Map(items.map((policy) => [nameOf(policy), policy]));
  const look = (phase: Phase, state: unknown): void => {
    const changed = state as V1NetworkPolicy;
    if (phase === "DELETED") there.delete(nameOf(changed));
    else there.set(nameOf(changed), changed);
    for (const [name, policy] of there) {
      if (Object.keys(policy.spec?.podSelector?.matchLabels ?? {}).length > 0) continue;
      const isDns = policy.metadata?.name === "allow-dns";
      const needed = allows.filter(
        (allow) =>
          allow.startsWith(`${policy.metadata?.namespace}/`) && !(isDns && allow.endsWith("/allow-dns")),
      );
      const missing = needed.filter((allow) => !there.has(allow));
      assert.deepEqual(missing, [], `${name} stands without its allows`);
    }
  };
  const path = "/apis/networking.k8s.io/v1/networkpolicies";
  return follow(sandbox, path, look, { resourceVersion: metadata?.resourceVersion ?? "" });
}

/** Calls `look` with every state that a DaemonSet of kube-system goes through, none left out. */
export const followDaemonSet = (sandbox: Sandbox, name: string, look: (state: V1DaemonSet) => void): Watch =>
  follow(sandbox, daemonSets, (_, state) => look(state as V1DaemonSet), {
    fieldSelector: `metadata.name=${name}`,
  });

/**
 * Watches that Services are served at every moment: kube-proxy leaves its nodes only when Cilium's agents are
 * ready on all of them, and the agents go only when kube-proxy is ready there again. stop() throws if ever not.
 * @param replaces - whether agents of this form serve in kube-proxy's place. Default: all do
 */
export function watchServices(
  sandbox: Sandbox,
  nodes: number,
  replaces: (agents: V1DaemonSet) => boolean = () => true,
): Watch {
  const wrong: string[] = [];
  let kubeProxy: V1DaemonSet | undefined;
  let agents: V1DaemonSet | undefined;
  const serves = (daemonSet: V1DaemonSet | undefined): boolean =>
    daemonSet !== undefined && isRolledOut(daemonSet) && daemonSet.status?.numberReady === nodes;
  const isOff = (daemonSet: V1DaemonSet | undefined): boolean =>
    neededLabel in (daemonSet?.spec?.template.spec?.nodeSelector ?? {});
  // Both together: their events come in the order in which things happened.
  const following = follow(sandbox, daemonSets, (phase, found) => {
    const state = found as V1DaemonSet;
    const goes = phase === "DELETED" || state.metadata?.deletionTimestamp !== undefined;
    if (state.metadata?.name === "cilium") {
      if (goes && agents && (isOff(kubeProxy) || !serves(kubeProxy))) wrong.push("Cilium went too early");
      agents = goes ? undefined : state;
    }
    if (state.metadata?.name === "kube-proxy") {
      const isServed = agents !== undefined && serves(agents) && replaces(agents);
      if (isOff(state) && !isOff(kubeProxy) && !isServed) wrong.push("kube-proxy left too early");
      kubeProxy = state;
    }
  });
  return {
    stop: async () => {
      await following.stop();
      assert.ok(kubeProxy, "nothing was seen");
      assert.deepEqual(wrong, []);
    },
  };
}

/** kube-proxy's DaemonSet, but for what the API server itself counts up with each write. */
export async function kubeProxyObject({ client }: Sandbox) {
  const { metadata, spec } = await client.apps.readNamespacedDaemonSet({
    namespace: "kube-system",
    name: "kube-proxy",
  });
  const annotations = { ...metadata?.annotations };
  delete annotations["deprecated.daemonset.template.generation"];
  return plain({ labels: metadata?.labels, annotations, spec });
}

/** An object of the client library without its classes, to be compared. */
export function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
