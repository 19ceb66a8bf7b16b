/**
 * Waits until Cilium's agent is rolled out and ready on every node, and tells what the ones that are
 * late say. Run by the engine after the release (see cilium.ts): Helm calls a DaemonSet ready as soon as
 * no more than `maxUnavailable` pods are missing, which on two nodes is all of them.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { latePods } from "../model/late-pods.ts";
import { isRolledOut } from "./rolled-out.ts";
import { ClusterError } from "./cluster-error.ts";
import { type ClusterClient, expectCluster, openCluster, runScript } from "./cluster-client.ts";

const namespace = "kube-system";
const daemonSet = "cilium";

runScript(async () => {
  const cluster = await openCluster(process.env.CLUSTER_CONTEXT);
  await expectCluster(cluster, process.env.CLUSTER_UID);
  const seconds = Number(process.env.TIMEOUT_SECONDS ?? 600);
  const deadline = Date.now() + seconds * 1000;
  const look = async (): Promise<boolean> =>
    isRolledOut(await cluster.apps.readNamespacedDaemonSet({ namespace, name: daemonSet }));
  while (!(await look().catch(unlessFinal))) {
    if (Date.now() > deadline) throw await complaint(cluster, seconds);
    await sleep(500);
  }
});

/** An API server may be away for a moment while a datapath is exchanged; a refusal stays one. */
function unlessFinal(error: unknown): false {
  if ([401, 403, 404].includes((error as { code?: number }).code ?? 0)) throw error;
  return false;
}

async function complaint({ core }: ClusterClient, seconds: number): Promise<ClusterError> {
  const { items } = await core.listNamespacedPod({ namespace, labelSelector: "k8s-app=cilium" });
  const late = latePods(items);
  const told = late.length > 0 ? late.join("; ") : "its roll-out is not observed yet";
  return new ClusterError({
    path: "cilium",
    message: `The agent is not ready on every node after ${seconds} s (${told})`,
    remedy:
      "mend what it says or bring the nodes back, and run again: the release stays as it is " +
      "(cilium.timeoutSeconds waits longer)",
  });
}
