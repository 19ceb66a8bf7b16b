import { UNKNOWN, type Truth } from "../verdict.ts";
import { addressNumber } from "./addresses.ts";
import {
  type CompiledRule,
  type CompiledWorld,
  compiledOf,
  compileWorld,
  isAbout,
  portsAt,
} from "./compile.ts";
import { holds } from "./intervals.ts";
import { portNumber } from "./ports.ts";
import { type Direction, policyTitle } from "./rules.ts";
import { isAlwaysAllowed, passingPorts } from "./side.ts";
import { addressUnit, concreteName, type Entity } from "./units.ts";
import type { PodGroup, Protocol, World } from "./world.ts";

/** One who connects, or is connected to. */
export type End =
  | { readonly pod: PodGroup }
  | { readonly address: string }
  | { readonly entity: Entity }
  /** A DNS name outside the cluster. */
  | { readonly fqdn: string };

export interface Connection {
  readonly from: End;
  readonly to: End;
  readonly protocol: Protocol;
  /** The pod's port, not that of its Service. */
  readonly port: number;
  /** Both ends are the very same pod, which no policy keeps from itself. Default: two pods, also of one group. */
  readonly samePod?: boolean;
}

/** A rule, and where it stands. */
export interface RuleReference {
  /** `NetworkPolicy shop/allow-api-backend`. */
  readonly policy: string;
  /** `spec.ingress[0]`. */
  readonly path: string;
}

/** What the policies of one end say. */
export interface SideVerdict {
  readonly passes: Truth;
  /** Policies that isolate the pod in this direction; none: everything passes that no rule denies. */
  readonly isolatedBy: readonly string[];
  /** Rules that let the connection pass. */
  readonly allowedBy: readonly RuleReference[];
  /** Rules that deny it, whatever allows it. */
  readonly deniedBy: readonly RuleReference[];
  /** Requests to which a rule narrows the connection; none: every request passes. */
  readonly onlyFor: readonly string[];
  /** In words: why it passes, or why not. */
  readonly reason: string;
}

export interface ConnectionVerdict {
  /** UNKNOWN where a rule was not understood, or where it depends on what the world does not say. */
  readonly allowed: Truth;
  readonly egress: SideVerdict;
  readonly ingress: SideVerdict;
}

/**
 * Whether a connection passes, and why: the source's policies and the destination's have to let it.
 * The same world is looked through once, however often it is asked.
 */
export function judge(world: World, connection: Connection): ConnectionVerdict {
  const compiled = compiledFor(world, connection);
  const from = unitOf(compiled, connection.from);
  const to = unitOf(compiled, connection.to);
  if (connection.samePod === true) return sameEverywhere(passing("A pod always reaches itself"));
  if (!holds(compiled.carried, portNumber(connection.protocol, connection.port))) {
    return sameEverywhere({
      ...passing("Cilium carries SCTP only where sctp.enabled is set"),
      passes: false,
    });
  }
  const egress = judgeSide(compiled, "egress", from, to, connection);
  const ingress = judgeSide(compiled, "ingress", to, from, connection);
  const both = [egress.passes, ingress.passes];
  return { allowed: both.includes(false) ? false : both.includes(UNKNOWN) ? UNKNOWN : true, egress, ingress };
}

const passing = (reason: string): SideVerdict => ({
  passes: true,
  isolatedBy: [],
  allowedBy: [],
  deniedBy: [],
  onlyFor: [],
  reason,
});

const sameEverywhere = (side: SideVerdict): ConnectionVerdict => ({
  allowed: side.passes,
  egress: side,
  ingress: side,
});

function compiledFor(world: World, { from, to }: Connection): CompiledWorld {
  const ends = [from, to];
  const strangers = ends.flatMap((end) => ("pod" in end && !world.pods.includes(end.pod) ? [end.pod] : []));
  const names = ends.flatMap((end) => ("fqdn" in end ? [end.fqdn] : []));
  return strangers.length === 0 && names.length === 0
    ? compiledOf(world)
    : compileWorld({ ...world, pods: [...world.pods, ...strangers] }, { cidrs: [], names });
}

