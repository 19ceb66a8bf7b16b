import { cidrAddresses } from "../addresses.ts";
import type { AllowedFlows, Party } from "../allowed.ts";
import { type Intervals, unite } from "../intervals.ts";
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
  const parties = lists.flat().flatMap(({ from, to }) => [from, to]);
  for (const entity of new Set(parties.flatMap(({ entities }) => entities))) {
    add(`entity ${entity}`, { kind: "entity", entity });
  }
  const pieces = piecesOf(parties);
  for (const [from, to] of pieces) add(`address ${from}`, { kind: "addresses", from, to });
  for (const name of new Set(parties.flatMap(({ names }) => names)))
    add(`name ${name}`, { kind: "name", name });

  const known = new Map<Party, UnitSet>();
  const numberOf = (party: Party): UnitSet => {
    const found = known.get(party);
    if (found) return found;
    const ranges = rangesOf(party);
    const keys = [
      ...party.pods.map(podKey),
      ...party.entities.map((entity) => `entity ${entity}`),
      ...piecesWithin(pieces, ranges).map(([from]) => `address ${from}`),
      ...party.names.map((name) => `name ${name}`),
    ];
    const set = unitSet(keys.flatMap((key) => numbers.get(key) ?? []));
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

const rangesOf = ({ addresses }: Party): Intervals<bigint> =>
  addresses.reduce<Intervals<bigint>>((sum, cidr) => unite(sum, cidrAddresses(cidr) ?? []), []);

/** All addresses of any party, cut wherever some party begins or ends. */
function piecesOf(parties: readonly Party[]): [bigint, bigint][] {
  const all = parties.map(rangesOf);
  const whole = all.reduce((sum, set) => unite(sum, set), []);
  const cuts = [...new Set(all.flat())].sort((a, b) => (a < b ? -1 : 1));
  return cuts.flatMap((from, i): [bigint, bigint][] => {
    const to = cuts[i + 1];
    return to !== undefined && isWithin(whole, from) ? [[from, to]] : [];
  });
}

const piecesWithin = (pieces: readonly [bigint, bigint][], set: Intervals<bigint>): [bigint, bigint][] =>
  set.length === 0 ? [] : pieces.filter(([from]) => isWithin(set, from));

const isWithin = (set: Intervals<bigint>, value: bigint): boolean =>
  set.findLastIndex((boundary) => boundary <= value) % 2 === 0;

const portSetOf = (ranges: readonly PortRange[]): PortSet =>
  ranges.reduce<PortSet>((sum, { protocol, from, to }) => unite(sum, portRange(protocol, from, to)), []);
