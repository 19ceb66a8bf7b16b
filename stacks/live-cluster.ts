import type { V1ConfigMap, V1DaemonSet, V1Deployment, V1Secret, V1Service } from "@kubernetes/client-node";
import { ClusterError } from "../components/cluster-error.ts";
import { type ClusterReader, type ListedObject, openReader } from "../components/cluster-reader.ts";
import { releaseContent } from "../components/release-content.ts";
import { corefileBackupName, corefileHashAnnotation } from "../model/adopted-corefile.ts";
import { kubeProxyName, type LiveKubeProxy } from "../model/kube-proxy.ts";
import {
  type LiveCertificates,
  type LiveCluster,
  type LiveCoreDns,
  type LiveDaemonSet,
  type LiveRelease,
  recordName,
} from "../model/live.ts";
import { chartsSecret, secretNames } from "../model/hubble-certificates/leaves.ts";
import { usesHubble } from "../model/hubble-certificates/plan.ts";
import { isPriorCni } from "../model/prior-cni.ts";
import { operatorNamespace } from "../model/calico/release.ts";
import type { Values } from "../model/cilium/merge-values.ts";
import { resolveFlows } from "../model/policies/flows.ts";
import { plannedServices } from "../model/services/planned.ts";
import type { Settings } from "../model/settings.ts";
import { readCalicoFor } from "./live-calico.ts";
import { readGatewayApi } from "./live-gateway-api.ts";
import { readPolicies } from "./live-network-policies.ts";
import { readPolicyFacts } from "./live-policies.ts";
import { readNodes } from "./live-nodes.ts";
import { readClusterPolicies } from "./live-cluster-policies.ts";
import { readServices } from "./live-services.ts";
import { liveObject } from "./live-object.ts";
import { readPods } from "./live-pods.ts";
import { readObservedServices, readPolicyObjects } from "./live-staging.ts";
import { liveCertificate } from "./live-certificate.ts";

const inSystem = "/api/v1/namespaces/kube-system";
const appsInSystem = "/apis/apps/v1/namespaces/kube-system";

/**
 * Reads what the program must know of the cluster before it plans anything.
 * @param stack - `<project>.<stack>`, the value of the stack label
 * @throws ClusterError when there is no kubeconfig, no such context, or no answer
 */
export async function readLiveCluster(settings: Settings, stack: string): Promise<LiveCluster> {
  const cluster = await openReader(settings.cluster.context);
  const { enabled } = settings.cilium;
  const note = cluster.get<V1ConfigMap>(`${inSystem}/configmaps/${recordName}`);
  const {
    system,
    version,
    service,
    namespaces,
    policies,
    policyFacts,
    services,
    loadBalancers,
    releases,
    record,
    ...found
  } = await together({
    system: cluster.get<ListedObject>(inSystem),
    version: cluster.get<{ gitVersion?: string }>("/version"),
    service: cluster.get<V1Service>("/api/v1/namespaces/default/services/kubernetes"),
    namespaces: cluster.list("/api/v1/namespaces"),
    policies: readPolicies(cluster, settings),
    policyObjects: needsPolicyObjects(settings) ? readPolicyObjects(cluster) : undefined,
    pods: readPods(
      cluster,
      settings.namespaces.map(({ name }) => name),
    ),
    observedServices: readObservedServices(cluster, settings),
    policyFacts: readPolicyFacts(cluster, settings),
    clusterPolicies: readClusterPolicies(cluster, settings),
    services: readServices(
      cluster,
      plannedServices(settings, resolveFlows(settings).flows).services,
      settings,
      stack,
    ),
    loadBalancers: enabled ? cluster.list("/api/v1/services?fieldSelector=spec.type%3DLoadBalancer") : [],
    releases: enabled || settings.calico.enabled ? readReleases(cluster, "kube-system", "cilium") : [],
    record: note,
    apiServer: readApiServer(cluster),
    nodes: readNodes(cluster),
    daemonSets: readDaemonSets(cluster),
    kubeProxy: readKubeProxy(cluster),
    coreDns: readCoreDns(cluster),
    certificates: usesHubble(settings.cilium) ? readCertificates(cluster) : undefined,
    calico: readCalicoFor(settings, () => readCalico(cluster), note),
    gatewayApi: readGatewayApi(cluster, settings.cilium),
  });
  if (!system?.metadata?.uid) throw notKubernetes(cluster.server);
  const deployed = { release: releases[0], deployedRelease: releases.find(isDeployed) };
  return {
    ...found,
    ...policyFacts,
    ...services,
    ...deployed,
    uid: system.metadata.uid,
    kubernetesVersion: version?.gitVersion,
    serviceAddresses: service?.spec?.clusterIPs,
    namespaces: namespaces.map(liveObject),
    ...policies,
    loadBalancers: loadBalancers.map(liveObject),
    record: record && {
      ...liveObject(record),
      chart: record.data?.chart,
      firstInstalled: record.data?.firstInstalled,
    },
  };
}

