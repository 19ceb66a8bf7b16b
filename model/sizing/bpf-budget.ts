import type { Problem } from "../problem.ts";
import { parseQuantity } from "../quantity.ts";
import { bpfMapBytes } from "./bpf-map-memory.ts";
import { nodeMaps, type NodeMaps } from "./bpf-map-table.ts";
import type { Shape, ShapePool } from "./shape.ts";
import { given, type Size } from "./size.ts";

const mib = 2 ** 20;
const share = 0.05;
const least = 128 * mib;

/** Memory that the maps of a node take, and may take. */
export interface BpfMemory {
  /** Under the load that the settings tell; what is allocated at the agent's start is most of it. */
  readonly bpfMemory: Size;
  /** With every entry of every map in use. */
  readonly bpfMemoryMost: Size;
  readonly bpfMemoryBudget: Size;
}

/** Memory of all eBPF maps of a node of a pool, in MiB rounded up. */
export function bpfMemory(
  shape: Shape,
  pool: Pick<ShapePool, "cores" | "memoryBytes">,
  maps: NodeMaps,
  wantedBudget?: string,
): BpfMemory {
  const parts = nodeMaps(shape, maps).map((map) => ({
    name: map.name,
    used: map.count * bpfMapBytes(map, map.filled, pool.cores),
    full: map.count * bpfMapBytes(map, map.entries, pool.cores),
  }));
  const total = (key: "used" | "full"): number => parts.reduce((sum, part) => sum + part[key], 0);
  const biggest = (key: "used" | "full"): string =>
    [...parts]
      .sort((a, b) => b[key] - a[key])
      .slice(0, 4)
      .map((part) => `${part.name} ${inMib(part[key])}`)
      .join(", ");
  const size = (key: "used" | "full", when: string): Size => ({
    value: inMib(total(key)),
    unit: "MiB",
    because: `${when}; the most takes ${biggest(key)}`,
    source: "Linux kernel/bpf htab_map_mem_usage; cilium pkg/datapath/maps",
  });
  return {
    bpfMemory: size("used", "the maps of a node under this load"),
    bpfMemoryMost: size("full", "every map full"),
    bpfMemoryBudget: budget(pool.memoryBytes, wantedBudget),
  };
}

function budget(memoryBytes: number, wanted: string | undefined): Size {
  const unit = "MiB";
  if (wanted !== undefined) {
    return given(Math.floor((parseQuantity(wanted) ?? 0) / mib), unit, "cilium.bpfMemoryBudget");
  }
  return {
    value: Math.floor(Math.max(least, memoryBytes * share) / mib),
    unit,
    because: `${share * 100} % of ${inMib(memoryBytes)} MiB, at least ${least / mib}`,
    source: "this program's own limit",
  };
}

/**
 * What is wrong when the maps of a node take more than they may.
 * @param where - the pool, for the message
 */
export function bpfBudgetProblems(
  { bpfMemory: { value, because }, bpfMemoryBudget }: BpfMemory,
  where: string,
): Problem[] {
  if (value <= bpfMemoryBudget.value) return [];
  return [
    {
      path: "cilium.bpfMemoryBudget",
      message: `The eBPF maps of ${where} take ${value} MiB, more than ${bpfMemoryBudget.value} MiB (${bpfMemoryBudget.because}; ${because})`,
      remedy: "lower the sizes of the largest maps, take larger nodes, or raise the budget",
    },
  ];
}

const inMib = (bytes: number): number => Math.ceil(bytes / mib);
