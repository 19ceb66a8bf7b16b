import type { V1ObjectMeta } from "@kubernetes/client-node";
import type { ClusterClient } from "../components/cluster-client.ts";
import { ClusterError, firstLine, ifFound, statusOf } from "../components/cluster-client.ts";
import { corefileBackupName, corefileHashAnnotation } from "../model/adopted-corefile.ts";
import {
  type LiveCluster,
  type LiveCoreDns,
  type LiveObject,
  type LiveRelease,
  recordName,
} from "../model/live.ts";
import type { Settings } from "../model/settings.ts";

/** How long the cluster may take to answer before it counts as unreachable. */
const answerWithinMs = 15_000;

/**
 * Reads what the program must know of the cluster before it plans anything.
 * @throws ClusterError when there is no answer, or no right to one
 */
export async function readLiveCluster(client: ClusterClient, settings: Settings): Promise<LiveCluster> {
  const timeout = rejectAfter(answerWithinMs);
  try {
    return await Promise.race([read(client, settings), timeout.promise]);
  } catch (error) {
    throw explain(error, client.server);
  } finally {
    timeout.cancel();
  }
}

async function read(client: ClusterClient, settings: Settings): Promise<LiveCluster> {
  const { core, apps, networking } = client;
  const declared = settings.namespaces.map(({ name }) => name);
  const [system, namespaces, daemonSets, policies, coreDns, apiServer, release, record] = await Promise.all([
    core.readNamespace({ name: "kube-system" }),
    core.listNamespace(),
    apps.listNamespacedDaemonSet({ namespace: "kube-system" }),
    Promise.all(declared.map((namespace) => networking.listNamespacedNetworkPolicy({ namespace }))),
    readCoreDns(client),
    readApiServer(client),
    readRelease(client),
    ifFound(core.readNamespacedConfigMap({ namespace: "kube-system", name: recordName })),
  ]);
  return {
    uid: system.metadata?.uid ?? "",
    apiServer,
    namespaces: namespaces.items.map(liveObject),
    networkPolicies: policies.flatMap(({ items }) => items.map(liveObject)),
    daemonSets: daemonSets.items.map(liveObject),
    coreDns,
    release,
    record: record && liveObject(record),
  };
}

async function readCoreDns({ core, apps }: ClusterClient): Promise<LiveCoreDns | undefined> {
  const namespace = "kube-system";
  const [configMap, backup, deployment] = await Promise.all([
    ifFound(core.readNamespacedConfigMap({ namespace, name: "coredns" })),
    ifFound(core.readNamespacedConfigMap({ namespace, name: corefileBackupName })),
    ifFound(apps.readNamespacedDeployment({ namespace, name: "coredns" })),
  ]);
  const corefile = configMap?.data?.Corefile;
  if (corefile === undefined) return undefined;
  const [container] = deployment?.spec?.template.spec?.containers ?? [];
  return {
    corefile,
    version: /:v?(\d+\.\d+\.\d+)/.exec(container?.image ?? "")?.[1],
    memoryLimit: container?.resources?.limits?.memory,
    writtenHash: configMap?.metadata?.annotations?.[corefileHashAnnotation],
    original: backup?.data?.Corefile,
  };
}

/** Helm keeps a Secret per revision, with its state as labels. */
async function readRelease({ core }: ClusterClient): Promise<LiveRelease | undefined> {
  const labelSelector = "owner=helm,name=cilium";
  const { items } = await core.listNamespacedSecret({ namespace: "kube-system", labelSelector });
  return items
    .map(({ metadata }) => ({
      secret: metadata?.name ?? "",
      revision: Number(metadata?.labels?.version),
      status: metadata?.labels?.status ?? "unknown",
    }))
    .sort((a, b) => b.revision - a.revision)[0];
}

/** kubeadm publishes the address that nodes join by; the kubeconfig's may be a tunnel on this machine. */
async function readApiServer({ core, server }: ClusterClient): Promise<LiveCluster["apiServer"]> {
  const info = await ifFound(
    core.readNamespacedConfigMap({ name: "cluster-info", namespace: "kube-public" }),
  );
  const published = /^\s*server:\s*(\S+)/m.exec(info?.data?.kubeconfig ?? "")?.[1];
  const url = new URL(published ?? server);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port || (url.protocol === "http:" ? 80 : 443)),
    from: published === undefined ? "the kubeconfig" : "kube-public/cluster-info",
  };
}

function liveObject({ metadata }: { metadata?: V1ObjectMeta }): LiveObject {
  return { namespace: metadata?.namespace, name: metadata?.name ?? "", labels: metadata?.labels ?? {} };
}

function explain(error: unknown, server: string): unknown {
  const status = statusOf(error);
  if (error instanceof ClusterError || (status === undefined && !(error instanceof Error))) return error;
  if (status === 401 || status === 403) {
    return new ClusterError({
      path: "KUBECONFIG",
      message: `${server} refuses this user (${status})`,
      remedy:
        "use a context whose user may read and write kube-system; `kubectl auth can-i --list` shows its rights",
    });
  }
  return new ClusterError({
    path: "KUBECONFIG",
    message: `The cluster at ${server} does not answer (${firstLine(error)})`,
    remedy:
      "check that it runs and that KUBECONFIG and cluster.context name the right one; nothing was changed",
  });
}

function rejectAfter(ms: number): { promise: Promise<never>; cancel: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms / 1000} s`)), ms);
  });
  return { promise, cancel: () => clearTimeout(timer) };
}
