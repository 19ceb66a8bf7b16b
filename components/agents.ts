import { setTimeout as sleep } from "node:timers/promises";
import type { V1DaemonSet, V1Pod } from "@kubernetes/client-node";
import { agents, type DatapathName } from "../model/agents.ts";
import { latePods } from "../model/late-pods.ts";
import { complaintOf, isDone, type TigeraStatus } from "../model/operator-status.ts";
import { ClusterError } from "./cluster-error.ts";
import type { ClusterEditor } from "./cluster-editor.ts";
import { isRolledOut } from "./rolled-out.ts";

/**
 * Waits until a datapath's agent is rolled out and ready on every node. Helm calls a DaemonSet ready as soon
 * as no more than `maxUnavailable` pods are missing, which on two nodes is all of them, and of Calico it sees
 * the operator alone, which makes everything else.
 * @throws ClusterError with what the late ones say
 */
export async function waitForAgents(
  cluster: ClusterEditor,
  datapath: DatapathName,
  seconds: number,
): Promise<void> {
  const isReady = async (): Promise<boolean> =>
    (datapath === "cilium" || (await operatorIsDone(cluster))) &&
    isRolledOut(await daemonSetOf(cluster, datapath));
  if (!(await cameTrue(isReady, seconds))) throw await complaint(cluster, datapath, seconds);
}

async function daemonSetOf(cluster: ClusterEditor, datapath: DatapathName): Promise<V1DaemonSet> {
  const { namespace, daemonSet } = agents[datapath];
  const found = await cluster.get<V1DaemonSet>(
    `/apis/apps/v1/namespaces/${namespace}/daemonsets/${daemonSet}`,
  );
  if (found) return found;
  const message = `There is no DaemonSet ${namespace}/${daemonSet}, which runs the agents`;
  const remedy = "run again: the release brings it back where somebody has deleted it";
  throw new ClusterError({ path: datapath, message, remedy }, 404);
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
  if (error instanceof ClusterError && [401, 403, 404].includes(error.status ?? 0)) throw error;
  return false;
}

const operatorApi = "/apis/operator.tigera.io/v1";

/** What Calico's operator says of itself; undefined while it has said nothing. */
const operatorStatus = (cluster: ClusterEditor): Promise<TigeraStatus | undefined> =>
  cluster.get(`${operatorApi}/tigerastatuses/calico`);

/** The DaemonSet of the Installation before would be ready at once. */
async function operatorIsDone(cluster: ClusterEditor): Promise<boolean> {
  const status = await operatorStatus(cluster);
  if (!status) return false;
  const installation = await cluster.get<{ metadata: { generation?: number } }>(
    `${operatorApi}/installations/default`,
  );
  return isDone(status, installation?.metadata.generation ?? 0);
}

async function complaint(
  cluster: ClusterEditor,
  datapath: DatapathName,
  seconds: number,
): Promise<ClusterError> {
  const { namespace, selector } = agents[datapath];
  const late = latePods(await cluster.select<V1Pod>(`/api/v1/namespaces/${namespace}/pods`, selector));
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

async function saidByOperator(cluster: ClusterEditor): Promise<string | undefined> {
  const status = await operatorStatus(cluster);
  return status
    ? complaintOf(status)
    : "the operator has said nothing yet: kubectl -n tigera-operator logs deployment/tigera-operator";
}
