import { setTimeout as sleep } from "node:timers/promises";
import { agents, type DatapathName } from "../model/agents.ts";
import { latePods } from "../model/late-pods.ts";
import { complaintOf, isDone, type TigeraStatus } from "../model/operator-status.ts";
import { ClusterError } from "./cluster-error.ts";
import { type ClusterClient, ifFound } from "./cluster-client.ts";
import { isRolledOut } from "./rolled-out.ts";

/**
 * Waits until a datapath's agent is rolled out and ready on every node. Helm calls a DaemonSet ready as soon
 * as no more than `maxUnavailable` pods are missing, which on two nodes is all of them, and of Calico it sees
 * the operator alone, which makes everything else.
 * @throws ClusterError with what the late ones say
 */
export async function waitForAgents(
  cluster: ClusterClient,
  datapath: DatapathName,
  seconds: number,
): Promise<void> {
  const { namespace, daemonSet } = agents[datapath];
  const isReady = async (): Promise<boolean> =>
    (datapath === "cilium" || (await operatorIsDone(cluster))) &&
    isRolledOut(await cluster.apps.readNamespacedDaemonSet({ namespace, name: daemonSet }));
  if (!(await cameTrue(isReady, seconds))) throw await complaint(cluster, datapath, seconds);
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

const operatorApi = { group: "operator.tigera.io", version: "v1" };

/** What Calico's operator says of itself; undefined while it has said nothing. */
const operatorStatus = ({ custom }: ClusterClient): Promise<TigeraStatus | undefined> =>
  ifFound(
    custom.getClusterCustomObject({
      ...operatorApi,
      plural: "tigerastatuses",
      name: "calico",
    }) as Promise<TigeraStatus>,
  );

/** The DaemonSet of the Installation before would be ready at once. */
async function operatorIsDone(cluster: ClusterClient): Promise<boolean> {
  const status = await operatorStatus(cluster);
  if (!status) return false;
  const { metadata } = (await cluster.custom.getClusterCustomObject({
    ...operatorApi,
    plural: "installations",
    name: "default",
  })) as { metadata: { generation?: number } };
  return isDone(status, metadata.generation ?? 0);
}

async function complaint(
  cluster: ClusterClient,
  datapath: DatapathName,
  seconds: number,
): Promise<ClusterError> {
  const { namespace, selector } = agents[datapath];
  const { items } = await cluster.core.listNamespacedPod({ namespace, labelSelector: selector });
  const late = latePods(items);
  const operator = datapath === "calico" ? await saidByOperator(cluster) : undefined;
  const told = [...late, ...(operator === undefined ? [] : [operator])].join("; ");
  return new ClusterError({
    path: datapath,
    message: `The agent is not ready on every node after ${seconds} s (${told || "its roll-out is not observed yet"})`,
    remedy:
      "mend what it says or bring the nodes back, and run again: the release stays as it is " +
      `(${datapath}.timeoutSeconds waits longer)`,
  });
}

async function saidByOperator(cluster: ClusterClient): Promise<string | undefined> {
  const status = await operatorStatus(cluster);
  return status
    ? complaintOf(status)
    : "the operator has said nothing yet: kubectl -n tigera-operator logs deployment/tigera-operator";
}
