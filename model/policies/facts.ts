import ipaddr from "ipaddr.js";
import type { LiveCluster } from "../live.ts";
import type { Settings } from "../settings.ts";

/** What policies depend on besides the flows: addresses that policies write down, and who answers DNS. */
export interface PolicyFacts {
  /** The API server, as pods reach it behind its Service: a rule never sees the Service's own address. */
  readonly apiServer: { readonly addresses: readonly string[]; readonly ports: readonly number[] };
  /** Addresses at which NodeLocal DNSCache answers on each node; none where it does not run. */
  readonly nodeLocalDns: readonly string[];
  /** Addresses from which nodes send through tunnels of Calico's; absent: none are known. */
  readonly nodeTunnels?: readonly string[];
}

/** Where NodeLocal DNSCache answers, unless it was set up otherwise. */
const nodeLocalAddress = "169.254.20.10";
const defaultPort = 6443;

/** @param live - the cluster; without it only what the settings say is known */
export function policyFacts({ cluster }: Pick<Settings, "cluster">, live?: LiveCluster): PolicyFacts {
  const declared =
    cluster.apiServer === "auto"
      ? live && { address: live.apiServer.host, port: live.apiServer.port }
      : { address: cluster.apiServer.host, port: cluster.apiServer.port };
  const found = [...(live?.apiServerEndpoints ?? []), ...(declared ? [declared] : [])];
  // An address of the machine that runs this program is nobody's in a pod.
  const reached = found.filter(({ address }) => ipaddr.isValid(address) && !isLoopback(address));
  const ports = [...new Set(reached.map(({ port }) => port))].sort((a, b) => a - b);
  const isNodeLocal = live?.daemonSets.some(
    ({ namespace, name }) => namespace === "kube-system" && name === "node-local-dns",
  );
  return {
    apiServer: {
      addresses: [...new Set(reached.map(({ address }) => address))].sort(),
      ports: ports.length > 0 ? ports : [declared?.port ?? defaultPort],
    },
    nodeTunnels: (live?.nodes ?? []).flatMap(({ tunnels = [] }) => tunnels).sort(),
    nodeLocalDns: isNodeLocal ? [nodeLocalAddress, ...[...(live?.dnsAddresses ?? [])].sort()] : [],
  };
}

const isLoopback = (address: string): boolean => ipaddr.parse(address).range() === "loopback";
