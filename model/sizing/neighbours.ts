import type { Shape } from "./shape.ts";
import { powerOfTwo, type Size } from "./size.ts";

/** The kernel's own third threshold; the others are an eighth and half of it. */
export const kernelNeighbours = 1024;
const headroom = 2;

/** Thresholds of a node's neighbour table (`net.ipv4.neigh.default.gc_thresh1` to `3`). */
export interface NeighbourThresholds {
  readonly neighbours1: Size;
  readonly neighbours2: Size;
  readonly neighbours3: Size;
}

/**
 * How many neighbours a node may know before the kernel forgets some, and at most: every other node, and
 * its own pods. Over the third threshold new ones get "neighbour table overflow", and packets are lost.
 */
export function neighbourThresholds({ nodes, podsPerNode }: Shape): NeighbourThresholds {
  const most = Math.max(kernelNeighbours, powerOfTwo((nodes + podsPerNode) * headroom));
  const because =
    most === kernelNeighbours
      ? `the kernel's default holds ${headroom} × (${nodes} nodes + ${podsPerNode} pods)`
      : `${headroom} × (${nodes} nodes + ${podsPerNode} pods), as a power of two`;
  const size = (value: number, what: string): Size => ({
    value,
    unit: "neighbours",
    because: `${what}: ${because}`,
    source: "Linux net/core/neighbour.c, defaults 128, 512 and 1024",
  });
  return {
    neighbours1: size(most / 8, "an eighth, below which none is forgotten"),
    neighbours2: size(most / 2, "half, above which the kernel tidies after 5 s"),
    neighbours3: size(most, "the most"),
  };
}
