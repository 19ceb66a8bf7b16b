import { type CompiledRule, type CompiledWorld, isAbout, portsAt } from "./compile.ts";
import { intersect, subtract, unite } from "./intervals.ts";
import { allPorts, noPorts, type PortSet } from "./ports.ts";
import type { Direction } from "./rules.ts";

/**
 * How to read what is not certain. `most`: all that may pass, also on conditions; `least`: only what passes in
 * any case and in full.
 */
export type Bound = "most" | "least";

/**
 * The ports by which one side lets a connection pass.
 * @param self - the pod whose policies are asked
 * @param peer - who is at the other end
 */
export function passingPorts(
  compiled: CompiledWorld,
  direction: Direction,
  self: number,
  peer: number,
  bound: Bound,
): PortSet {
  const side = compiled.sides[direction].get(self);
  if (side === undefined || isAlwaysAllowed(compiled, direction, peer)) return allPorts;
  const destination = compiled.units.all[direction === "ingress" ? self : peer];
  const about = (rules: readonly CompiledRule[]): Applied[] =>
    rules.flatMap((compiledRule) => {
      const sure = isAbout(compiledRule, peer);
      if (sure === false) return [];
      const { action, requests } = compiledRule.rule;
      const whole = sure === true && (requests === undefined || action !== "allow");
      return [{ action, whole, ports: portsAt(compiledRule, destination) }];
    });
  const admin = inOrder(about(side.rules.admin), bound);
  const rest = unite(admin.left, admin.passed);
  const policy = about(side.rules.policy);
  const denied = unionOf(
    policy.filter(({ action, whole }) => action === "deny" && (whole || bound === "least")),
  );
  const allowed = unionOf(
    policy.filter(({ action, whole }) => action === "allow" && (whole || bound === "most")),
  );
  if (side.isolatedBy.length > 0) {
    return unite(admin.accepted, intersect(rest, subtract(allowed, denied)));
  }
  const baseline = inOrder(about(side.rules.baseline), bound);
  const open = unite(baseline.accepted, unite(baseline.left, baseline.passed));
  return unite(admin.accepted, intersect(subtract(rest, denied), open));
}

/**
 * A pod's own node always reaches it, for it has to probe it; the way back is open everywhere but in Cilium,
 * whose policies are about the host, too.
 */
export function isAlwaysAllowed(
  { world, units }: CompiledWorld,
  direction: Direction,
  peer: number,
): boolean {
  const unit = units.all[peer];
  if (unit?.kind !== "entity" || unit.entity !== "own-node") return false;
  return direction === "ingress" || world.dialect === "kubernetes";
}

interface Applied {
  readonly action: "allow" | "deny" | "pass";
  /** It holds for certain, and for every request. */
  readonly whole: boolean;
  readonly ports: PortSet;
}

/** Rules of which the first that matches decides. */
function inOrder(
  rules: readonly Applied[],
  bound: Bound,
): { accepted: PortSet; passed: PortSet; left: PortSet } {
  let [accepted, passed, left] = [noPorts, noPorts, allPorts];
  for (const { action, whole, ports } of rules) {
    const here = intersect(left, ports);
    if (action === "allow") {
      if (whole || bound === "most") accepted = unite(accepted, here);
      if (whole) left = subtract(left, here);
    } else if (whole || bound === "least") {
      if (action === "pass" && whole) passed = unite(passed, here);
      left = subtract(left, here);
    }
  }
  return { accepted, passed, left };
}

const unionOf = (rules: readonly Applied[]): PortSet =>
  rules.reduce<PortSet>((sum, { ports }) => unite(sum, ports), noPorts);
