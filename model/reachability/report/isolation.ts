import { type CompiledWorld } from "../compile.ts";
import { groupBy } from "../group-by.ts";
import type { Direction } from "../rules.ts";
import { policyTitle } from "../rules.ts";
import type { PodGroup } from "../world.ts";

/** How far the pods of a namespace deny what no policy allows. */
export interface NamespaceIsolation {
  readonly namespace: string;
  readonly workloads: number;
  /** On the host's network, where no policy selects them. */
  readonly onHost: number;
  /** Workloads that are not isolated, by direction. */
  readonly open: Readonly<Record<Direction, readonly string[]>>;
}

/** The policies that isolate a group, by direction. */
export function isolatedBy({ sides, units }: CompiledWorld, group: PodGroup): Record<Direction, string[]> {
  const unit = units.pods.get(group) ?? -1;
  const titles = (direction: Direction): string[] =>
    (sides[direction].get(unit)?.isolatedBy ?? []).map(policyTitle);
  return { ingress: titles("ingress"), egress: titles("egress") };
}

/** What is isolated, namespace by namespace; those without pods are left out. */
export function isolationOf(compiled: CompiledWorld): NamespaceIsolation[] {
  const byNamespace = groupBy(compiled.world.pods, ({ namespace }) => namespace);
  return [...byNamespace].sort().map(([namespace, all]) => {
    const groups = all.filter(({ hostNetwork }) => !hostNetwork);
    const open = (direction: Direction): string[] =>
      groups.filter((group) => isolatedBy(compiled, group)[direction].length === 0).map(({ name }) => name);
    return {
      namespace,
      workloads: groups.length,
      onHost: all.length - groups.length,
      open: { ingress: open("ingress"), egress: open("egress") },
    };
  });
}
