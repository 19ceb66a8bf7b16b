/** Indices of units, ascending, each once. Sets stay as small as what they hold: most selectors match few pods. */
export type UnitSet = Uint32Array;

export const noUnits: UnitSet = new Uint32Array(0);

/** A set of indices in any order, which may repeat. */
export function unitSet(indices: readonly number[]): UnitSet {
  if (indices.length === 0) return noUnits;
  return sortedOnce(Uint32Array.from(indices));
}

function sortedOnce(indices: Uint32Array): UnitSet {
  const sorted = indices.sort();
  let size = 0;
  for (const value of sorted) {
    if (size === 0 || sorted[size - 1] !== value) sorted[size++] = value;
  }
  return size === sorted.length ? sorted : sorted.slice(0, size);
}

export function hasUnit(set: UnitSet, unit: number): boolean {
  let [low, high] = [0, set.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((set[middle] ?? 0) < unit) low = middle + 1;
    else high = middle;
  }
  return set[low] === unit;
}

export function uniteUnits(sets: readonly UnitSet[]): UnitSet {
  const filled = sets.filter(({ length }) => length > 0);
  if (filled.length <= 1) return filled[0] ?? noUnits;
  const all = new Uint32Array(filled.reduce((sum, { length }) => sum + length, 0));
  let size = 0;
  for (const set of filled) {
    all.set(set, size);
    size += set.length;
  }
  return sortedOnce(all);
}

export function intersectUnits(a: UnitSet, b: UnitSet): UnitSet {
  if (a === b) return a;
  const [small, large] = a.length <= b.length ? [a, b] : [b, a];
  if (small.length <= 1) return small[0] !== undefined && hasUnit(large, small[0]) ? small : noUnits;
  const kept = small.filter((unit) => hasUnit(large, unit));
  return kept.length === small.length ? small : kept;
}

export function subtractUnits(a: UnitSet, b: UnitSet): UnitSet {
  if (a.length === 0 || b.length === 0) return a;
  if (a.length === 1 && a[0] !== undefined) return hasUnit(b, a[0]) ? noUnits : a;
  return a === b ? noUnits : a.filter((unit) => !hasUnit(b, unit));
}

/** Keeps one of equal sets, so that sets can be told apart by being the same object. */
export class UnitSets {
  private readonly byHash = new Map<number, UnitSet[]>();

  one(set: UnitSet): UnitSet {
    let hash = set.length;
    for (const unit of set) hash = (Math.imul(hash, 16_777_619) ^ unit) | 0;
    const alike = this.byHash.get(hash);
    if (alike === undefined) {
      this.byHash.set(hash, [set]);
      return set;
    }
    const same = alike.find((other) => isSame(other, set));
    if (same === undefined) alike.push(set);
    return same ?? set;
  }
}

const isSame = (a: UnitSet, b: UnitSet): boolean =>
  a === b || (a.length === b.length && a.every((unit, i) => unit === b[i]));