/** The unit of an end; an address that is none, and has so far been taken for one, is the internet's first. */
export function unitOf({ units }: CompiledWorld, end: End): number {
  if ("pod" in end) return units.pods.get(end.pod) ?? -1;
  if ("entity" in end) return units.entities.get(end.entity) ?? -1;
  if ("fqdn" in end) return units.names.get(concreteName(end.fqdn)) ?? -1;
  const address = addressNumber(end.address);
  return address === undefined ? -1 : addressUnit(units, address);
}

export function judgeSide(
  compiled: CompiledWorld,
  direction: Direction,
  self: number,
  peer: number,
  { protocol, port }: Pick<Connection, "protocol" | "port">,
): SideVerdict {
  const side = compiled.sides[direction].get(self);
  if (side === undefined) {
    return passing(
      compiled.units.all[self]?.kind === "pods"
        ? `No policy isolates it for ${direction}`
        : "No policy is about it",
    );
  }
  if (isAlwaysAllowed(compiled, direction, peer)) {
    return passing("A pod and the node that it runs on always reach each other");
  }
  const number = portNumber(protocol, port);
  const may = holds(passingPorts(compiled, direction, self, peer, "most"), number);
  const surely = may && holds(passingPorts(compiled, direction, self, peer, "least"), number);
  const destination = compiled.units.all[direction === "ingress" ? self : peer];
  const found = [...side.rules.admin, ...side.rules.policy, ...side.rules.baseline].filter(
    (rule) => isAbout(rule, peer) !== false && holds(portsAt(rule, destination), number),
  );
  const allowing = found.filter(({ rule }) => rule.action === "allow");
  const denying = found.filter(({ rule }) => rule.action === "deny");
  const requests = surely ? [] : allowing.flatMap(({ rule }) => rule.requests ?? []);
  // What passes on a condition alone passes all the same: the connection is made, and some requests get through.
  const isConditional = may && !surely && requests.length > 0 && allowing.every((rule) => isSure(rule, peer));
  const passes = surely || isConditional ? true : may ? UNKNOWN : false;
  const isolatedBy = side.isolatedBy.map(policyTitle);
  return {
    passes,
    isolatedBy,
    allowedBy: passes === false ? [] : allowing.map(reference),
    deniedBy: passes === true ? [] : denying.map(reference),
    onlyFor: requests,
    reason: reasonOf(direction, passes, isolatedBy, allowing, denying, requests, found),
  };
}

const isSure = (rule: CompiledRule, peer: number): boolean => isAbout(rule, peer) === true;

const reference = ({ policy, rule }: CompiledRule): RuleReference => ({
  policy: policyTitle(policy),
  path: rule.path,
});

function reasonOf(
  direction: Direction,
  passes: Truth,
  isolatedBy: readonly string[],
  allowing: readonly CompiledRule[],
  denying: readonly CompiledRule[],
  requests: readonly string[],
  found: readonly CompiledRule[],
): string {
  const name = (rules: readonly CompiledRule[]): string =>
    rules.map(({ policy, rule }) => `${policyTitle(policy)} ${rule.path}`).join(", ");
  if (passes === UNKNOWN) {
    const doubts = found.flatMap(({ rule: { doubt } }) => doubt ?? []);
    const why = doubts.length > 0 ? doubts.join(", ") : "it depends on what is not known of the cluster";
    return `${name(found)} may decide it: ${why}`;
  }
  if (passes) {
    if (allowing.length === 0) return `No policy isolates it for ${direction}`;
    return `${name(allowing)} allows it${requests.length > 0 ? ` for ${requests.join(", ")} only` : ""}`;
  }
  if (denying.length > 0) return `${name(denying)} denies it`;
  const isolating = `${isolatedBy.join(", ")} ${isolatedBy.length === 1 ? "isolates" : "isolate"} it`;
  return `${isolating} for ${direction}, and no rule matches`;
}
