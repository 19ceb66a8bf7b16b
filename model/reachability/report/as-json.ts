import type { CompiledWorld } from "../compile.ts";
import { portRanges } from "../ports.ts";
import type { MemberBlock } from "./difference.ts";
import { isolatedBy } from "./isolation.ts";
import { Naming } from "./naming.ts";
import type { Picture } from "./picture.ts";

/** What all answers have in common; `version` changes when a reader of it would have to. */
export function pictureJson(
  { inventory, world, dialectBecause, doubts, notes }: Picture,
  more: readonly string[],
): object {
  return {
    version: 1,
    dialect: world.dialect,
    dialectBecause,
    counts: {
      namespaces: inventory.namespaces.length,
      workloads: inventory.groups.length,
      policies: inventory.policies.length,
    },
    ignored: inventory.ignored,
    notes: [...more, ...notes],
    notUnderstood: doubts.map(({ problem, namespace }) => ({ ...problem, namespace: namespace ?? null })),
  };
}

/** Workloads with the policies that isolate them. */
export const workloadsJson = ({ inventory }: Picture, compiled: CompiledWorld): object[] =>
  inventory.groups.map((group) => {
    const { name, namespace, owner, labels, ports, pods, hostNetwork = false } = group;
    return {
      name,
      namespace,
      owner,
      labels,
      ports,
      pods: pods.length,
      hostNetwork,
      isolatedBy: isolatedBy(compiled, group),
    };
  });

/** Flows with everybody by name, and what is outside by range; a range of ports has an endPort. */
export const flowsJson = (flows: readonly MemberBlock[]): object[] => {
  // Of nobody, so that no set is ever all: each workload is named.
  const naming = new Naming([]);
  return flows.map(({ from, to, ports }) => ({
    from: naming.words(from),
    to: naming.words(to),
    ports: portRanges(ports).map((range) => ({
      protocol: range.protocol,
      port: range.from,
      ...(range.to > range.from && { endPort: range.to }),
    })),
  }));
};
