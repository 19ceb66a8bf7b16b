import type { Size } from "./size.ts";

/** Bytes of an entry of each map that the agent sizes by the node's memory. */
const bytesPerEntry = { ctTcp: 94, ctAny: 94, nat: 94, neighbour: 24, sockRevNat: 48 };
const defaults = { ctTcp: 524_288, ctAny: 262_144, nat: 524_288, neighbour: 524_288, sockRevNat: 262_144 };
const minimums = { ctTcp: 131_072, ctAny: 65_536, nat: 131_072, neighbour: 131_072, sockRevNat: 65_536 };
const maximum = 2 ** 24;
type MapName = keyof typeof defaults;

/** Bytes of all dynamically sized maps at their defaults; the agent scales against this. */
const totalBytes = (Object.keys(defaults) as MapName[]).reduce(
  (sum, map) => sum + defaults[map] * bytesPerEntry[map],
  0,
);

/** Share of the node's memory that the chart gives to these maps. */
const defaultMapRatio = 0.0025;

/**
 * Entries of the agent's connection tracking and NAT maps on a node.
 * @param memoryBytes - memory of the node
 * @param ratio - share of it for the maps (`bpf.mapDynamicSizeRatio`); default 0.0025
 */
export function bpfMapEntries(memoryBytes: number, ratio = defaultMapRatio): Record<MapName, number> {
  const budget = Math.floor(memoryBytes * ratio);
  const entries = (map: MapName): number =>
    Math.min(maximum, Math.max(minimums[map], Math.floor((defaults[map] * budget) / totalBytes)));
  return {
    ctTcp: entries("ctTcp"),
    ctAny: entries("ctAny"),
    nat: entries("nat"),
    neighbour: entries("neighbour"),
    sockRevNat: entries("sockRevNat"),
  };
}

/** The maps' sizes as the agent will choose them, each with its reason. */
export function bpfMapSizes(memoryBytes: number): Record<"bpfCtTcp" | "bpfCtAny" | "bpfNat", Size> {
  const entries = bpfMapEntries(memoryBytes);
  const gib = Number((memoryBytes / 2 ** 30).toFixed(2));
  const size = (map: MapName): Size => ({
    value: entries[map],
    unit: "entries",
    because:
      entries[map] === minimums[map]
        ? `the agent's minimum: ${gib} GiB × ${defaultMapRatio} asks for less`
        : `${defaults[map]} × ${gib} GiB × ${defaultMapRatio} / ${totalBytes} bytes of all maps`,
    source: "cilium pkg/option getDynamicSizeCalculator",
  });
  return { bpfCtTcp: size("ctTcp"), bpfCtAny: size("ctAny"), bpfNat: size("nat") };
}
