/**
 * Rolls the node tuning DaemonSet into `apply` or `restore` mode, or waits until every node is through.
 * Run by the engine (see node-tuning.ts): `restore` before the DaemonSet is deleted, so that no node
 * keeps a value of ours.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { V1DaemonSet } from "@kubernetes/client-node";
import { nodeTuningName } from "../../model/node-tuning.ts";
import { type ClusterClient, expectCluster, ifFound, openCluster, runScript } from "../cluster-client.ts";
import { isRolledOut } from "../rolled-out.ts";

const namespace = "kube-system";
/** A node needs a pod start; ten minutes cover a large cluster at a quarter at a time. */
const rolledWithinMs = Number(process.env.ROLL_TIMEOUT_SECONDS ?? 600) * 1000;

async function main(mode: string | undefined): Promise<void> {
  if (mode !== "apply" && mode !== "restore" && mode !== "wait") {
    throw new Error(`Unknown mode ${String(mode)}: use apply, restore or wait`);
  }
  const cluster = await openCluster(process.env.CLUSTER_CONTEXT);
  await expectCluster(cluster, process.env.CLUSTER_UID);
  const found = await ifFound(cluster.apps.readNamespacedDaemonSet({ namespace, name: nodeTuningName }));
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

async function applyAgain(cluster: ClusterClient): Promise<void> {
  const now = await cluster.apps.readNamespacedDaemonSet({ namespace, name: nodeTuningName });
  await setMode(cluster, now, "apply");
}

const initOf = (daemonSet: V1DaemonSet) => daemonSet.spec?.template.spec?.initContainers?.[0];
const modeOf = (daemonSet: V1DaemonSet): string | undefined => initOf(daemonSet)?.args?.[0];

async function setMode({ apps }: ClusterClient, daemonSet: V1DaemonSet, mode: string): Promise<void> {
  const init = initOf(daemonSet);
  if (!init?.args) throw new Error(`DaemonSet ${namespace}/${nodeTuningName} has no init container to roll`);
  init.args[0] = mode;
  await apps.replaceNamespacedDaemonSet({ namespace, name: nodeTuningName, body: daemonSet });
}

async function waitUntilRolled({ apps, core }: ClusterClient): Promise<void> {
  const deadline = Date.now() + rolledWithinMs;
  while (true) {
    if (isRolledOut(await apps.readNamespacedDaemonSet({ namespace, name: nodeTuningName }))) return;
    if (Date.now() < deadline) {
      await sleep(500);
      continue;
    }
    const selector = `app.kubernetes.io/name=${nodeTuningName}`;
    const pods = await core.listNamespacedPod({ namespace, labelSelector: selector });
    const late = pods.items
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
