/**
 * Keeps the cluster's Corefile as it was found: `backup` before the first write, `restore` after the
 * last. Run by the engine (see core-dns.ts); prints the original Corefile, which thus is in the state, too.
 */
import type { V1ConfigMap } from "@kubernetes/client-node";
import { corefileBackupName, corefileHash, corefileHashAnnotation } from "../../model/adopted-corefile.ts";
import { type ClusterEditor, expectCluster, openEditor } from "../cluster-editor.ts";
import { runScript } from "../run-script.ts";

const namespace = "kube-system";
const configMaps = `/api/v1/namespaces/${namespace}/configmaps`;
const live = `${configMaps}/coredns`;
const backup = `${configMaps}/${corefileBackupName}`;

async function main(action: string | undefined): Promise<void> {
  const cluster = await openEditor(process.env.CLUSTER_CONTEXT);
  await expectCluster(cluster, process.env.CLUSTER_UID);
  if (action === "backup") await makeBackup(cluster);
  else if (action === "restore") await restore(cluster);
  else throw new Error(`Unknown action ${String(action)}: use backup or restore`);
}

/**
 * Copies the Corefile unless it is our own. One that somebody changed since our last write is what the
 * next write is laid over, so it becomes the one to return to: no edit is lost.
 */
async function makeBackup(cluster: ClusterEditor): Promise<void> {
  const kept = (await cluster.get<V1ConfigMap>(backup))?.data?.Corefile;
  const found = await cluster.get<V1ConfigMap>(live);
  const corefile = found?.data?.Corefile;
  if (!found || corefile === undefined) {
    throw new Error("ConfigMap kube-system/coredns has no Corefile: nothing to back up");
  }
  if (!isForeign(found, corefile)) {
    if (kept === undefined) {
      throw new Error(
        `The Corefile is one of ours, but its backup ${namespace}/${corefileBackupName} is gone: ` +
          `create that ConfigMap with the Corefile to return to, then run again`,
      );
    }
    process.stdout.write(kept);
    return;
  }
  const labels = JSON.parse(process.env.OBJECT_LABELS ?? "{}") as Record<string, string>;
  const body = { metadata: { namespace, name: corefileBackupName, labels }, data: { Corefile: corefile } };
  if (kept === undefined) await cluster.create(configMaps, body);
  else await cluster.replace(backup, body);
  process.stdout.write(corefile);
}

async function restore(cluster: ClusterEditor): Promise<void> {
  const kept = (await cluster.get<V1ConfigMap>(backup))?.data?.Corefile;
  const original = kept ?? process.env.PULUMI_COMMAND_STDOUT;
  if (!original)
    throw new Error(
      `No backup of the Corefile: neither ${namespace}/${corefileBackupName} nor the state has it`,
    );

  const found = await cluster.get<V1ConfigMap>(live);
  const corefile = found?.data?.Corefile;
  if (found && corefile !== undefined && corefile !== original && isForeign(found, corefile)) {
    console.error(
      `The Corefile was changed by someone else since the last deployment and stays as it is; ` +
        `the one from before is in ConfigMap ${namespace}/${corefileBackupName}`,
    );
    return;
  }
  await write(cluster, found, original);
  if (kept !== undefined) await cluster.remove(backup);
  console.error("The Corefile from before the first deployment is back");
}

function isForeign({ metadata }: V1ConfigMap, corefile: string): boolean {
  return metadata?.annotations?.[corefileHashAnnotation] !== corefileHash(corefile);
}

/** One write, on the version that was read: there is no moment without a Corefile. */
async function write(
  cluster: ClusterEditor,
  found: V1ConfigMap | undefined,
  corefile: string,
): Promise<void> {
  if (!found) {
    await cluster.create(configMaps, {
      metadata: { namespace, name: "coredns" },
      data: { Corefile: corefile },
    });
    return;
  }
  const annotations = Object.fromEntries(
    Object.entries(found.metadata?.annotations ?? {}).filter(
      ([key]) => key !== corefileHashAnnotation && !key.startsWith("pulumi.com/"),
    ),
  );
  const body = {
    ...found,
    metadata: { ...found.metadata, annotations },
    data: { ...found.data, Corefile: corefile },
  };
  await cluster.replace(live, body);
}

runScript(() => main(process.argv[2]));
