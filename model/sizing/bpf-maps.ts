import { given, type Size } from "./size.ts";

/**
 * Bytes of an entry (an IPv6 key and its value) of each map that the agent sizes by the node's memory.
 * The agent's own unit test and the table in Cilium's documentation take 48 for sockRevNat; what the
 * agent does is 32 + 20, which makes all maps 0.7 % smaller.
 */
export const elementBytes = { ctTcp: 94, ctAny: 94, nat: 94, neighbour: 24, sockRevNat: 52 };
const defaults = { ctTcp: 524_288, ctAny: 262_144, nat: 524_288, neighbour: 524_288, sockRevNat: 262_144 };
const minimums = { ctTcp: 131_072, ctAny: 65_536, nat: 131_072, neighbour: 131_072, sockRevNat: 65_536 };
const maximum = 2 ** 24;
type MapName = keyof typeof defaults;
/** Most entries of each map. */
export type MapEntries = Readonly<Record<MapName, number>>;

/** Share of the node's memory that the chart gives to these maps unless told otherwise. */
export const defaultMapRatio = 0.0025;

/** Sizes that are told to the agent (`bpf.ctTcpMax`, `bpf.ctAnyMax`, `bpf.natMax`), instead of its own. */
export interface FixedMaps {
  readonly ctTcpMax?: number | undefined;
  readonly ctAnyMax?: number | undefined;
  readonly natMax?: number | undefined;
}

/**
 * Entries of the agent's maps for connection tracking, NAT, neighbours and socket load balancing.
 * @param memoryBytes - memory of the node, as /proc/meminfo's MemTotal has it
 * @param ratio - share of it for the maps (`bpf.mapDynamicSizeRatio`). Default: 0.0025. Outside of (0, 1]
 * the agent takes its static defaults, which no chart asks for
 * @param bytes - bytes of an entry, where an agent has others. Default: {@link elementBytes}
 * @see https://github.com/cilium/cilium/blob/v1.20.2/pkg/option/config.go getDynamicSizeCalculator
 */
export function bpfMapEntries(
  memoryBytes: number,
  ratio = defaultMapRatio,
  { ctTcpMax, ctAnyMax, natMax }: FixedMaps = {},
  bytes = elementBytes,
): MapEntries {
  const share = Math.floor(memoryBytes * ratio);
  const dynamic = (map: MapName): number => {
    if (ratio <= 0 || ratio > 1) return defaults[map];
    const entries = Math.floor((defaults[map] * share) / totalBytes(bytes));
    return Math.min(maximum, Math.max(minimums[map], entries));
  };
  const ctTcp = ctTcpMax ?? dynamic("ctTcp");
  const ctAny = ctAnyMax ?? dynamic("ctAny");
  const tracked = ctTcp + ctAny;
  const byMemory = dynamic("nat");
  // More translations than connections are of no use; the agent cuts its own choice, and refuses a given one.
  const nat = natMax ?? (byMemory > tracked ? Math.floor((tracked * 2) / 3) : byMemory);
  return { ctTcp, ctAny, nat, neighbour: nat, sockRevNat: dynamic("sockRevNat") };
}

/** Bytes of all these maps at their defaults: what the agent scales against. */
function totalBytes(bytes = elementBytes): number {
  return (Object.keys(defaults) as MapName[]).reduce((sum, map) => sum + defaults[map] * bytes[map], 0);
}

/**
 * The share of a node's memory that a map needs for so many entries.
 * @returns 0 where the agent's minimum holds them already
 */
export function neededRatio(map: MapName, entries: number, memoryBytes: number): number {
  if (entries <= minimums[map]) return 0;
  return ((entries + 1) * totalBytes()) / defaults[map] / memoryBytes;
}

type SizeName = "bpfCtTcp" | "bpfCtAny" | "bpfNat";

/** The maps' sizes as the agent will choose them, each with its reason. */
export function bpfMapSizes(
  memoryBytes: number,
  ratio = defaultMapRatio,
  fixed: FixedMaps = {},
): Record<SizeName, Size> {
  const entries = bpfMapEntries(memoryBytes, ratio, fixed);
  const dynamic = bpfMapEntries(memoryBytes, ratio);
  const gib = Number((memoryBytes / 2 ** 30).toFixed(2));
  const because = (map: MapName): string => {
    if (entries[map] !== dynamic[map]) return `2/3 of the ${entries.ctTcp + entries.ctAny} flows tracked`;
    if (entries[map] === minimums[map]) return `the agent's minimum: ${gib} GiB × ${ratio} asks for less`;
    if (entries[map] === maximum) return `the agent's maximum: ${gib} GiB × ${ratio} asks for more`;
    return `${defaults[map]} × ${gib} GiB × ${ratio} / ${totalBytes()} bytes of all maps`;
  };
  const size = (map: "ctTcp" | "ctAny" | "nat"): Size =>
    fixed[`${map}Max`] === undefined
      ? { value: entries[map], unit: "entries", because: because(map), source }
      : given(entries[map], "entries", `cilium.values.bpf.${map}Max`);
  return { bpfCtTcp: size("ctTcp"), bpfCtAny: size("ctAny"), bpfNat: size("nat") };
}

const source = "cilium pkg/option getDynamicSizeCalculator";
