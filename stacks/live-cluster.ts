import type { V1ConfigMap, V1Deployment, V1Secret } from "@kubernetes/client-node";
import { ClusterError } from "../components/cluster-error.ts";
import { type ClusterReader, type ListedObject, openReader } from "../components/cluster-reader.ts";
import { releaseContent } from "../components/release-content.ts";
import { corefileBackupName, corefileHashAnnotation } from "../model/adopted-corefile.ts";
import {
  type LiveCluster,
  type LiveCoreDns,
  type LiveObject,
  type LiveRelease,
  recordName,
} from "../model/live.ts";
import type { Settings } from "../model/settings.ts";
import { readGatewayApi } from "./live-gateway-api.ts";
import { readNodes } from "./live-nodes.ts";

const inSystem = "/api/v1/namespaces/kube-system";
const appsInSystem = "/apis/apps/v1/namespaces/kube-system";

/**
 * Reads what the program must know of the cluster before it plans anything.
 * @throws ClusterError when there is no kubeconfig, no such context, or no answer
 */
export async function readLiveCluster(settings: Settings): Promise<LiveCluster> {
  const cluster = await openReader(settings.cluster.context);
  const { system, version, namespaces, daemonSets, policies, releases, record, ...found } = await together({
    system: cluster.get<ListedObject>(inSystem),
    version: cluster.get<{ gitVersion?: string }>("/version"),
    namespaces: cluster.list("/api/v1/namespaces"),
    daemonSets: cluster.list(`${appsInSystem}/daemonsets`),
    policies: Promise.all(
      settings.namespaces.map(({ name }) =>
        cluster.list(`/apis/networking.k8s.io/v1/namespaces/${name}/networkpolicies`),
      ),
    ),
    releases: settings.cilium.enabled ? readReleases(cluster) : [],
    record: cluster.get<V1ConfigMap>(`${inSystem}/configmaps/${recordName}`),
    apiServer: readApiServer(cluster),
    nodes: readNodes(cluster),
    coreDns: readCoreDns(cluster),
    gatewayApi: readGatewayApi(cluster, settings.cilium),
  });
  if (!system?.metadata?.uid) throw notKubernetes(cluster.server);
  return {
    ...found,
    uid: system.metadata.uid,
    kubernetesVersion: version?.gitVersion,
    namespaces: namespaces.map(liveObject),
    networkPolicies: policies.flat().map(liveObject),
    daemonSets: daemonSets.map(liveObject),
    release: releases[0],
    deployedRelease: releases.find(({ status }) => status === "deployed"),
    record: record && { ...liveObject(record), firstInstalled: record.data?.firstInstalled },
  };
}

/** Waits for all that was asked at the same time. */
async function together<T extends Record<string, unknown>>(
  asked: T,
): Promise<{ [Key in keyof T]: Awaited<T[Key]> }> {
  const answers = await Promise.all(
    Object.entries(asked).map(async ([key, answer]) => [key, await answer] as const),
  );
  return Object.fromEntries(answers) as { [Key in keyof T]: Awaited<T[Key]> };
}

const notKubernetes = (server: string): ClusterError =>
  new ClusterError({
    path: "KUBECONFIG",
    message: `There is no namespace kube-system at ${server}`,
    remedy: "check the server's address in the kubeconfig, its path included",
  });

async function readCoreDns(cluster: ClusterReader): Promise<LiveCoreDns | undefined> {
  const [configMap, backup, deployment] = await Promise.all([
    cluster.get<V1ConfigMap>(`${inSystem}/configmaps/coredns`),
    cluster.get<V1ConfigMap>(`${inSystem}/configmaps/${corefileBackupName}`),
    cluster.get<V1Deployment>(`${appsInSystem}/deployments/coredns`),
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
    backupLabels: backup && (backup.metadata?.labels ?? {}),
  };
}

/**
 * The release's revisions, newest first, but for those that another one took the place of. Helm keeps a
 * Secret for each, with its state as labels and all that it was made from inside.
 */
async function readReleases(cluster: ClusterReader): Promise<LiveRelease[]> {
  const selector = encodeURIComponent("owner=helm,name=cilium,status!=superseded");
  const found = await cluster.get<{ items: V1Secret[] }>(`${inSystem}/secrets?labelSelector=${selector}`);
  return (found?.items ?? [])
    .map(({ metadata, data }) => ({
      secret: metadata?.name ?? "",
      revision: Number(metadata?.labels?.version),
      status: metadata?.labels?.status ?? "unknown",
      content: releaseContent(data?.release),
    }))
    .sort((a, b) => b.revision - a.revision);
}

/** kubeadm publishes the address that nodes join by; the kubeconfig's may be a tunnel on this machine. */
async function readApiServer(cluster: ClusterReader): Promise<LiveCluster["apiServer"]> {
  const info = await cluster.get<V1ConfigMap>("/api/v1/namespaces/kube-public/configmaps/cluster-info");
  const published = /^\s*server:\s*(\S+)/m.exec(info?.data?.kubeconfig ?? "")?.[1];
  const url = new URL(published ?? cluster.server);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port || (url.protocol === "http:" ? 80 : 443)),
    from: published === undefined ? "the kubeconfig" : "kube-public/cluster-info",
  };
}

function liveObject({ metadata }: ListedObject): LiveObject {
  return { namespace: metadata?.namespace, name: metadata?.name ?? "", labels: metadata?.labels ?? {} };
}
