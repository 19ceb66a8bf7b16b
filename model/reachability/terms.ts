import { type CompiledRule, type CompiledWorld, portsAt, type Side } from "./compile.ts";
import { intersect, subtract, unite } from "./intervals.ts";
import { allPorts, type PortSet } from "./ports.ts";
import type { Direction } from "./rules.ts";
import { type Bound, isAlwaysAllowed } from "./side.ts";
import { intersectUnits, noUnits, subtractUnits, type UnitSet } from "./unit-set.ts";

/** Every one of these peers, by every one of these ports. */
export interface Term {
  readonly peers: UnitSet;
  readonly ports: PortSet;
}

/** A bound; or what surely passes of one kind of request. */
export type TermBound = Bound | { readonly request: string };

/**
 * All that one side lets pass: the same as `passingPorts` of every peer, without going through the peers. Terms
 * may overlap.
 * @returns undefined where it lets everything pass
 */
export function passingTerms(
  compiled: CompiledWorld,
  direction: Direction,
  self: number,
  bound: TermBound,
): readonly Term[] | undefined {
  const side = compiled.sides[direction].get(self);
  if (side === undefined) return undefined;
  const everything: Term = { peers: compiled.peers.everybody.sure, ports: allPorts };
  const resolve = (rule: CompiledRule, peers: readonly UnitSet[]): Term[] =>
    peers.flatMap((set) => resolveTerms(compiled, direction, self, rule, set));
  const allow = (rule: CompiledRule): Term[] => resolve(rule, boundPeers(rule, bound));
  const stop = (rule: CompiledRule): Term[] =>
    resolve(rule, boundPeers(rule, bound === "most" ? "least" : "most"));
  const inOrder = (rules: readonly CompiledRule[]): Ordered => {
    const result: Ordered = { accepted: [], passed: [], decided: [] };
    for (const rule of rules) {
      if (rule.rule.action === "allow") {
        result.accepted.push(...without(allow(rule), result.decided));
        result.decided.push(...resolve(rule, boundPeers(rule, "least")));
      } else {
        if (rule.rule.action === "pass")
          result.passed.push(...without(resolve(rule, [rule.peers.sure]), result.decided));
        result.decided.push(...stop(rule));
      }
    }
    return result;
  };
  const denies = side.rules.policy.filter(({ rule }) => rule.action === "deny").flatMap(stop);
  const admin = inOrder(side.rules.admin);
  const below = without(side.isolatedBy.length > 0 ? allowsOf(side, allow) : baseline(), denies);
  return [
    ...always(compiled, direction),
    ...admin.accepted,
    ...without(below, admin.decided),
    ...overlap(below, admin.passed),
  ];

  function baseline(): Term[] {
    const { accepted, passed, decided } = inOrder(side?.rules.baseline ?? []);
    return [...accepted, ...passed, ...without([everything], decided)];
  }
}

/** All that an allowing rule may mean, whatever denies it. */
export const ruleTerms = (
  compiled: CompiledWorld,
  direction: Direction,
  self: number,
  rule: CompiledRule,
): Term[] => boundPeers(rule, "most").flatMap((set) => resolveTerms(compiled, direction, self, rule, set));

/** The pod's own node, where no policy keeps it away. */
export function always(compiled: CompiledWorld, direction: Direction): Term[] {
  const node = compiled.units.entities.get("own-node") ?? -1;
  return isAlwaysAllowed(compiled, direction, node) ? [{ peers: Uint32Array.of(node), ports: allPorts }] : [];
}

interface Ordered {
  readonly accepted: Term[];
  readonly passed: Term[];
  readonly decided: Term[];
}

const allowsOf = ({ rules }: Side, allow: (rule: CompiledRule) => Term[]): Term[] =>
  rules.policy.filter(({ rule }) => rule.action === "allow").flatMap(allow);

/**
 * Those that a rule may be about, or those that it is about for certain and in full. Sets are not put together:
 * many rules are perhaps about the same ones.
 */
function boundPeers({ rule, peers }: CompiledRule, bound: TermBound): readonly UnitSet[] {
  if (bound === "most") return [peers.sure, peers.perhaps];
  if (typeof bound === "object" && rule.requests?.includes(bound.request)) return [peers.sure];
  return rule.requests !== undefined && rule.action === "allow" ? [] : [peers.sure];
}

/** A rule as terms: more than one where the peers call their ports differently. */
function resolveTerms(
  compiled: CompiledWorld,
  direction: Direction,
  self: number,
  rule: CompiledRule,
  peers: UnitSet,
): readonly Term[] {
  if (peers.length === 0) return [];
  if (rule.ports !== undefined) return [{ peers, ports: rule.ports }];
  if (direction === "ingress") return [{ peers, ports: portsAt(rule, compiled.units.all[self]) }];
  const known = compiled.named.get(peers) ?? new Map<string, Term[]>();
  compiled.named.set(peers, known);
  const key = JSON.stringify(rule.rule.ports);
  const terms = known.get(key) ?? termsByPorts(compiled, rule, peers);
  known.set(key, terms);
  return terms;
}

function termsByPorts({ units }: CompiledWorld, rule: CompiledRule, peers: UnitSet): Term[] {
  const byPorts = new Map<string, { ports: PortSet; peers: number[] }>();
  for (const peer of peers) {
    const ports = portsAt(rule, units.all[peer]);
    const same = byPorts.get(ports.join());
    if (same === undefined) byPorts.set(ports.join(), { ports, peers: [peer] });
    else same.peers.push(peer);
  }
  return [...byPorts.values()]
    .filter(({ ports }) => ports.length > 0)
    .map((term) => ({ peers: Uint32Array.from(term.peers), ports: term.ports }));
}

/** What is left of terms when others are taken away. */
export function without(terms: readonly Term[], taken: readonly Term[]): Term[] {
  let left = [...terms];
  for (const take of taken) {
    left = left.flatMap((term) => {
      const ports = intersect(term.ports, take.ports);
      const peers = ports.length === 0 ? noUnits : intersectUnits(term.peers, take.peers);
      if (peers.length === 0) return [term];
      return filled([
        { peers: subtractUnits(term.peers, take.peers), ports: term.ports },
        { peers, ports: subtract(term.ports, take.ports) },
      ]);
    });
  }
  return left;
}

/** What terms have in common with others. */
export function overlap(terms: readonly Term[], others: readonly Term[]): Term[] {
  return filled(
    others.flatMap((other) =>
      terms.map((term) => ({
        peers: intersectUnits(term.peers, other.peers),
        ports: intersect(term.ports, other.ports),
      })),
    ),
  );
}

const filled = (terms: readonly Term[]): Term[] =>
  terms.filter(({ peers, ports }) => peers.length > 0 && ports.length > 0);

/** The ports of all terms that have a peer. */
export function portsFor(terms: readonly Term[], has: (peers: UnitSet) => boolean): PortSet {
  return terms.reduce<PortSet>((sum, { peers, ports }) => (has(peers) ? unite(sum, ports) : sum), []);
}
