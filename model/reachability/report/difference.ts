import type { AllowedFlows } from "../allowed.ts";
import { groupBy } from "../group-by.ts";
import type { PortSet } from "../ports.ts";
import { type Term, without } from "../terms.ts";
import { intersectUnits, subtractUnits, uniteUnits, unitSet, type UnitSet } from "../unit-set.ts";
import type { PodGroup } from "../world.ts";
import { type Member, numbered, type NumberedBlock } from "./parties.ts";

/** All of the one reach all of the other by these ports. */
export interface MemberBlock {
  readonly from: readonly Member[];
  readonly to: readonly Member[];
  readonly ports: PortSet;
}

/** What surely passes, and what may pass: for some requests only, or perhaps. */
export interface Bounds {
  readonly least: AllowedFlows;
  readonly most: AllowedFlows;
}

/** What passes after, and did not before, and the other way round. */
export interface Difference {
  readonly opens: readonly MemberBlock[];
  readonly closes: readonly MemberBlock[];
  /** What passes for more requests than before, or may pass now. */
  readonly perhapsOpens: readonly MemberBlock[];
  readonly perhapsCloses: readonly MemberBlock[];
  /** Pairs of workloads that reach each other as they did. */
  readonly unchangedPairs: number;
}

/**
 * Compares what passes before and after.
 * @param pods - all of both sides; who is on one side alone reached nobody on the other
 */
export function difference(before: Bounds, after: Bounds, pods: readonly PodGroup[]): Difference {
  const { members, rows } = rowsOf([before.least, before.most, after.least, after.most], pods);
  const found = { opens: [], closes: [], perhapsOpens: [], perhapsCloses: [] } as Record<
    "opens" | "closes" | "perhapsOpens" | "perhapsCloses",
    NumberedBlock[]
  >;
  const isPods = (unit: number): boolean => members[unit]?.kind === "pods";
  let unchangedPairs = 0;
  for (const { sources, terms } of rows) {
    const [wasSure = [], was = [], isSure = [], is = []] = terms;
    const changes = {
      ...changed("opens", "perhapsOpens", { sure: wasSure, may: was }, { sure: isSure, may: is }),
      ...changed("closes", "perhapsCloses", { sure: isSure, may: is }, { sure: wasSure, may: was }),
    };
    const from = unitSet(sources);
    for (const [key, its] of Object.entries(changes)) {
      found[key as keyof typeof found].push(...its.map(({ peers, ports }) => ({ from, to: peers, ports })));
    }
    const same = subtractUnits(intersectUnits(allOf(was), allOf(is)), allOf(Object.values(changes).flat()));
    unchangedPairs += sources.filter(isPods).length * same.filter(isPods).length;
  }
  return {
    opens: shown(found.opens, members),
    closes: shown(found.closes, members),
    perhapsOpens: shown(found.perhapsOpens, members),
    perhapsCloses: shown(found.perhapsCloses, members),
    unchangedPairs,
  };
}

/** What may pass, and does not surely. */
export function uncertainFlows({ least, most }: Bounds, pods: readonly PodGroup[]): readonly MemberBlock[] {
  const { members, rows } = rowsOf([least, most], pods);
  const blocks = rows.flatMap(({ sources, terms: [sure = [], may = []] }) =>
    without(may, sure).map(({ peers, ports }) => ({ from: unitSet(sources), to: peers, ports })),
  );
  return shown(blocks, members);
}

interface Reach {
  readonly sure: readonly Term[];
  readonly may: readonly Term[];
}

/** What one side has more than the other: for certain, and in part or perhaps. */
function changed<Sure extends string, Perhaps extends string>(
  sure: Sure,
  perhaps: Perhaps,
  less: Reach,
  more: Reach,
): Record<Sure | Perhaps, Term[]> {
  const certain = without(more.sure, less.may);
  const inPart = [...without(more.sure, less.sure), ...without(without(more.may, less.may), more.sure)];
  return { [sure]: certain, [perhaps]: without(inPart, certain) } as Record<Sure | Perhaps, Term[]>;
}

const allOf = (terms: readonly Term[]): UnitSet => uniteUnits(terms.map(({ peers }) => peers));

interface Row {
  readonly sources: number[];
  /** Whom they reach, by list. */
  readonly terms: readonly Term[][];
}

/** Sources that are in the same blocks of every list, with what they reach in each. */
function rowsOf(
  flows: readonly AllowedFlows[],
  pods: readonly PodGroup[],
): { members: readonly Member[]; rows: Row[] } {
  const { members, lists } = numbered(flows, pods);
  const blocks = lists.flatMap((list, side) => list.map((block) => ({ ...block, side })));
  const signatures = new Map<number, number[]>();
  blocks.forEach(({ from }, i) => {
    for (const source of from) {
      const known = signatures.get(source);
      if (known) known.push(i);
      else signatures.set(source, [i]);
    }
  });
  const alike = groupBy([...signatures], ([, signature]) => signature.join());
  const rows = [...alike.values()].map((found): Row => {
    const its = (found[0]?.[1] ?? []).flatMap((i) => blocks[i] ?? []);
    const terms = lists.map((_, wanted) =>
      its.filter(({ side }) => side === wanted).map(({ to, ports }) => ({ peers: to, ports })),
    );
    return { sources: found.map(([source]) => source), terms };
  });
  return { members, rows };
}

function shown(blocks: readonly NumberedBlock[], members: readonly Member[]): MemberBlock[] {
  const resolve = (set: UnitSet): Member[] => [...set].flatMap((unit) => members[unit] ?? []);
  return gathered(blocks).map(({ from, to, ports }) => ({ from: resolve(from), to: resolve(to), ports }));
}

/** Sources that have the same destinations by the same ports are told together, and so are these destinations. */
function gathered(blocks: readonly NumberedBlock[]): NumberedBlock[] {
  const bySource = groupBy(blocks, ({ from, ports }) => `${from.join()}:${ports.join()}`);
  const wider = [...bySource.values()].flatMap(([first, ...more]) =>
    first ? [{ ...first, to: uniteUnits([first, ...more].map(({ to }) => to)) }] : [],
  );
  const byTarget = groupBy(wider, ({ to, ports }) => `${to.join()}:${ports.join()}`);
  return [...byTarget.values()]
    .flatMap(([first, ...more]) =>
      first ? [{ ...first, from: uniteUnits([first, ...more].map(({ from }) => from)) }] : [],
    )
    .sort((a, b) => (a.from[0] ?? 0) - (b.from[0] ?? 0) || (a.to[0] ?? 0) - (b.to[0] ?? 0));
}
