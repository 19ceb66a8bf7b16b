import { calicoSizes } from "../calico/sizes.ts";
import { parseChartVersion } from "../cilium/chart-version.ts";
import { sizeKeys } from "../cilium/sizes.ts";
import type { Problem } from "../problem.ts";
import type { Settings } from "../settings.ts";
import { at } from "../tree.ts";
import { type ApiClientRates, apiClientRates } from "./api-client.ts";
import { bpfBudgetProblems, bpfMemory, type BpfMemory } from "./bpf-budget.ts";
import { bpfMapRatio } from "./bpf-map-ratio.ts";
import { bpfMapEntries, bpfMapSizes, type FixedMaps } from "./bpf-maps.ts";
import { type ChartSizes, chartSizes } from "./chart-sizes.ts";
import { chosen, ownOr } from "./chosen.ts";
import { conntrackBuckets, conntrackMax, conntrackMemory } from "./conntrack.ts";
import { ciliumEndpointSlices } from "./endpoint-slices.ts";
import { hubbleEventBuffer, hubbleEventQueue } from "./hubble.ts";
import { identityLimit, policyMapMax } from "./identities.ts";
import { lbMapMax, loadBalancerEntries } from "./load-balancer.ts";
import { type NeighbourThresholds, neighbourThresholds } from "./neighbours.ts";
import { type OperatorNodes, operatorReplicas } from "./operator.ts";
import { clusterShape, type Shape, type ShapePool } from "./shape.ts";
import type { Size } from "./size.ts";

/** What every node gets, whatever its datapath. */
interface NodeSizes extends NeighbourThresholds {
  readonly conntrackMax: Size;
  readonly conntrackBuckets: Size;
  readonly conntrackMemory: Size;
}

/** What Cilium is told, in the chart's values. */
export interface DatapathSizes extends ApiClientRates {
  readonly operatorReplicas: Size;
  readonly bpfMapRatio: Size;
  readonly lbMapMax: Size;
  readonly policyMapMax: Size;
  readonly hubbleEventBuffer: Size;
}

/** Every number of a cluster, and what is wrong with them. */
export interface NetworkSizes {
  readonly shape: Shape;
  readonly node: NodeSizes;
  /** Undefined where Cilium is not ours. */
  readonly datapath?: DatapathSizes | undefined;
  /** Those that the chart must be told, because it would choose others. */
  readonly told: ChartSizes;
  /** All by name; what differs from pool to pool stands a second time as `pool.name`. */
  readonly all: Readonly<Record<string, Size>>;
  readonly problems: readonly Problem[];
}

/**
 * Sizes a cluster's network. Pure: the same settings give the same numbers.
 * @param operatorNodes - live nodes that take an operator; default: all that are declared
 */
export function networkSizes(settings: Settings, operatorNodes?: OperatorNodes): NetworkSizes {
  const shape = clusterShape(settings.cluster);
  const node = nodeSizes(settings, shape);
  if (!settings.cilium.enabled) {
    const addresses = settings.calico.enabled ? calicoSizes(settings) : {};
    return { shape, node, told: {}, all: { ...shape.load, ...node, ...addresses }, problems: [] };
  }
  const datapath = datapathSizes(settings, shape, operatorNodes);
  const smallest = { name: "the smallest node", nodes: shape.nodes, ...pick(shape) };
  const pools = shape.pools.map((pool) => ({ pool, maps: poolMaps(settings, shape, datapath, pool) }));
  const isMixed = pools.length > 1;
  return {
    shape,
    node,
    datapath,
    told: chartSizes(datapath, minorOf(settings.cilium)),
    all: {
      ...shape.load,
      ...node,
      ...datapath,
      lbEntries: loadBalancerEntries(shape),
      identityLimit: identityLimit(maxClusters(settings)),
      ciliumEndpointSlices: ciliumEndpointSlices(shape),
      ...poolMaps(settings, shape, datapath, smallest),
      ...(isMixed && Object.fromEntries(pools.flatMap(({ pool, maps }) => prefixed(pool.name, maps)))),
    },
    problems: pools.flatMap(({ pool, maps }) =>
      bpfBudgetProblems(maps, isMixed ? `a node of pool ${pool.name}` : "a node"),
    ),
  };
}

