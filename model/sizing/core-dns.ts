import type { Size } from "./size.ts";

/** Answers a second that one vCPU gives to names of the cluster, by CoreDNS' own measurements. */
const queriesPerVcpu = 16_800;
/** Load that leaves room for the loss of a replica. */
const utilisation = 0.5;
/** The cluster-proportional autoscaler's own rule: a replica for each 256 cores or 16 nodes. */
const coresPerReplica = 256;
const nodesPerReplica = 16;

/**
 * Replicas of CoreDNS that a cluster needs, each with one vCPU.
 * @param cluster - `cores` of all nodes together, `queriesPerSecond` of all pods together
 */
export function coreDnsReplicas(cluster: {
  readonly nodes: number;
  readonly cores: number;
  readonly queriesPerSecond: number;
}): Size {
  const { nodes, cores, queriesPerSecond } = cluster;
  const bySize = Math.max(Math.ceil(cores / coresPerReplica), Math.ceil(nodes / nodesPerReplica));
  const byLoad = Math.ceil(queriesPerSecond / (queriesPerVcpu * utilisation));
  return {
    value: Math.max(nodes > 1 ? 2 : 1, bySize, byLoad),
    unit: "replicas",
    because:
      byLoad > bySize
        ? `${queriesPerSecond} queries/s / (${queriesPerVcpu} a vCPU × ${utilisation})`
        : `max(${cores} cores / ${coresPerReplica}, ${nodes} nodes / ${nodesPerReplica}), at least two with more than one node`,
    source:
      "cluster-proportional-autoscaler of CoreDNS; CoreDNS' scaling guide for the queries a vCPU answers",
  };
}
