import { setTimeout as sleep } from "node:timers/promises";
import { latePods } from "../model/late-pods.ts";
import { ClusterError } from "./cluster-error.ts";
import type { ClusterClient } from "./cluster-client.ts";
import { isRolledOut } from "./rolled-out.ts";

const namespace = "kube-system";
const daemonSet = "cilium";

/** Selects the pods of Cilium's agent. */
export const agentSelector = "k8s-app=cilium";

/**
 * Waits until Cilium's agent is rolled out and ready on every node. Helm calls a DaemonSet ready as soon as
 * no more than `maxUnavailable` pods are missing, which on two nodes is all of them.
 * @throws ClusterError with what the late ones say
 */
export async function waitForAgents(cluster: ClusterClient, seconds: number): Promise<void> {
  const isReady = async (): Promise<boolean> =>
    isRolledOut(await cluster.apps.readNamespacedDaemonSet({ namespace, name: daemonSet }));
  if (!(await cameTrue(isReady, seconds))) throw await complaint(cluster, seconds);
}

/** Asks again until it holds, or for too long. An API server may be away for a moment meanwhile; a refusal is final. */
export async function cameTrue(holds: () => Promise<boolean>, seconds: number): Promise<boolean> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await holds().catch(unlessFinal))) {
    if (Date.now() > deadline) return false;
    await sleep(500);
  }
  return true;
}

function unlessFinal(error: unknown): false {
  if ([401, 403, 404].includes((error as { code?: number }).code ?? 0)) throw error;
  return false;
}

async function complaint({ core }: ClusterClient, seconds: number): Promise<ClusterError> {
  const { items } = await core.listNamespacedPod({ namespace, labelSelector: agentSelector });
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
