/**
 * Makes Hubble's certificates, or keeps those that are still good. Run by the engine (see
 * hubble-certificates.ts), which hands it what it printed last; prints all of it again, private keys
 * included, in one piece at its end: what a failing script printed is shown to the user.
 */
import { parseIssued } from "../../model/hubble-certificates/issued.ts";
import { type Leaf, secretName } from "../../model/hubble-certificates/leaves.ts";
import { expectCluster, openEditor } from "../cluster-editor.ts";
import { runScript } from "../run-script.ts";
import { issue } from "./authority.ts";
import { secretData } from "./secret-data.ts";

const namespace = "kube-system";
const secrets = `/api/v1/namespaces/${namespace}/secrets`;

runScript(async () => {
  const leaves = JSON.parse(process.env.LEAVES ?? "") as readonly Leaf[];
  const before = parseIssued(process.env.PULUMI_COMMAND_STDOUT);
  const issued = await issue(leaves, before, Date.now());

  // A Secret that somebody deleted is still in the state, and the engine only changes what is there.
  if (before) {
    const cluster = await openEditor(process.env.CLUSTER_CONTEXT);
    await expectCluster(cluster, process.env.CLUSTER_UID);
    const labels = JSON.parse(process.env.OBJECT_LABELS ?? "{}") as Record<string, string>;
    for (const leaf of leaves) {
      const name = secretName(leaf.name);
      if (await cluster.get(`${secrets}/${name}`)) continue;
      const body = {
        metadata: { namespace, name, labels },
        type: "kubernetes.io/tls",
        data: secretData(issued, leaf),
      };
      await cluster.create(secrets, body);
    }
  }
  process.stdout.write(JSON.stringify(issued));
});
