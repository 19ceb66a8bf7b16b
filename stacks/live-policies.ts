import type { V1EndpointSlice, V1Service } from "@kubernetes/client-node";
import type { ClusterReader } from "../components/cluster-reader.ts";
import type { LiveCluster, LiveObject } from "../model/live.ts";
import { isOnCilium } from "../model/policies/dialect.ts";
import type { Settings } from "../model/settings.ts";
import { liveObject } from "./live-object.ts";

type PolicyFacts = Pick<
  LiveCluster,
  "ciliumPolicies" | "ciliumClusterPolicies" | "apiServerEndpoints" | "dnsAddresses" | "dnsService"
>;

/** What the policies of a stack depend on in the cluster, as far as they do. */
export async function readPolicyFacts(cluster: ClusterReader, settings: Settings): Promise<PolicyFacts> {
  if (settings.namespaces.length === 0) return {};
  const [apiServerEndpoints, dns, cilium] = await Promise.all([
    namesApiServer(settings) ? readApiServerEndpoints(cluster) : undefined,
    readDns(cluster),
    isOnCilium(settings) ? readCiliumPolicies(cluster, settings) : {},
  ]);
  return { apiServerEndpoints, ...dns, ...cilium };
}

const namesApiServer = ({ namespaces }: Settings): boolean =>
  namespaces.some(({ flows }) => flows.some((flow) => JSON.stringify(flow).includes("api-server")));

/** Behind the Service: what a pod's packets are sent to in its place. */
async function readApiServerEndpoints(cluster: ClusterReader): Promise<PolicyFacts["apiServerEndpoints"]> {
  const selector = encodeURIComponent("kubernetes.io/service-name=kubernetes");
  const path = `/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=${selector}`;
  const found = await cluster.get<{ items: V1EndpointSlice[] | null }>(path);
  return (found?.items ?? []).flatMap(({ endpoints, ports }) =>
    (endpoints ?? []).flatMap(({ addresses }) =>
      addresses.flatMap((address) =>
        (ports ?? []).flatMap(({ port }) => (port === undefined ? [] : [{ address, port }])),
      ),
    ),
  );
}

async function readDns(cluster: ClusterReader): Promise<Pick<PolicyFacts, "dnsAddresses" | "dnsService">> {
  const found = await cluster.get<V1Service>("/api/v1/namespaces/kube-system/services/kube-dns");
  return {
    dnsAddresses: found?.spec?.clusterIPs?.filter((address) => address !== "None"),
    dnsService: found === undefined ? null : { selector: found.spec?.selector ?? {} },
  };
}

/** Cilium's policies, where the API knows such objects: before the first release it does not. */
async function readCiliumPolicies(
  cluster: ClusterReader,
  settings: Settings,
): Promise<Pick<PolicyFacts, "ciliumPolicies" | "ciliumClusterPolicies">> {
  const api = "/apis/cilium.io/v2";
  const served = await cluster.get<{ resources: { name: string }[] }>(api);
  const knows = (plural: string): boolean => served?.resources.some(({ name }) => name === plural) ?? false;
  const list = async (plural: string): Promise<LiveObject[] | undefined> =>
    knows(plural) ? (await cluster.list(`${api}/${plural}`)).map(liveObject) : undefined;
  const [policies, ciliumClusterPolicies] = await Promise.all([
    list("ciliumnetworkpolicies"),
    list("ciliumclusterwidenetworkpolicies"),
  ]);
  const declared = new Set(settings.namespaces.map(({ name }) => name));
  const ciliumPolicies = policies?.filter(({ namespace }) => declared.has(namespace ?? ""));
  return { ciliumPolicies, ciliumClusterPolicies };
}
