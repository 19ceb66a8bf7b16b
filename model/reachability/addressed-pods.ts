import { addressNumber, type AddressSet } from "./addresses.ts";
import type { Units } from "./units.ts";

/** Pods whose addresses are known, found by these without looking at all of them. */
export class AddressedPods {
  readonly all: readonly number[];
  private readonly numbers = new Map<number, readonly bigint[]>();
  /** Every address with its pods, ascending. */
  private readonly sorted: readonly { readonly address: bigint; readonly unit: number }[];

  /** @param pods - those that are looked at */
  constructor(units: Units, pods: readonly number[]) {
    for (const unit of pods) {
      const it = units.all[unit];
      if (it?.kind !== "pods" || it.group.addresses === undefined) continue;
      this.numbers.set(
        unit,
        it.group.addresses.flatMap((text) => addressNumber(text) ?? []),
      );
    }
    this.all = [...this.numbers.keys()];
    this.sorted = [...this.numbers]
      .flatMap(([unit, its]) => its.map((address) => ({ address, unit })))
      .sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
  }

  has(unit: number): boolean {
    return this.numbers.has(unit);
  }

  numbersOf(unit: number): readonly bigint[] {
    return this.numbers.get(unit) ?? [];
  }

  /** Those that have an address in a set. */
  within(set: AddressSet): ReadonlySet<number> {
    const found = new Set<number>();
    for (let i = 0; i + 1 < set.length; i += 2) {
      const [from = 0n, to = 0n] = [set[i], set[i + 1]];
      for (let at = this.firstFrom(from); at < this.sorted.length; at++) {
        const one = this.sorted[at];
        if (one === undefined || one.address >= to) break;
        found.add(one.unit);
      }
    }
    return found;
  }

  private firstFrom(address: bigint): number {
    let [low, high] = [0, this.sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.sorted[middle]?.address ?? address) < address) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
