import { toCidrs } from "./addresses.ts";
import { type Classes, classesOf } from "./classes.ts";
import { type CompiledWorld, compiledOf } from "./compile.ts";
import { intersect, unite, uniteAll } from "./intervals.ts";
import { portRanges, type PortSet } from "./ports.ts";
import type { PortRange } from "./ports.ts";
import type { Bound } from "./side.ts";
import { passingTerms, portsFor, type Term, without } from "./terms.ts";
import type { Entity } from "./units.ts";
import { hasUnit, intersectUnits, unitSet, type UnitSet, UnitSets } from "./unit-set.ts";
import type { PodGroup, World } from "./world.ts";

/** Everybody on one side of a connection. */
export interface Party {
  readonly pods: readonly PodGroup[];
  readonly entities: readonly Entity[];
  /** Ranges outside the cluster. */
  readonly addresses: readonly string[];
  readonly names: readonly string[];
}

/** Everybody of the one party reaches everybody of the other by these ports. */
export interface AllowedBlock {
  readonly from: Party;
  readonly to: Party;
  readonly ports: readonly PortRange[];
}

/** All that may pass. No two blocks share a pair and a port, and a pod is in as few of them as can be. */
export type AllowedFlows = readonly AllowedBlock[];

/**
 * Everything that may pass between pods, and between pods and the outside. Who is treated alike is named
 * together, so a world without isolation is one block. The node that a pod runs on, which always reaches it,
 * is left out.
 * @param bound - `most`: also what passes only for some requests, or perhaps; `least`: what surely passes whole
 */
export function allowedFlows(world: World, bound: Bound = "most"): AllowedFlows {
  const compiled = compiledOf(world);
  const classes = classesOf(compiled);
  const bySource = new Map<string, { from: number[]; row: Row }>();
  const incoming = new Incoming(compiled, classes, bound);
  for (const source of classes.representatives) {
    const row = rowOf(compiled, incoming, source, bound);
    if (row.length === 0) continue;
    const key = row.map(({ peers, ports }) => `${incoming.nameOf(peers)}:${ports.join()}`).join(" ");
    const same = bySource.get(key);
    if (same === undefined) bySource.set(key, { from: [source], row });
    else same.from.push(source);
  }
  const parties = new Map<UnitSet, Party>();
  const partyOnce = (peers: UnitSet): Party => {
    const set = incoming.sets.one(peers);
    const party = parties.get(set) ?? partyOf(compiled, classes, set);
    parties.set(set, party);
    return party;
  };
  return [...bySource.values()].flatMap(({ from, row }) => {
    const sources = partyOnce(unitSet(from));
    return row.map(({ peers, ports }) => ({ from: sources, to: partyOnce(peers), ports: portRanges(ports) }));
  });
}

/** Whom one source reaches: classes of destinations and ports, disjoint, in a fixed order. */
type Row = readonly Term[];

function rowOf(compiled: CompiledWorld, incoming: Incoming, source: number, bound: Bound): Row {
  const unit = compiled.units.all[source];
  if (unit === undefined || unit.kind === "name") return [];
  if (unit.kind === "entity" && unit.entity === "own-node") return [];
  const outgoing = passingTerms(compiled, "egress", source, bound);
  // What goes from outside to outside is nobody's here.
  const open = unit.kind === "pods" ? incoming.openToAll : incoming.openPods;
  const everything: Term = { peers: open, ports: compiled.carried };
  const openPart =
    outgoing === undefined
      ? [everything]
      : disjoint(
          outgoing.map(({ peers, ports }) => ({
            peers: intersectUnits(peers, open),
            ports: intersect(ports, compiled.carried),
          })),
        );
  const byPorts = new Map<string, { ports: PortSet; peers: number[] }>();
  for (const [destination, accepted] of incoming.closedTo(source, outgoing)) {
    const sent =
      outgoing === undefined ? compiled.carried : portsFor(outgoing, (set) => hasUnit(set, destination));
    const ports = intersect(intersect(sent, accepted), compiled.carried);
    if (ports.length === 0) continue;
    const key = ports.join();
    const same = byPorts.get(key);
    if (same === undefined) byPorts.set(key, { ports, peers: [destination] });
    else same.peers.push(destination);
  }
  return merged([
    ...openPart,
    ...[...byPorts.values()].map(({ ports, peers }) => ({ ports, peers: unitSet(peers) })),
  ]);
}