/** Of bundles, the last namespace, too, leaves in an order that a policy of the whole cluster decides. */
const needsPolicyObjects = ({ namespaces, policies }: Settings): boolean =>
  namespaces.length > 0 || policies.delivery === "bundles";

const isDeployed = ({ status }: LiveRelease): boolean => status === "deployed";

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

/** DaemonSets of all namespaces; on how many nodes one runs is asked only for what may be a CNI. */
async function readDaemonSets(cluster: ClusterReader): Promise<LiveDaemonSet[]> {
  const found = await cluster.list("/apis/apps/v1/daemonsets");
  return await Promise.all(
    found.map(async (one) => {
      const release = "meta.helm.sh/release-";
      const { [`${release}namespace`]: namespace, [`${release}name`]: name } =
        one.metadata?.annotations ?? {};
      const daemonSet: LiveDaemonSet = {
        ...liveObject(one),
        helmRelease: name === undefined ? undefined : `${namespace}/${name}`,
      };
      if (!isPriorCni(daemonSet)) return daemonSet;
      const path = `/apis/apps/v1/namespaces/${daemonSet.namespace}/daemonsets/${daemonSet.name}`;
      const { status } = (await cluster.get<V1DaemonSet>(path)) ?? {};
      return { ...daemonSet, nodes: status?.desiredNumberScheduled };
    }),
  );
}

async function readKubeProxy(cluster: ClusterReader): Promise<LiveKubeProxy | undefined> {
  const found = await cluster.get<V1DaemonSet>(`${appsInSystem}/daemonsets/${kubeProxyName}`);
  return (
    found && {
      uid: found.metadata?.uid ?? "",
      generation: found.metadata?.generation ?? 0,
      annotations: found.metadata?.annotations ?? {},
      nodeSelector: found.spec?.template.spec?.nodeSelector ?? {},
    }
  );
}

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
async function readReleases(cluster: ClusterReader, namespace: string, name: string): Promise<LiveRelease[]> {
  const selector = encodeURIComponent(`owner=helm,name=${name},status!=superseded`);
  const found = await cluster.get<{ items: V1Secret[] }>(
    `/api/v1/namespaces/${namespace}/secrets?labelSelector=${selector}`,
  );
  return (found?.items ?? [])
    .map(({ metadata, data }) => ({
      secret: metadata?.name ?? "",
      revision: Number(metadata?.labels?.version),
      status: metadata?.labels?.status ?? "unknown",
      content: releaseContent(data?.release),
    }))
    .sort((a, b) => b.revision - a.revision);
}

async function readCertificates(cluster: ClusterReader): Promise<LiveCertificates> {
  const found = await Promise.all(
    [...secretNames, chartsSecret].map((name) => cluster.get<V1Secret>(`${inSystem}/secrets/${name}`)),
  );
  return { readAt: Date.now(), found: found.flatMap((secret) => (secret ? [liveCertificate(secret)] : [])) };
}

async function readCalico(cluster: ClusterReader): Promise<LiveCluster["calico"]> {
  const api = "/apis/operator.tigera.io/v1";
  const [[release], installation, served] = await Promise.all([
    readReleases(cluster, operatorNamespace, "calico"),
    cluster.get<{ spec?: Values }>(`${api}/installations/default`),
    cluster.get<unknown>(api),
  ]);
  return {
    release,
    installation: installation && (installation.spec ?? {}),
    served: served !== undefined,
  };
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
