import assert from "node:assert/strict";
import {
  KubeConfig,
  type V1DaemonSet,
  type V1NetworkPolicy,
  Watch as ApiWatch,
} from "@kubernetes/client-node";
import { ifFound } from "../../components/cluster-client.ts";
import { releaseContent } from "../../components/release-content.ts";
import { isRolledOut } from "../../components/rolled-out.ts";
import { neededLabel } from "../../model/kube-proxy.ts";
import { parseCorefile } from "../../model/corefile/index.ts";
import type { Sandbox } from "./sandbox.ts";
import { type Watch, watch } from "./watch.ts";

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
export function watchCorefile({ client }: Sandbox): Watch {
  return watch(async () => {
    const found = await ifFound(
      client.core.readNamespacedConfigMap({ namespace: "kube-system", name: "coredns" }),
    );
    const corefile = found?.data?.Corefile;
    assert.ok(corefile, "the cluster is without a Corefile");
    assert.deepEqual(parseCorefile(corefile).problems, []);
  });
}

/**
 * Watches that no namespace isolates all of its pods while an allow that belongs to it is missing:
 * the DNS allowance isolates, too, so every workload's policy must be there before it.
 */
export function watchDenies({ client }: Sandbox, allows: readonly string[]): Watch {
  return watch(async () => {
    // One list is one moment: the API server answers it from one revision.
    const { items } = await client.networking.listNetworkPolicyForAllNamespaces();
    const nameOf = ({ metadata }: V1NetworkPolicy): string =>
      `${metadata?.namespace ?? ""}/${metadata?.name ?? ""}`;
    const there = new Set(items.map(nameOf));
    const isolating = items.filter(
      ({ spec }) => Object.keys(spec?.podSelector?.matchLabels ?? {}).length === 0,
    );
    for (const policy of isolating) {
      const namespace = policy.metadata?.namespace;
      const isDns = policy.metadata?.name === "allow-dns";
      const needed = allows.filter(
        (allow) => allow.startsWith(`${namespace}/`) && !(isDns && allow.endsWith("/allow-dns")),
      );
      const missing = needed.filter((allow) => !there.has(allow));
      assert.deepEqual(missing, [], `${nameOf(policy)} stands without its allows`);
    }
  });
}

/** Calls `look` with every state that a DaemonSet of kube-system goes through, none left out. */
export function followDaemonSet(
  { cluster }: Sandbox,
  name: string,
  look: (state: V1DaemonSet) => void,
): Watch {
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfig);
  const following = new ApiWatch(config).watch(
    "/apis/apps/v1/namespaces/kube-system/daemonsets",
    { fieldSelector: `metadata.name=${name}` },
    (_, state: V1DaemonSet) => look(state),
    () => undefined,
  );
  return {
    stop: async () => {
      (await following).abort();
    },
  };
}

/**
 * Watches that Services are served at every moment: kube-proxy leaves its nodes only when Cilium's agents are
 * ready on all of them, and the agents go only when kube-proxy is ready there again. stop() throws if ever not.
 * @param replaces - whether agents of this form serve in kube-proxy's place. Default: all do
 */
export function watchServices(
  { cluster }: Sandbox,
  nodes: number,
  replaces: (agents: V1DaemonSet) => boolean = () => true,
): Watch {
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfig);
  const wrong: string[] = [];
  let kubeProxy: V1DaemonSet | undefined;
  let agents: V1DaemonSet | undefined;
  const serves = (daemonSet: V1DaemonSet | undefined): boolean =>
    daemonSet !== undefined && isRolledOut(daemonSet) && daemonSet.status?.numberReady === nodes;
  const isOff = (daemonSet: V1DaemonSet | undefined): boolean =>
    neededLabel in (daemonSet?.spec?.template.spec?.nodeSelector ?? {});
  // One watch for both: its events come in the order in which things happened.
  const following = new ApiWatch(config).watch(
    "/apis/apps/v1/namespaces/kube-system/daemonsets",
    {},
    (phase, state: V1DaemonSet) => {
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
    },
    () => undefined,
  );
  return {
    stop: async () => {
      (await following).abort();
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
