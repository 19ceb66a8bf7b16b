import { cidrAddresses } from "../addresses.ts";
import type { AllowedFlows, Party } from "../allowed.ts";
import { holds, type Intervals, unite, uniteAll } from "../intervals.ts";
import { portRange, type PortRange, type PortSet } from "../ports.ts";
import type { Entity } from "../units.ts";
import { unitSet, type UnitSet } from "../unit-set.ts";
import type { PodGroup } from "../world.ts";

/** One who connects or is connected to, by the same number in every list of flows that is compared. */
export type Member =
  | { readonly kind: "pods"; readonly group: PodGroup }
  | { readonly kind: "entity"; readonly entity: Entity }
  /** Addresses outside that no list cuts, from the first to before the second. */
  | { readonly kind: "addresses"; readonly from: bigint; readonly to: bigint }
  | { readonly kind: "name"; readonly name: string };

/** Flows by the numbers of members. */
export interface NumberedBlock {
  readonly from: UnitSet;
  readonly to: UnitSet;
  readonly ports: PortSet;
}

/** Lists of flows with the same numbers for the same members. */
export interface Numbered {
  readonly members: readonly Member[];
  readonly lists: readonly (readonly NumberedBlock[])[];
}

/**
 * Numbers all who are in some list: pods by their names first, then what is outside.
 * @param pods - all there are, those that nothing reaches, too
 */
export function numbered(lists: readonly AllowedFlows[], pods: readonly PodGroup[]): Numbered {
  const numbers = new Map<string, number>();
  const members: Member[] = [];
  const add = (key: string, member: Member): void => {
    if (!numbers.has(key)) numbers.set(key, members.push(member) - 1);
  };
  for (const group of pods) add(podKey(group), { kind: "pods", group });
  const byGroup = new Map<PodGroup, number>();
  const podNumber = (group: PodGroup): number => {
    const number = byGroup.get(group) ?? numbers.get(podKey(group)) ?? -1;
    byGroup.set(group, number);
    return number;
  };
  const parties = [...new Set(lists.flat().flatMap(({ from, to }) => [from, to]))];
  const rangesOf = rangesReader();
  for (const entity of new Set(parties.flatMap(({ entities }) => entities))) {
    add(`entity ${entity}`, { kind: "entity", entity });
  }
  const pieces = piecesOf(parties.map(rangesOf));
  for (const [from, to] of pieces) add(`address ${from}`, { kind: "addresses", from, to });
  for (const name of new Set(parties.flatMap(({ names }) => names)))
    add(`name ${name}`, { kind: "name", name });

  const known = new Map<Party, UnitSet>();
  const numberOf = (party: Party): UnitSet => {
    const found = known.get(party);
    if (found) return found;
    const ranges = rangesOf(party);
    const keys = [
      ...party.entities.map((entity) => `entity ${entity}`),
      ...piecesWithin(pieces, ranges).map(([from]) => `address ${from}`),
      ...party.names.map((name) => `name ${name}`),
    ];
    const outside = keys.flatMap((key) => numbers.get(key) ?? []);
    const set = unitSet([...party.pods.map(podNumber).filter((number) => number >= 0), ...outside]);
    known.set(party, set);
    return set;
  };
  return {
    members,
    lists: lists.map((list) =>
      list.map(({ from, to, ports }) => ({
        from: numberOf(from),
        to: numberOf(to),
        ports: portSetOf(ports),
      })),
    ),
  };
}

/** A pod is the same before and after by its name, whatever its labels have become. */
const podKey = ({ name }: PodGroup): string => `pods ${name}`;

/** Reads parties' ranges, of which many have the same, each text once. */
function rangesReader(): (party: Party) => Intervals<bigint> {
  const known = new Map<string, Intervals<bigint>>();
  return ({ addresses }) =>
    uniteAll(
      addresses.flatMap((cidr) => {
        const range = known.get(cidr) ?? cidrAddresses(cidr) ?? [];
        known.set(cidr, range);
        return pairsOf(range);
      }),
    );
}

/** All addresses of any party, cut wherever some party begins or ends. */
function piecesOf(all: readonly Intervals<bigint>[]): [bigint, bigint][] {
  const whole = uniteAll(all.flatMap(pairsOf));
  const cuts = [...new Set(all.flat())].sort((a, b) => (a < b ? -1 : 1));
  return cuts.flatMap((from, i): [bigint, bigint][] => {
    const to = cuts[i + 1];
    return to !== undefined && holds(whole, from) ? [[from, to]] : [];
  });
}

const piecesWithin = (pieces: readonly [bigint, bigint][], set: Intervals<bigint>): [bigint, bigint][] =>
  pairsOf(set).flatMap(([from, to]) => {
    const found: [bigint, bigint][] = [];
    for (let i = firstFrom(pieces, from); i < pieces.length; i++) {
      const piece = pieces[i];
      if (piece === undefined || piece[0] >= to) break;
      found.push(piece);
    }
    return found;
  });

/** The place of the first piece that begins at a value or after it. */
function firstFrom(pieces: readonly [bigint, bigint][], value: bigint): number {
  let [low, high] = [0, pieces.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pieces[middle]?.[0] ?? value) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

const pairsOf = (set: Intervals<bigint>): (readonly [bigint, bigint])[] =>
  set.flatMap((from, i) => {
    const to = set[i + 1];
    return i % 2 === 0 && to !== undefined ? [[from, to] as const] : [];
  });

const portSetOf = (ranges: readonly PortRange[]): PortSet =>
  ranges.reduce<PortSet>((sum, { protocol, from, to }) => unite(sum, portRange(protocol, from, to)), []);
