/**
 * Keeps the cluster's Corefile as it was found: `backup` before the first write, `restore` after the
 * last. Run by the engine (see core-dns.ts); prints the original Corefile, which thus is in the state, too.
 */
import type { V1ConfigMap } from "@kubernetes/client-node";
import { corefileBackupName, corefileHash, corefileHashAnnotation } from "../../model/adopted-corefile.ts";
import { type ClusterClient, expectCluster, ifFound, openCluster, runScript } from "../cluster-client.ts";

const namespace = "kube-system";
const live = { namespace, name: "coredns" };
const backup = { namespace, name: corefileBackupName };

async function main(action: string | undefined): Promise<void> {
  const cluster = await openCluster(process.env.CLUSTER_CONTEXT);
  await expectCluster(cluster, process.env.CLUSTER_UID);
  if (action === "backup") await makeBackup(cluster);
  else if (action === "restore") await restore(cluster);
  else throw new Error(`Unknown action ${String(action)}: use backup or restore`);
}

/**
 * Copies the Corefile unless it is our own. One that somebody changed since our last write is what the
 * next write is laid over, so it becomes the one to return to: no edit is lost.
 */
async function makeBackup({ core }: ClusterClient): Promise<void> {
  const kept = (await ifFound(core.readNamespacedConfigMap(backup)))?.data?.Corefile;
  const found = await core.readNamespacedConfigMap(live);
  const corefile = found.data?.Corefile;
  if (corefile === undefined) {
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
  const body = { metadata: { ...backup, labels }, data: { Corefile: corefile } };
  if (kept === undefined) await core.createNamespacedConfigMap({ namespace, body });
  else await core.replaceNamespacedConfigMap({ ...backup, body });
  process.stdout.write(corefile);
}

async function restore(cluster: ClusterClient): Promise<void> {
  const { core } = cluster;
  const kept = (await ifFound(core.readNamespacedConfigMap(backup)))?.data?.Corefile;
  const original = kept ?? process.env.PULUMI_COMMAND_STDOUT;
  if (!original)
    throw new Error(
      `No backup of the Corefile: neither ${namespace}/${corefileBackupName} nor the state has it`,
    );

  const found = await ifFound(core.readNamespacedConfigMap(live));
  const corefile = found?.data?.Corefile;
  if (found && corefile !== undefined && corefile !== original && isForeign(found, corefile)) {
    console.error(
      `The Corefile was changed by someone else since the last deployment and stays as it is; ` +
        `the one from before is in ConfigMap ${namespace}/${corefileBackupName}`,
    );
    return;
  }
  await write(cluster, found, original);
  if (kept !== undefined) await core.deleteNamespacedConfigMap(backup);
  console.error("The Corefile from before the first deployment is back");
}

function isForeign({ metadata }: V1ConfigMap, corefile: string): boolean {
  return metadata?.annotations?.[corefileHashAnnotation] !== corefileHash(corefile);
}

/** One write, on the version that was read: there is no moment without a Corefile. */
async function write(
  { core }: ClusterClient,
  found: V1ConfigMap | undefined,
  corefile: string,
): Promise<void> {
  if (!found) {
    await core.createNamespacedConfigMap({
      namespace,
      body: { metadata: live, data: { Corefile: corefile } },
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
  await core.replaceNamespacedConfigMap({ ...live, body });
}

runScript(() => main(process.argv[2]));
