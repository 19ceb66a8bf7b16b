import { type Matched, PeerMatcher } from "./peers.ts";
import { PodIndex } from "./pod-index.ts";
import { allPorts, portRange, type PortSet, resolvePorts } from "./ports.ts";
import { subtract } from "./intervals.ts";
import { type Direction, inForce, type PolicyPart, type ReadPolicy, type Rule, type Tier } from "./rules.ts";
import { type Mentioned, type Unit, type Units, unitsOf } from "./units.ts";
import { hasUnit, noUnits, uniteUnits, type UnitSet } from "./unit-set.ts";
import type { World } from "./world.ts";

/** A rule with the units that it is about. */
export interface CompiledRule {
  readonly policy: ReadPolicy;
  readonly rule: Rule;
  readonly priority: number;
  readonly peers: Matched;
  /** The ports that it means at every destination; undefined where these give names different numbers. */
  readonly ports: PortSet | undefined;
}

/** All that decides about one direction of a pod's traffic. */
export interface Side {
  /** Policies that deny what no rule allows. */
  readonly isolatedBy: ReadPolicy[];
  readonly rules: Record<Tier, CompiledRule[]>;
}

/** A world in which every selector has been looked up. */
export interface CompiledWorld {
  readonly world: World;
  readonly units: Units;
  readonly pods: PodIndex;
  readonly peers: PeerMatcher;
  readonly sides: Record<Direction, ReadonlyMap<number, Side>>;
  /** Ports that the datapath carries at all. */
  readonly carried: PortSet;
  /** By peers and ports: what rules that name their ports mean, which is asked of many pods. */
  readonly named: WeakMap<UnitSet, Map<string, { readonly peers: UnitSet; readonly ports: PortSet }[]>>;
}

const nothingMentioned: Mentioned = { cidrs: [], names: [] };

const worlds = new WeakMap<World, CompiledWorld>();

/** A world as it is, looked through once, however often it is asked about. */
export function compiledOf(world: World): CompiledWorld {
  const compiled = worlds.get(world) ?? compileWorld(world);
  worlds.set(world, compiled);
  return compiled;
}

export function compileWorld(world: World, mentioned: Mentioned = nothingMentioned): CompiledWorld {
  const units = unitsOf(world, mentioned);
  const pods = new PodIndex(units);
  const peers = new PeerMatcher(world, units, pods, mentioned.namesApart === true);
  const sides = { ingress: new Map<number, Side>(), egress: new Map<number, Side>() };
  for (const policy of world.policies) {
    for (const part of policy.parts) {
      if (part.subject === undefined) continue;
      const subject = pods.select(part.subject);
      for (const direction of ["ingress", "egress"] as const) {
        const { isolates, rules } = inForce(part[direction], world.dialect);
        const compiled = compileRules(policy, part, rules, peers);
        if (!isolates && compiled.length === 0) continue;
        for (const unit of subject) {
          let side = sides[direction].get(unit);
          if (side === undefined) sides[direction].set(unit, (side = newSide()));
          if (isolates) side.isolatedBy.push(policy);
          side.rules[part.tier].push(...compiled);
        }
      }
    }
  }
  for (const side of [...sides.ingress.values(), ...sides.egress.values()]) {
    for (const tier of ["admin", "baseline"] as const) {
      side.rules[tier].sort((a, b) => a.priority - b.priority);
    }
  }
  const hasSctp = world.sctp ?? world.dialect === "kubernetes";
  return {
    world,
    units,
    pods,
    peers,
    sides,
    named: new WeakMap(),
    carried: hasSctp ? allPorts : subtract(allPorts, portRange("SCTP")),
  };
}

const newSide = (): Side => ({ isolatedBy: [], rules: { admin: [], policy: [], baseline: [] } });

function compileRules(
  policy: ReadPolicy,
  { priority }: PolicyPart,
  rules: readonly Rule[],
  peers: PeerMatcher,
): CompiledRule[] {
  return rules.map((rule) => {
    const matched = peers.match(rule.peers);
    const isNamed = rule.ports?.some(({ kind }) => kind === "named") ?? false;
    return {
      policy,
      rule,
      priority,
      peers: rule.doubt === undefined ? matched : doubted(matched),
      ports: isNamed ? undefined : resolvePorts(rule.ports, []),
    };
  });
}

/** What was not understood of a rule makes all that it means uncertain. */
const doubted = ({ sure, perhaps }: Matched): Matched => ({
  sure: noUnits,
  perhaps: uniteUnits([sure, perhaps]),
});

/** Whether a rule is about a peer. */
export function isAbout({ peers }: CompiledRule, peer: number): boolean | "perhaps" {
  return hasUnit(peers.sure, peer) || (hasUnit(peers.perhaps, peer) && "perhaps");
}

/** The ports of a rule at a destination. */
export function portsAt({ rule, ports }: CompiledRule, destination: Unit | undefined): PortSet {
  return ports ?? resolvePorts(rule.ports, destination?.kind === "pods" ? destination.group.ports : []);
}
