/**
 * Waits until a datapath's agent is ready on every node, and tells what the ones that are late say. Run by the
 * engine after the release (see datapath-release.ts).
 */
import { waitForAgents } from "./agents.ts";
import { expectCluster, openEditor } from "./cluster-editor.ts";
import { runScript } from "./run-script.ts";

runScript(async () => {
  const cluster = await openEditor(process.env.CLUSTER_CONTEXT);
  await expectCluster(cluster, process.env.CLUSTER_UID);
  const datapath = process.env.DATAPATH === "calico" ? "calico" : "cilium";
  await waitForAgents(cluster, datapath, Number(process.env.TIMEOUT_SECONDS ?? 600));
});
