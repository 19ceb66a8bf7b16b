/**
 * Refuses to go on in another cluster than the stack's. Run by the engine (see cluster-guard.ts); prints
 * the cluster's UID, which the engine hands to the next update as the previous output.
 */
import { expectCluster, openCluster, runScript } from "./cluster-client.ts";

runScript(async () => {
  const cluster = await openCluster(process.env.CLUSTER_CONTEXT);
  const deployedTo = process.env.PULUMI_COMMAND_STDOUT ?? process.env.CLUSTER_UID ?? "";
  await expectCluster(cluster, deployedTo);
  process.stdout.write(deployedTo);
});
