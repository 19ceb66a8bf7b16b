import type { Problem } from "../../problem.ts";
import { type CompiledWorld } from "../compile.ts";
import type { Direction, PodSelection, PolicyPart, ReadPolicy, Rule } from "../rules.ts";
import { inForce, policyTitle } from "../rules.ts";
import type { Requirement } from "../selector.ts";
import { uniteUnits, type UnitSet } from "../unit-set.ts";
import type { NamedPort } from "../world.ts";

/** What policies speak of and nobody has: most often a slip of the pen, and never what was meant. */
export function looseEnds(compiled: CompiledWorld): Problem[] {
  // Without pods everything would be one.
  if (compiled.world.pods.length === 0) return [];
  return compiled.world.policies.flatMap((policy) =>
    policy.parts.flatMap((part) => partEnds(compiled, policy, part)),
  );
}

function partEnds(compiled: CompiledWorld, policy: ReadPolicy, part: PolicyPart): Problem[] {
  if (part.subject === undefined) return [];
  const subject = compiled.pods.select(part.subject);
  if (subject.length === 0) {
    const message = `It selects no pod (${selectionText(part.subject)})`;
    return [
      { path: policyTitle(policy), message, remedy: "compare its selector with the labels of the pods" },
    ];
  }
  return (["ingress", "egress"] as const).flatMap((direction) =>
    inForce(part[direction], compiled.world.dialect).rules.flatMap((rule) =>
      ruleEnds(compiled, policy, direction, rule, subject),
    ),
  );
}

function ruleEnds(
  compiled: CompiledWorld,
  policy: ReadPolicy,
  direction: Direction,
  rule: Rule,
  subject: UnitSet,
): Problem[] {
  const path = `${policyTitle(policy)} ${rule.path}`;
  const selections = (rule.peers ?? []).filter((peer) => peer.kind === "pods");
  const empty = selections.filter((peer) => compiled.pods.select(peer).length === 0);
  const destinations =
    direction === "ingress"
      ? subject
      : rule.peers
        ? uniteUnits(selections.map((peer) => compiled.pods.select(peer)))
        : undefined;
  const unnamed = namedPorts(rule).filter((name) => !isDeclared(compiled, name, destinations));
  return [
    ...empty.map((peer) => ({
      path,
      message: `A peer matches no pod (${selectionText(peer)})`,
      remedy: "compare it with the labels of the pods and of their namespace",
    })),
    ...unnamed.map((name) => ({
      path,
      message: `No pod that it is about calls a port ${name}, so nothing passes by it`,
      remedy: "give the port's number, or name it in the pods",
    })),
  ];
}

const namedPorts = ({ ports }: Rule): string[] =>
  (ports ?? []).flatMap((port) => (port.kind === "named" ? [port.name] : []));

/** @param destinations - undefined for everybody */
function isDeclared(
  { world, units }: CompiledWorld,
  name: string,
  destinations: UnitSet | undefined,
): boolean {
  const has = (ports: readonly NamedPort[]): boolean => ports.some((port) => port.name === name);
  if (destinations === undefined) return world.pods.some(({ ports }) => has(ports));
  return [...destinations].some((unit) => {
    const it = units.all[unit];
    return it?.kind === "pods" && has(it.group.ports);
  });
}

/** A selection as people write it: `app=web in shop`. */
function selectionText({ namespace, namespaces, pods }: PodSelection): string {
  const where =
    namespace ??
    (namespaces.length === 0
      ? "any namespace"
      : `namespaces with ${namespaces.map(requirementText).join(", ")}`);
  return `${pods.length === 0 ? "every pod" : pods.map(requirementText).join(", ")} in ${where}`;
}

function requirementText({ key, operator, values }: Requirement): string {
  if (operator === "In" && values.length === 1) return `${key}=${values[0] ?? ""}`;
  if (operator === "Exists") return key;
  return operator === "DoesNotExist" ? `no ${key}` : `${key} ${operator} ${values.join(", ")}`;
}