/** Which classes each destination lets in, looked up from either end. */
class Incoming {
  /** Classes that let everybody in. */
  readonly openToAll: UnitSet;
  readonly openPods: UnitSet;
  private readonly terms = new Map<number, readonly Term[]>();
  /** By the set of sources that a term names: where it leads. Many destinations may share a set. */
  private readonly bySources = new Map<UnitSet, { destination: number; ports: PortSet }[]>();
  private readonly setsOf = new Map<number, UnitSet[]>();
  private readonly forAll: UnitSet[] = [];
  readonly sets = new UnitSets();
  private readonly ids = new Map<UnitSet, number>();

  constructor({ ...compiled }: CompiledWorld, { representatives }: Classes, bound: Bound) {
    const isClass = new Set(representatives);
    const open: number[] = [];
    for (const destination of representatives) {
      const unit = compiled.units.all[destination];
      const terms = passingTerms(compiled, "ingress", destination, bound);
      const isOwnNode = unit?.kind === "entity" && unit.entity === "own-node";
      if (terms === undefined && !isOwnNode) open.push(destination);
      if (terms === undefined) continue;
      this.terms.set(destination, terms);
      for (const { peers, ports } of terms) {
        const leads = this.bySources.get(peers);
        if (leads !== undefined) leads.push({ destination, ports });
        else {
          this.bySources.set(peers, [{ destination, ports }]);
          this.note(peers, compiled.units.all.length, isClass);
        }
      }
    }
    this.openToAll = unitSet(open);
    this.openPods = this.openToAll.filter((unit) => compiled.units.all[unit]?.kind === "pods");
  }

  /** Closed destinations that let a source in, with the ports; only those that it may send to are looked at. */
  closedTo(source: number, outgoing: readonly Term[] | undefined): ReadonlyMap<number, PortSet> {
    const found = new Map<number, PortSet>();
    const sets = [...this.forAll, ...(this.setsOf.get(source) ?? [])];
    const leads = sets.reduce((sum, set) => sum + (this.bySources.get(set)?.length ?? 0), 0);
    const reach = outgoing?.reduce((sum, { peers }) => sum + peers.length, 0) ?? Infinity;
    if (reach < leads) {
      for (const { peers } of outgoing ?? []) {
        for (const destination of peers) {
          const terms = found.has(destination) ? undefined : this.terms.get(destination);
          if (terms !== undefined)
            found.set(
              destination,
              portsFor(terms, (set) => hasUnit(set, source)),
            );
        }
      }
      return found;
    }
    for (const set of sets) {
      for (const { destination, ports } of this.bySources.get(set) ?? []) {
        found.set(destination, unite(found.get(destination) ?? [], ports));
      }
    }
    return found;
  }

  /** A short name for a set, the same for equal sets. */
  nameOf(set: UnitSet): number {
    const key = this.sets.one(set);
    const known = this.ids.get(key) ?? this.ids.size;
    this.ids.set(key, known);
    return known;
  }

  private note(peers: UnitSet, everybody: number, isClass: ReadonlySet<number>): void {
    if (peers.length === everybody) {
      this.forAll.push(peers);
      return;
    }
    for (const unit of peers) {
      if (!isClass.has(unit)) continue;
      const sets = this.setsOf.get(unit);
      if (sets === undefined) this.setsOf.set(unit, [peers]);
      else sets.push(peers);
    }
  }
}

/** The same terms without overlaps. */
function disjoint(terms: readonly Term[]): Term[] {
  const result: Term[] = [];
  for (const term of terms) {
    if (term.peers.length > 0 && term.ports.length > 0) result.push(...without([term], result));
  }
  return result;
}

/** Disjoint terms by their ports, in a fixed order. */
function merged(terms: readonly Term[]): Row {
  const byPorts = new Map<string, Term>();
  for (const term of terms) {
    if (term.peers.length === 0 || term.ports.length === 0) continue;
    const key = term.ports.join();
    const same = byPorts.get(key);
    byPorts.set(
      key,
      same === undefined ? term : { ports: term.ports, peers: unitSet([...same.peers, ...term.peers]) },
    );
  }
  return [...byPorts.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, term]) => term);
}

function partyOf({ units }: CompiledWorld, classes: Classes, representatives: UnitSet): Party {
  const members = [...representatives]
    .flatMap((unit) => classes.members.get(unit) ?? [])
    .map((unit) => units.all[unit]);
  const ranges = members.flatMap((unit) =>
    unit?.kind === "addresses" ? [[unit.from, unit.to] as const] : [],
  );
  return {
    pods: members.flatMap((unit) => (unit?.kind === "pods" ? [unit.group] : [])),
    entities: members.flatMap((unit) => (unit?.kind === "entity" ? [unit.entity] : [])),
    addresses: toCidrs(uniteAll(ranges)),
    names: members.flatMap((unit) => (unit?.kind === "name" ? [unit.name] : [])),
  };
}
