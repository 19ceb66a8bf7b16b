import type { V1DaemonSet, V1Pod } from "@kubernetes/client-node";
import { kubeProxyName, neededLabel, takenOffAnnotation } from "../../model/kube-proxy.ts";
import { isReady, latePods } from "../../model/late-pods.ts";
import { cameTrue } from "../agents.ts";
import type { ClusterEditor } from "../cluster-editor.ts";
import { ClusterError } from "../cluster-error.ts";

/** Paths of the API. */
export const kubeProxy = `/apis/apps/v1/namespaces/kube-system/daemonsets/${kubeProxyName}`;
export const podsInSystem = "/api/v1/namespaces/kube-system/pods";

/**
 * Puts kube-proxy back on the nodes and waits until it is ready there. It may be repeated.
 * @throws ClusterError with what the late ones say
 */
export async function putBack(cluster: ClusterEditor, seconds: number): Promise<void> {
  await write(cluster, { label: null, annotation: null });
  const isBack = async (): Promise<boolean> => {
    const found = await cluster.get<V1DaemonSet>(kubeProxy);
    if (!found) return true;
    const { metadata, status } = found;
    if (status?.observedGeneration !== metadata?.generation) return false;
    // Not by the status alone: it counts pods that are still on their way out.
    const ready = (await podsOf(cluster, found)).filter((pod) => isReady(pod) && !isLeaving(pod));
    return ready.length >= (status?.desiredNumberScheduled ?? 0);
  };
  if (!(await cameTrue(isBack, seconds))) throw await complaint(cluster, seconds);
}

async function complaint(cluster: ClusterEditor, seconds: number): Promise<ClusterError> {
  const found = await cluster.get<V1DaemonSet>(kubeProxy);
  const late = found ? latePods(await podsOf(cluster, found)) : [];
  return new ClusterError({
    path: "cilium.kubeProxy",
    message: `kube-proxy is not back on every node after ${seconds} s (${late.join("; ") || "pods are missing"}); Cilium stays, for nobody else would serve Services there`,
    remedy:
      "mend what it says, bring the nodes back or delete their Node objects, and run again (cilium.timeoutSeconds waits longer)",
  });
}

export function podsOf(cluster: ClusterEditor, { spec }: V1DaemonSet): Promise<readonly V1Pod[]> {
  const labels = Object.entries(spec?.selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  return cluster.select(podsInSystem, labels.join());
}

const isLeaving = ({ metadata }: V1Pod): boolean => metadata?.deletionTimestamp !== undefined;

/** Sets, or with null takes away, our key of the nodeSelector and the annotation, and leaves all else alone. */
export async function write(
  cluster: ClusterEditor,
  { label, annotation }: { readonly label: string | null; readonly annotation: string | null },
): Promise<void> {
  await cluster.merge(kubeProxy, {
    metadata: { annotations: { [takenOffAnnotation]: annotation } },
    spec: { template: { spec: { nodeSelector: { [neededLabel]: label } } } },
  });
}
