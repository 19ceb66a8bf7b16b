import type { V1DaemonSet, V1Deployment, V1Node, V1NodeList } from "@kubernetes/client-node";
import { unlessRefused } from "./api.ts";
import type { Api } from "./api.ts";
import type { Manifest } from "./manifest.ts";
import { waitFor } from "./wait.ts";
import type { Bound } from "./wait.ts";

/**
 * Applies objects server-side. What only a young API server refuses (a namespace
 * that it has not made yet, a Service range that it has not opened) is tried again.
 */
export async function applyAll(
  api: Api,
  objects: readonly Manifest[],
  fieldManager: string,
  bound: Bound,
): Promise<void> {
  await Promise.all(objects.map((object) => send(object, bound, () => api.apply(object, fieldManager))));
}

/** Registers nodes, each with its status, as a kubelet does. */
export async function createNodes(api: Api, nodes: readonly Manifest[], bound: Bound): Promise<void> {
  await Promise.all(nodes.map((node) => send(node, bound, () => api.create(node, "kubelet"))));
}

async function send(object: Manifest, bound: Bound, request: () => Promise<void>): Promise<void> {
  const name = `${object.kind} ${object.metadata.name}`;
  await waitFor(`${name} to be accepted`, bound, async () => {
    await unlessRefused(name, request);
    return { value: undefined };
  });
}

/** Waits until the cluster's nodes are Ready, free of taints and have a pod range each. */
export async function waitForNodes(api: Api, count: number, bound: Bound): Promise<void> {
  await waitFor(`${count} nodes to be Ready`, bound, async () => {
    const { items } = await api.get<V1NodeList>("/api/v1/nodes");
    const lacking = items.flatMap((node) => lackOf(node) ?? []);
    if (items.length >= count && lacking.length === 0) return { value: undefined };
    const ready = items.length - lacking.length;
    return {
      seen: [`${ready} of ${Math.max(count, items.length)} Ready`, ...lacking.slice(0, 1)].join(", "),
    };
  });
}

/** What a node has yet to get before pods run on it. */
function lackOf({ metadata, spec, status }: V1Node): string | undefined {
  const name = metadata?.name ?? "";
  const ready = status?.conditions?.find(({ type }) => type === "Ready")?.status;
  if (ready !== "True") return `${name} is not (kwok makes it so)`;
  const taint = spec?.taints?.[0]?.key;
  if (taint !== undefined) return `${name} has the taint ${taint} (kube-controller-manager removes it)`;
  if (spec?.podCIDR === undefined) return `${name} has no pod range (kube-controller-manager gives it one)`;
  return undefined;
}

/** Waits until all of a Deployment's replicas are updated and available. */
export async function waitForDeployment(
  api: Api,
  namespace: string,
  name: string,
  bound: Bound,
): Promise<void> {
  await waitFor(`Deployment ${namespace}/${name} to be available`, bound, async () => {
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;
    const { metadata, spec, status } = await api.get<V1Deployment>(path);
    const wanted = spec?.replicas ?? 1;
    const [updated, available] = [status?.updatedReplicas ?? 0, status?.availableReplicas ?? 0];
    const observed = status?.observedGeneration === metadata?.generation;
    if (observed && updated === wanted && available === wanted) return { value: undefined };
    return { seen: `${available} of ${wanted} available, ${updated} updated` };
  });
}

/** Waits until a DaemonSet runs on at least `count` nodes and is ready on all of its own. */
export async function waitForDaemonSet(
  api: Api,
  namespace: string,
  name: string,
  count: number,
  bound: Bound,
): Promise<void> {
  await waitFor(`DaemonSet ${namespace}/${name} to be ready`, bound, async () => {
    const path = `/apis/apps/v1/namespaces/${namespace}/daemonsets/${name}`;
    const { metadata, status } = await api.get<V1DaemonSet>(path);
    const [wanted, ready] = [status?.desiredNumberScheduled ?? 0, status?.numberReady ?? 0];
    const observed = status?.observedGeneration === metadata?.generation;
    if (observed && wanted >= count && ready === wanted) return { value: undefined };
    return { seen: `${ready} of ${Math.max(wanted, count)} ready` };
  });
}
