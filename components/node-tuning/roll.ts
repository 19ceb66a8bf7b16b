/**
 * Rolls the node tuning DaemonSet into `apply` or `restore` mode, or waits until every node is through.
 * Run by the engine (see node-tuning.ts): `restore` before the DaemonSet is deleted, so that no node
 * keeps a value of ours.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { V1DaemonSet, V1Pod } from "@kubernetes/client-node";
import { nodeTuningName } from "../../model/node-tuning.ts";
import { type ClusterEditor, expectCluster, openEditor } from "../cluster-editor.ts";
import { isRolledOut } from "../rolled-out.ts";
import { runScript } from "../run-script.ts";

const namespace = "kube-system";
const path = `/apis/apps/v1/namespaces/${namespace}/daemonsets/${nodeTuningName}`;
/** A node needs a pod start; ten minutes cover a large cluster at a quarter at a time. */
const rolledWithinMs = Number(process.env.ROLL_TIMEOUT_SECONDS ?? 600) * 1000;

async function main(mode: string | undefined): Promise<void> {
  if (mode !== "apply" && mode !== "restore" && mode !== "wait") {
    throw new Error(`Unknown mode ${String(mode)}: use apply, restore or wait`);
  }
  const cluster = await openEditor(process.env.CLUSTER_CONTEXT);
  await expectCluster(cluster, process.env.CLUSTER_UID);
  const found = await cluster.get<V1DaemonSet>(path);
  if (!found) return;
  if (mode !== "wait" && modeOf(found) !== mode) await setMode(cluster, found, mode);
  if (mode === "apply") return;
  try {
    await waitUntilRolled(cluster);
  } catch (error) {
    // The stack still claims these values: what was given back half-way is taken again.
    if (mode === "restore") await applyAgain(cluster);
    throw error;
  }
}

async function applyAgain(cluster: ClusterEditor): Promise<void> {
  await setMode(cluster, await read(cluster), "apply");
}

async function read(cluster: ClusterEditor): Promise<V1DaemonSet> {
  const found = await cluster.get<V1DaemonSet>(path);
  if (!found) throw new Error(`DaemonSet ${namespace}/${nodeTuningName} has gone meanwhile`);
  return found;
}

const initOf = (daemonSet: V1DaemonSet) => daemonSet.spec?.template.spec?.initContainers?.[0];
const modeOf = (daemonSet: V1DaemonSet): string | undefined => initOf(daemonSet)?.args?.[0];

async function setMode(cluster: ClusterEditor, daemonSet: V1DaemonSet, mode: string): Promise<void> {
  const init = initOf(daemonSet);
  if (!init?.args) throw new Error(`DaemonSet ${namespace}/${nodeTuningName} has no init container to roll`);
  init.args[0] = mode;
  await cluster.replace(path, daemonSet);
}

async function waitUntilRolled(cluster: ClusterEditor): Promise<void> {
  const deadline = Date.now() + rolledWithinMs;
  while (true) {
    if (isRolledOut(await read(cluster))) return;
    if (Date.now() < deadline) {
      await sleep(500);
      continue;
    }
    const selector = `app.kubernetes.io/name=${nodeTuningName}`;
    const pods = await cluster.select<V1Pod>(`/api/v1/namespaces/${namespace}/pods`, selector);
    const late = pods
      .filter(({ status: pod }) =>
        pod?.conditions?.every(({ type, status: is }) => type !== "Ready" || is !== "True"),
      )
      .map(({ spec }) => spec?.nodeName ?? "a pod without a node");
    throw new Error(
      `The sysctls have not reached every node after ${rolledWithinMs / 1000} s (waiting for ${late.join(", ") || "the roll-out"}): ` +
        `bring these nodes back or delete their Node objects, then run again`,
    );
  }
}

runScript(() => main(process.argv[2]));
