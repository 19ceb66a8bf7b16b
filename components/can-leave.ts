/** Makes sure that Calico can be uninstalled, before a destroy begins with it. Run by the engine (see calico.ts). */
import { letCalicoLeave } from "./calico-leave.ts";
import { expectCluster, openEditor } from "./cluster-editor.ts";
import { runScript } from "./run-script.ts";

runScript(async () => {
  const cluster = await openEditor(process.env.CLUSTER_CONTEXT);
  await expectCluster(cluster, process.env.CLUSTER_UID);
  await letCalicoLeave(cluster);
});
