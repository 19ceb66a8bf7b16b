import { parseQuantity } from "../quantity.ts";
import { compareVersions, versionOf } from "../version.ts";

/** A node as the settings describe it. */
export interface NodeFacts {
  readonly cores: number;
  /** With its unit, such as 64GiB. */
  readonly memory: string;
  /** Such as 5.15. */
  readonly kernel?: string | undefined;
}

/** Nodes of one kind. */
export interface NodePool extends NodeFacts {
  readonly name: string;
  readonly count: number;
}

/** How many nodes all pools have together. */
export function nodeCount(pools: readonly NodePool[]): number {
  return pools.reduce((sum, { count }) => sum + count, 0);
}

/**
 * The node that what holds for every node is sized by: the fewest cores, the least memory and the
 * oldest kernel of any pool, which need not be those of one and the same pool.
 */
export function smallestNode(pools: readonly [NodePool, ...NodePool[]]): NodeFacts {
  const least = pools.reduce((a, b) => (memoryBytes(b) < memoryBytes(a) ? b : a));
  const kernels = pools
    .flatMap(({ kernel }) => kernel ?? [])
    .sort((a, b) => compareVersions(versionOf(a), versionOf(b)));
  return {
    cores: Math.min(...pools.map(({ cores }) => cores)),
    memory: least.memory,
    ...(kernels[0] !== undefined && { kernel: kernels[0] }),
  };
}

/** Memory of a node in bytes; 0 where it cannot be read, which the settings' own pattern refuses. */
export function memoryBytes({ memory }: NodeFacts): number {
  return parseQuantity(memory) ?? 0;
}
