/**
 * Takes kube-proxy off the nodes, `off`, once Cilium serves on each of them, or puts it back, `on`, and waits
 * until it is ready there. Run by the engine (see kube-proxy.ts). Each is one write that may be repeated, so a
 * run that was killed converges.
 */
import type { V1DaemonSet, V1Pod } from "@kubernetes/client-node";
import { agents } from "../../model/agents.ts";
import { isTakenOff } from "../../model/kube-proxy.ts";
import { isReady } from "../../model/late-pods.ts";
import { waitForAgents } from "../agents.ts";
import { type ClusterEditor, expectCluster, openEditor } from "../cluster-editor.ts";
import { ClusterError } from "../cluster-error.ts";
import { runScript } from "../run-script.ts";
import { kubeProxy, podsInSystem, podsOf, putBack, write } from "./put-back.ts";

const seconds = Number(process.env.TIMEOUT_SECONDS ?? 600);

async function main(to: string | undefined): Promise<void> {
  if (to !== "off" && to !== "on") throw new Error(`Unknown state ${String(to)}: use off or on`);
  const cluster = await openEditor(process.env.CLUSTER_CONTEXT);
  await expectCluster(cluster, process.env.CLUSTER_UID);
  const found = await cluster.get<V1DaemonSet>(kubeProxy);
  // Whoever deleted it has taken it off, and there is nothing to put back.
  if (!found) return;
  if (to === "off") await takeOff(cluster, found, process.env.FORM ?? "");
  else {
    await putBack(cluster, seconds);
    console.error("kube-proxy is ready on every node");
  }
}

async function takeOff(cluster: ClusterEditor, found: V1DaemonSet, form: string): Promise<void> {
  if (!isTakenOff({ nodeSelector: found.spec?.template.spec?.nodeSelector ?? {} })) {
    await waitForAgents(cluster, "cilium", seconds);
    await expectAgents(cluster, found);
  }
  await write(cluster, { label: "true", annotation: form });
}

/** Agents may be kept off nodes by their chart values; kube-proxy must not leave those. */
async function expectAgents(cluster: ClusterEditor, found: V1DaemonSet): Promise<void> {
  const pods = await cluster.select<V1Pod>(podsInSystem, agents.cilium.selector);
  const served = new Set(pods.filter(isReady).map(({ spec }) => spec?.nodeName));
  const nodes = (await podsOf(cluster, found)).flatMap(({ spec }) => spec?.nodeName ?? []);
  const left = nodes.filter((node) => !served.has(node));
  if (left.length === 0) return;
  throw new ClusterError({
    path: "cilium.kubeProxy",
    message: `remove would leave Services to nobody on ${left.join(", ")}: kube-proxy runs there, and no agent of Cilium is ready`,
    remedy: "let the agent run there (affinity, nodeSelector, tolerations), or set cilium.kubeProxy: keep",
  });
}

runScript(() => main(process.argv[2]));
