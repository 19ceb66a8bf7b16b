/**
 * A set of whole numbers as sorted boundaries: it holds [0]..[1]-1, [2]..[3]-1 and so on. The same set is
 * always the same list, so sets are compared by comparing lists.
 */
export type Intervals<T extends number | bigint> = readonly T[];

/** The numbers that are in both. */
export function intersect<T extends number | bigint>(a: Intervals<T>, b: Intervals<T>): Intervals<T> {
  if (a === b || b.length === 0) return b;
  return combine(a, b, (inA, inB) => inA && inB);
}

/** The numbers that are in either. */
export function unite<T extends number | bigint>(a: Intervals<T>, b: Intervals<T>): Intervals<T> {
  if (a === b || b.length === 0) return a;
  return a.length === 0 ? b : combine(a, b, (inA, inB) => inA || inB);
}

/** The numbers of any of these ranges, each from its first to before its second. */
export function uniteAll<T extends number | bigint>(ranges: readonly (readonly [T, T])[]): Intervals<T> {
  const result: T[] = [];
  for (const [from, to] of ranges.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) {
    const last = result.at(-1);
    if (from >= to) continue;
    if (last === undefined || from > last) result.push(from, to);
    else if (to > last) result[result.length - 1] = to;
  }
  return result;
}

/** The numbers of the first that are not in the second. */
export function subtract<T extends number | bigint>(a: Intervals<T>, b: Intervals<T>): Intervals<T> {
  if (a.length === 0 || b.length === 0) return a;
  return combine(a, b, (inA, inB) => inA && !inB);
}

/** Whether a number is in the set. */
export function holds<T extends number | bigint>(set: Intervals<T>, value: T): boolean {
  let [low, high] = [0, set.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const boundary = set[middle];
    if (boundary !== undefined && boundary <= value) low = middle + 1;
    else high = middle;
  }
  return low % 2 === 1;
}

/** Whether all of the second is in the first. */
export function covers<T extends number | bigint>(a: Intervals<T>, b: Intervals<T>): boolean {
  return a === b || subtract(b, a).length === 0;
}

/** One pass over the boundaries of both: a boundary is kept where the outcome changes. */
function combine<T extends number | bigint>(
  a: Intervals<T>,
  b: Intervals<T>,
  keep: (inA: boolean, inB: boolean) => boolean,
): Intervals<T> {
  const result: T[] = [];
  let [i, j, inside] = [0, 0, false];
  for (;;) {
    const nextA: T | undefined = a[i];
    const nextB: T | undefined = b[j];
    const isA = nextB === undefined || (nextA !== undefined && nextA <= nextB);
    const here: T | undefined = isA ? nextA : nextB;
    if (here === undefined) break;
    if (nextA === here) i++;
    if (nextB === here) j++;
    if (keep(i % 2 === 1, j % 2 === 1) !== inside) {
      result.push(here);
      inside = !inside;
    }
  }
  return result;
}
