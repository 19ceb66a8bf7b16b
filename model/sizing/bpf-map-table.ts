import type { BpfMap } from "./bpf-map-memory.ts";
import type { MapEntries } from "./bpf-maps.ts";
import { loadBalancerEntries } from "./load-balancer.ts";
import type { Shape } from "./shape.ts";

/** What the maps of a node follow from, besides the cluster's shape. */
export interface NodeMaps {
  /** Minor version of the chart, 20 for 1.20. */
  readonly minor: number;
  readonly entries: MapEntries;
  readonly lbMapMax: number;
  readonly policyMapMax: number;
  /** 4, 6 or both. */
  readonly families: readonly (4 | 6)[];
}

/** Peers that the policy of a pod names: under default-deny those of its flows, not the whole cluster. */
const peersOfPod = 100;

/** A map, or as many of a kind as there are pods on a node. */
export interface NamedMap extends BpfMap {
  readonly name: string;
  readonly count: number;
  /** Entries under the load that the settings tell. */
  readonly filled: number;
}

type Bytes = readonly [key: number, value: number];

/**
 * The maps of a node with kube-proxy replaced, as the agent declares them; those of options that are off
 * by default, and those of a few hundred entries, are left out.
 * @see https://github.com/cilium/cilium/blob/v1.20.2/pkg/datapath/maps/maps_generated.go
 */
export function nodeMaps(shape: Shape, node: NodeMaps): NamedMap[] {
  const { entries, lbMapMax, policyMapMax, minor } = node;
  const { nodes, podsPerNode, services, servicePorts, load } = shape;
  const [pods, endpoints, identities] = [load.pods.value, load.endpoints.value, load.identities.value];
  /** One map for each address family: the sizes of key and value differ. */
  const each = (
    name: string,
    kind: BpfMap["kind"],
    [four, six]: readonly [Bytes, Bytes],
    size: number,
    filled = 0,
  ): NamedMap[] =>
    node.families.map((family) => {
      const [keyBytes, valueBytes] = family === 4 ? four : six;
      return { name: `${name}${family}`, kind, keyBytes, valueBytes, entries: size, filled, count: 1 };
    });
  const one = (
    name: string,
    kind: BpfMap["kind"],
    [keyBytes, valueBytes]: Bytes,
    size: number,
    filled = 0,
  ): NamedMap => ({ name, kind, keyBytes, valueBytes, entries: size, filled, count: 1 });

  return [
    ...each(
      "ct-tcp",
      "lru",
      [
        [14, 56],
        [38, 56],
      ],
      entries.ctTcp,
    ),
    ...each(
      "ct-any",
      "lru",
      [
        [14, 56],
        [38, 56],
      ],
      entries.ctAny,
    ),
    ...each(
      "nat",
      "lru",
      [
        [14, 40],
        [38, 56],
      ],
      entries.nat,
    ),
    ...each(
      "neighbours",
      "lru",
      [
        [4, 8],
        [16, 8],
      ],
      entries.neighbour,
    ),
    ...each(
      "lb-reverse-socket",
      "lru",
      [
        [16, 8],
        [32, 20],
      ],
      entries.sockRevNat,
    ),
    ...each(
      "lb-affinity",
      "lru",
      [
        [16, 16],
        [24, 16],
      ],
      lbMapMax,
    ),
    ...each(
      "lb-services",
      "hash",
      [
        [12, 12],
        [24, 12],
      ],
      lbMapMax,
      loadBalancerEntries(shape).value,
    ),
    ...each(
      "lb-backends",
      "hash",
      [
        [4, 12],
        [4, 24],
      ],
      lbMapMax,
      endpoints * servicePorts,
    ),
    ...each(
      "lb-reverse-nat",
      "hash",
      [
        [2, 6],
        [2, 18],
      ],
      lbMapMax,
      services * servicePorts,
    ),
    ...each(
      "lb-source-ranges",
      "trie",
      [
        [12, 1],
        [24, 1],
      ],
      lbMapMax,
    ),
    ...each(
      "fragments",
      "lru",
      [
        [12, 4],
        [40, 4],
      ],
      8192,
    ),
    one("lb-affinity-match", "hash", [8, 1], lbMapMax),
    one("endpoints", "hash", [20, 48], 65_535, podsPerNode),
    one("nodes", "hash", [20, 4], 16_384, nodes),
    one("ipcache", "trie", [24, 24], 512_000, pods + nodes),
    { ...one("metrics", "hash", [8, 16], 1024, 1024), perCpu: true },
    { ...one("policy-calls", "programs", [4, 4], 65_536), count: 2 },
    // Counters moved out of the policies into a map of their own.
    ...(minor < 18 ? [] : [{ ...one("policy-statistics", "lru", [12, 16], 65_536), perCpu: true }]),
    // Mutual authentication is on by default up to here.
    ...(minor > 18 ? [] : [one("authentication", "hash", [12, 8], 524_288)]),
    ...(minor > 17 ? [] : [one("tunnels", "hash", [20, 20], 65_536, nodes)]),
    {
      ...one("policies", "trie", [12, minor < 18 ? 24 : 12], policyMapMax, Math.min(peersOfPod, identities)),
      count: podsPerNode,
    },
  ];
}
