/**
 * Waits until Cilium's agent is ready on every node, and tells what the ones that are late say. Run by the
 * engine after the release (see cilium.ts).
 */
import { waitForAgents } from "./agents.ts";
import { expectCluster, openCluster, runScript } from "./cluster-client.ts";

runScript(async () => {
  const cluster = await openCluster(process.env.CLUSTER_CONTEXT);
  await expectCluster(cluster, process.env.CLUSTER_UID);
  await waitForAgents(cluster, Number(process.env.TIMEOUT_SECONDS ?? 600));
});
