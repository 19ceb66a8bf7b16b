/**
 * Refuses to go on in another cluster than the stack's. Run by the engine (see cluster-guard.ts), twice in each
 * update; prints the cluster's UID, which the engine hands to the next update as the previous output.
 */
import { anotherCluster } from "./cluster-editor.ts";
import { type ListedObject, openReader } from "./cluster-reader.ts";
import { runScript } from "./run-script.ts";

runScript(async () => {
  const cluster = await openReader(process.env.CLUSTER_CONTEXT);
  const deployedTo = process.env.PULUMI_COMMAND_STDOUT ?? process.env.CLUSTER_UID ?? "";
  const system = await cluster.get<ListedObject>("/api/v1/namespaces/kube-system");
  if (system?.metadata?.uid !== deployedTo) throw anotherCluster(cluster.server);
  process.stdout.write(deployedTo);
});
