import type { V1DaemonSet, V1Pod } from "@kubernetes/client-node";
import { kubeProxyName, neededLabel, takenOffAnnotation } from "../../model/kube-proxy.ts";
import { isReady, latePods } from "../../model/late-pods.ts";
import { cameTrue } from "../agents.ts";
import { type ClusterClient, ifFound } from "../cluster-client.ts";
import { ClusterError } from "../cluster-error.ts";

export const kubeProxy = { namespace: "kube-system", name: kubeProxyName };

/**
 * Puts kube-proxy back on the nodes and waits until it is ready there. It may be repeated.
 * @throws ClusterError with what the late ones say
 */
export async function putBack(cluster: ClusterClient, seconds: number): Promise<void> {
  await write(cluster, { label: null, annotation: null });
  const isBack = async (): Promise<boolean> => {
    const found = await ifFound(cluster.apps.readNamespacedDaemonSet(kubeProxy));
    if (!found) return true;
    const { metadata, status } = found;
    if (status?.observedGeneration !== metadata?.generation) return false;
    // Not by the status alone: it counts pods that are still on their way out.
    const ready = (await podsOf(cluster, found)).filter((pod) => isReady(pod) && !isLeaving(pod));
    return ready.length >= (status?.desiredNumberScheduled ?? 0);
  };
  if (!(await cameTrue(isBack, seconds))) throw await complaint(cluster, seconds);
}

async function complaint(cluster: ClusterClient, seconds: number): Promise<ClusterError> {
  const pods = await podsOf(cluster, await cluster.apps.readNamespacedDaemonSet(kubeProxy));
  const late = latePods(pods);
  return new ClusterError({
    path: "cilium.kubeProxy",
    message: `kube-proxy is not back on every node after ${seconds} s (${late.join("; ") || "pods are missing"}); Cilium stays, for nobody else would serve Services there`,
    remedy:
      "mend what it says, bring the nodes back or delete their Node objects, and run again (cilium.timeoutSeconds waits longer)",
  });
}

export async function podsOf({ core }: ClusterClient, { spec }: V1DaemonSet): Promise<V1Pod[]> {
  const labels = Object.entries(spec?.selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  return (await core.listNamespacedPod({ namespace: kubeProxy.namespace, labelSelector: labels.join() }))
    .items;
}

const isLeaving = ({ metadata }: V1Pod): boolean => metadata?.deletionTimestamp !== undefined;

/** Sets, or with null takes away, our key of the nodeSelector and the annotation, and leaves all else alone. */
export async function write(
  { apps }: ClusterClient,
  { label, annotation }: { readonly label: string | null; readonly annotation: string | null },
): Promise<void> {
  const { PatchStrategy, setHeaderOptions } = await import("@kubernetes/client-node");
  const body = {
    metadata: { annotations: { [takenOffAnnotation]: annotation } },
    spec: { template: { spec: { nodeSelector: { [neededLabel]: label } } } },
  };
  const options = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
  await ifFound(
    apps.patchNamespacedDaemonSet({ ...kubeProxy, body, fieldManager: "cluster-network" }, options),
  );
}
