import type { ClusterSettings } from "../settings.ts";
import { coreDnsReplicas } from "./core-dns.ts";
import { memoryBytes } from "./node-pools.ts";
import { assumed, given, type Size } from "./size.ts";

/** Pods that share their labels, and so their security identity. */
const podsPerIdentity = 10;
const connectionsPerPod = 500;
const dnsQueriesPerPod = 1;

/** One kind of node. */
export interface ShapePool {
  readonly name: string;
  readonly nodes: number;
  readonly cores: number;
  readonly memoryBytes: number;
}

/** What every size of a cluster follows from. */
export interface Shape {
  readonly nodes: number;
  /** Of the smallest node. */
  readonly cores: number;
  /** Of the smallest node. */
  readonly memoryBytes: number;
  readonly podsPerNode: number;
  readonly services: number;
  /** Ports of a Service, on average. */
  readonly servicePorts: number;
  /** The kinds of nodes, at least one. */
  readonly pools: readonly ShapePool[];
  readonly load: Readonly<Record<LoadName, Size>>;
}

type LoadName = "pods" | "endpoints" | "identities" | "connections" | "dnsQueries" | "coreDnsReplicas";

/** The shape of a cluster: what the settings say, and what follows from it where they are silent. */
export function clusterShape(cluster: ClusterSettings): Shape {
  const { nodes, node, podsPerNode, services, servicePorts } = cluster;
  const pools = cluster.nodePools ?? [{ name: "nodes", count: nodes, ...node }];
  const pods =
    cluster.pods === undefined
      ? derived(nodes * podsPerNode, "pods", `${nodes} nodes × ${podsPerNode} pods`)
      : given(cluster.pods, "pods", "cluster.pods");
  const orDerived = (key: "endpoints" | "identities", value: number, unit: string, because: string): Size =>
    cluster[key] === undefined ? derived(value, unit, because) : given(cluster[key], unit, `cluster.${key}`);
  const dnsQueries =
    cluster.dnsQueriesPerSecond === undefined
      ? derived(pods.value * dnsQueriesPerPod, "queries/s", `${dnsQueriesPerPod} a second for each pod`)
      : given(cluster.dnsQueriesPerSecond, "queries/s", "cluster.dnsQueriesPerSecond");
  const connections =
    cluster.connections === undefined
      ? derived(
          podsPerNode * connectionsPerPod,
          "connections",
          `${podsPerNode} pods of a node × ${connectionsPerPod}`,
        )
      : given(cluster.connections, "connections", "cluster.connections");
  const cores = pools.reduce((sum, pool) => sum + pool.cores * pool.count, 0);
  return {
    nodes,
    cores: node.cores,
    memoryBytes: memoryBytes(node),
    podsPerNode,
    services,
    servicePorts,
    pools: pools.map((pool) => ({
      name: pool.name,
      nodes: pool.count,
      cores: pool.cores,
      memoryBytes: memoryBytes(pool),
    })),
    load: {
      pods,
      endpoints: orDerived("endpoints", pods.value, "endpoints", "every pod stands behind one Service"),
      identities: orDerived(
        "identities",
        Math.ceil(pods.value / podsPerIdentity),
        "identities",
        `${podsPerIdentity} pods share their labels`,
      ),
      connections,
      dnsQueries,
      coreDnsReplicas: coreDnsReplicas({ nodes, cores, queriesPerSecond: dnsQueries.value }),
    },
  };
}

const derived = (value: number, unit: string, because: string): Size => ({
  value,
  unit,
  because,
  source: assumed,
});
