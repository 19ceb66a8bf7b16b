/**
 * Takes kube-proxy off the nodes, `off`, once Cilium serves on each of them, or puts it back, `on`, and waits
 * until it is ready there. Run by the engine (see kube-proxy.ts). Each is one write that may be repeated, so a
 * run that was killed converges.
 */
import type { V1DaemonSet, V1Pod } from "@kubernetes/client-node";
import { agents } from "../../model/agents.ts";
import { isTakenOff, kubeProxyName, neededLabel, takenOffAnnotation } from "../../model/kube-proxy.ts";
import { isReady, latePods } from "../../model/late-pods.ts";
import { cameTrue, waitForAgents } from "../agents.ts";
import { type ClusterClient, expectCluster, ifFound, openCluster, runScript } from "../cluster-client.ts";
import { ClusterError } from "../cluster-error.ts";

const namespace = "kube-system";
const named = { namespace, name: kubeProxyName };
const seconds = Number(process.env.TIMEOUT_SECONDS ?? 600);

async function main(to: string | undefined): Promise<void> {
  if (to !== "off" && to !== "on") throw new Error(`Unknown state ${String(to)}: use off or on`);
  const cluster = await openCluster(process.env.CLUSTER_CONTEXT);
  await expectCluster(cluster, process.env.CLUSTER_UID);
  const found = await ifFound(cluster.apps.readNamespacedDaemonSet(named));
  // Whoever deleted it has taken it off, and there is nothing to put back.
  if (!found) return;
  if (to === "off") await takeOff(cluster, found, process.env.FORM ?? "");
  else await putBack(cluster);
}

async function takeOff(cluster: ClusterClient, found: V1DaemonSet, form: string): Promise<void> {
  if (!isTakenOff({ nodeSelector: found.spec?.template.spec?.nodeSelector ?? {} })) {
    await waitForAgents(cluster, "cilium", seconds);
    await expectAgents(cluster, found);
  }
  await write(cluster, { label: "true", annotation: form });
}

/** Agents may be kept off nodes by their chart values; kube-proxy must not leave those. */
async function expectAgents(cluster: ClusterClient, kubeProxy: V1DaemonSet): Promise<void> {
  const { items } = await cluster.core.listNamespacedPod({
    namespace,
    labelSelector: agents.cilium.selector,
  });
  const served = new Set(items.filter(isReady).map(({ spec }) => spec?.nodeName));
  const nodes = (await podsOf(cluster, kubeProxy)).flatMap(({ spec }) => spec?.nodeName ?? []);
  const left = nodes.filter((node) => !served.has(node));
  if (left.length === 0) return;
  throw new ClusterError({
    path: "cilium.kubeProxy",
    message: `remove would leave Services to nobody on ${left.join(", ")}: kube-proxy runs there, and no agent of Cilium is ready`,
    remedy: "let the agent run there (affinity, nodeSelector, tolerations), or set cilium.kubeProxy: keep",
  });
}

async function putBack(cluster: ClusterClient): Promise<void> {
  await write(cluster, { label: null, annotation: null });
  const isBack = async (): Promise<boolean> => {
    const found = await ifFound(cluster.apps.readNamespacedDaemonSet(named));
    if (!found) return true;
    const { metadata, status } = found;
    if (status?.observedGeneration !== metadata?.generation) return false;
    // Not by the status alone: it counts pods that are still on their way out.
    const ready = (await podsOf(cluster, found)).filter((pod) => isReady(pod) && !isLeaving(pod));
    return ready.length >= (status?.desiredNumberScheduled ?? 0);
  };
  if (!(await cameTrue(isBack, seconds))) throw await complaint(cluster);
  console.error("kube-proxy is ready on every node");
}

async function complaint(cluster: ClusterClient): Promise<ClusterError> {
  const pods = await podsOf(cluster, await cluster.apps.readNamespacedDaemonSet(named));
  const late = latePods(pods);
  return new ClusterError({
    path: "cilium.kubeProxy",
    message: `kube-proxy is not back on every node after ${seconds} s (${late.join("; ") || "pods are missing"}); Cilium stays, for nobody else would serve Services there`,
    remedy:
      "mend what it says, bring the nodes back or delete their Node objects, and run again (cilium.timeoutSeconds waits longer)",
  });
}

async function podsOf({ core }: ClusterClient, { spec }: V1DaemonSet): Promise<V1Pod[]> {
  const labels = Object.entries(spec?.selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  return (await core.listNamespacedPod({ namespace, labelSelector: labels.join() })).items;
}

const isLeaving = ({ metadata }: V1Pod): boolean => metadata?.deletionTimestamp !== undefined;

/** Sets, or with null takes away, our key of the nodeSelector and the annotation, and leaves all else alone. */
async function write(
  { apps }: ClusterClient,
  { label, annotation }: { readonly label: string | null; readonly annotation: string | null },
): Promise<void> {
  const { PatchStrategy, setHeaderOptions } = await import("@kubernetes/client-node");
  const body = {
    metadata: { annotations: { [takenOffAnnotation]: annotation } },
    spec: { template: { spec: { nodeSelector: { [neededLabel]: label } } } },
  };
  const options = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
  await ifFound(apps.patchNamespacedDaemonSet({ ...named, body, fieldManager: "cluster-network" }, options));
}

runScript(() => main(process.argv[2]));