function nodeSizes({ cluster, nodeTuning }: Settings, shape: Shape): NodeSizes {
  const max = conntrackMax({
    production: cluster.production,
    cores: shape.cores,
    connections: shape.load.connections.value,
    wanted: nodeTuning.conntrackMax,
  });
  const buckets = conntrackBuckets(max.value);
  return {
    conntrackMax: max,
    conntrackBuckets: buckets,
    conntrackMemory: conntrackMemory(max.value, buckets.value),
    ...neighbourThresholds(shape),
  };
}

function datapathSizes(
  { cluster, cilium }: Settings,
  shape: Shape,
  operatorNodes: OperatorNodes | undefined,
): DatapathSizes {
  const { production, nodes } = cluster;
  const sizes: DatapathSizes = {
    operatorReplicas: operatorReplicas({ production, nodes, operatorNodes, wanted: cilium.operatorReplicas }),
    bpfMapRatio: bpfMapRatio(shape),
    lbMapMax: lbMapMax(shape),
    policyMapMax: policyMapMax(shape),
    hubbleEventBuffer: hubbleEventBuffer(shape),
    ...apiClientRates(shape, minorOf(cilium)),
  };
  const names = Object.keys(sizes) as (keyof DatapathSizes)[];
  return Object.fromEntries(
    names.map((name) => [name, ownOr(sizes[name], cilium.values, chartKeys[name])]),
  ) as Record<keyof DatapathSizes, Size>;
}

/** Where the user's own chart values may hold a number. */
const chartKeys = { ...sizeKeys, operatorReplicas: "operator.replicas" };

/** What the agent of a node makes of it. */
type PoolSizes = Readonly<
  Record<keyof BpfMemory | "bpfCtTcp" | "bpfCtAny" | "bpfNat" | "hubbleEventQueue", Size>
>;

function poolMaps({ cilium }: Settings, shape: Shape, datapath: DatapathSizes, pool: ShapePool): PoolSizes {
  const { values, bpfMemoryBudget } = cilium;
  const fixed: FixedMaps = {
    ctTcpMax: chosen(values, chartKeys.ctTcpMax)?.value,
    ctAnyMax: chosen(values, chartKeys.ctAnyMax)?.value,
    natMax: chosen(values, chartKeys.natMax)?.value,
  };
  const ratio = datapath.bpfMapRatio.value;
  const maps = {
    minor: minorOf(cilium),
    entries: bpfMapEntries(pool.memoryBytes, ratio, fixed),
    lbMapMax: datapath.lbMapMax.value,
    policyMapMax: datapath.policyMapMax.value,
    families: families(values),
  };
  return {
    ...bpfMapSizes(pool.memoryBytes, ratio, fixed),
    ...bpfMemory(shape, pool, maps, bpfMemoryBudget),
    hubbleEventQueue: ownOr(hubbleEventQueue(pool), values, chartKeys.hubbleEventQueue),
  };
}

const pick = ({ cores, memoryBytes }: Shape) => ({ cores, memoryBytes });
const minorOf = ({ version }: Settings["cilium"]): number => parseChartVersion(version)?.minor ?? 0;

/** Address families of the datapath: the chart's own default is IPv4 alone. */
function families(values: Settings["cilium"]["values"]): (4 | 6)[] {
  return ([4, 6] as const).filter((family) => {
    const enabled = at(values, `ipv${family}`, "enabled");
    return enabled === undefined ? family === 4 : enabled === true || enabled === "true";
  });
}

/** Most clusters of the mesh; the user's own value wins. */
function maxClusters({ cilium: { values, clusterMesh } }: Settings): 255 | 511 {
  const own = chosen(values, "clustermesh.maxConnectedClusters")?.value;
  return (own ?? clusterMesh?.maxConnectedClusters) === 511 ? 511 : 255;
}

const prefixed = (pool: string, sizes: PoolSizes): [string, Size][] =>
  Object.entries(sizes).map(([name, size]) => [`${pool}.${name}`, size]);
