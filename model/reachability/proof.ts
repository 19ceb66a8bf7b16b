import type { Problem } from "../problem.ts";
import { type CompiledWorld, compileWorld } from "./compile.ts";
import { type DeclaredFlow, declareFlows, type Intent } from "./intent.ts";
import { doesNotPass, isNotNarrowed, matchesNobody } from "./proof-passage.ts";
import { type Broken, explainBroken, explainForeign } from "./proof-problems.ts";
import { Sides } from "./proof-sides.ts";
import { declaredBySelf, tooWide } from "./proof-width.ts";
import type { ReadPolicy } from "./rules.ts";
import type { Mentioned } from "./units.ts";
import { selectionsOf, witnesses } from "./witnesses.ts";
import type { World } from "./world.ts";

export interface Proof {
  /** What is not as it is meant, at most a screenful. */
  readonly problems: readonly Problem[];
  /** What policies of others open, which is not ours to refuse. */
  readonly warnings: readonly Problem[];
}

/**
 * Proves that what is declared passes, and that nothing else reaches a pod of the declared namespaces or leaves
 * one. Each side of each pod is held against the flows by itself, so no rule that is too wide hides behind
 * another pod's isolation. Pods are those of the world, and one for everything that some selector means beside
 * them; addresses are all there are.
 * @param isForeign - whether a policy is somebody else's: what it opens is a warning
 */
export function prove(
  intent: Intent,
  world: World,
  isForeign: (policy: ReadPolicy) => boolean = () => false,
): Proof {
  const { compiled, flows, sides } = prepare(intent, world);
  const broken = [
    ...flows.flatMap((flow) => matchesNobody(flow, world.pods.length)),
    ...flows.flatMap((flow) => doesNotPass(compiled, sides, flow)),
    ...flows.flatMap((flow) => isNotNarrowed(compiled, sides, flow, flows)),
  ];
  const ours = new Map(intent.namespaces.map(({ name, path }) => [name, path]));
  for (const direction of ["egress", "ingress"] as const) {
    const declared = declaredBySelf(flows, direction);
    compiled.units.all.forEach((unit, self) => {
      if (unit.kind !== "pods" || unit.group.hostNetwork) return;
      const path = ours.get(unit.group.namespace);
      if (path === undefined) return;
      broken.push(...tooWide(compiled, sides, direction, self, declared.get(self) ?? [], path));
    });
  }
  const isOthers = (one: Broken): boolean => one.kind === "too wide" && isForeign(one.rule.policy);
  return {
    problems: explainBroken(
      compiled,
      broken.filter((one) => !isOthers(one)),
    ),
    warnings: explainForeign(compiled, broken.filter(isOthers)),
  };
}

/** Proves only that what is declared passes: while policies come or go, others are still open. */
export function provePassage(intent: Intent, world: World): readonly Problem[] {
  const { compiled, flows, sides } = prepare(intent, world);
  return explainBroken(
    compiled,
    flows.flatMap((flow) => doesNotPass(compiled, sides, flow)),
  );
}

function prepare(
  intent: Intent,
  world: World,
): { compiled: CompiledWorld; flows: DeclaredFlow[]; sides: Sides } {
  const compiled = compileWorld(...inhabited(intent, world));
  const flows = declareFlows(compiled, intent.flows);
  return { compiled, flows, sides: new Sides(compiled) };
}

/** The world with a pod without labels in each namespace, a stranger, and a witness of every selector. */
function inhabited(intent: Intent, world: World): [World, Mentioned] {
  const ends = intent.flows.flatMap(({ from, to }) => [from, to]);
  const selections = [
    { namespaces: [], pods: [] },
    ...intent.namespaces.map(({ name }) => ({ namespace: name, namespaces: [], pods: [] })),
    ...selectionsOf(world.policies),
  ];
  const { namespaces, pods } = witnesses(world, selections);
  return [
    { ...world, namespaces: [...world.namespaces, ...namespaces], pods: [...world.pods, ...pods] },
    {
      cidrs: ends.flatMap((end) => (end.kind === "cidr" ? [end.cidr, ...end.except] : [])),
      names: ends.flatMap((end) => (end.kind === "fqdn" ? [end.pattern] : [])),
      // Else a range might be too wide unseen beside a flow to a name, whose addresses nobody knows.
      namesApart: true,
    },
  ];
}
