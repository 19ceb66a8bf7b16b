import { planPolicies, type PolicyPlan } from "../../model/policies/plan-policies.ts";
import type { Policy } from "../../model/policies/policies.ts";
import { formatProblem } from "../../model/problem.ts";
import type { World } from "../../model/reachability/index.ts";
import { compileWorld } from "../../model/reachability/compile.ts";
import { passingPorts } from "../../model/reachability/side.ts";
import type { Unit } from "../../model/reachability/units.ts";
import { selectionsOf, witnesses } from "../../model/reachability/witnesses.ts";
import { provePolicies, worldOf } from "../../model/reachability/stack.ts";
import type { LiveCluster } from "../../model/live.ts";
import { settingsOf } from "./settings.ts";

const stack = "cluster-network.test";

export const liveWith = (more: Partial<LiveCluster> = {}): LiveCluster => ({
  uid: "u",
  apiServer: { host: "192.168.1.1", port: 6443, from: "a test" },
  nodes: [],
  namespaces: [],
  networkPolicies: [],
  daemonSets: [],
  ...more,
});

export interface Proven {
  readonly problems: string[];
  readonly warnings: string[];
}

/** A configuration with its plan, and what the proof says of policies in that one's place, a line each. */
export function prepareProof(
  raw: object,
  more: Partial<LiveCluster> = {},
): {
  plan: PolicyPlan;
  world: (policies: readonly Policy[]) => World;
  proofOf: (policies: readonly Policy[]) => Proven;
} {
  const settings = settingsOf(raw);
  const live = liveWith(more);
  const plan = planPolicies(settings, live);
  return {
    plan,
    world: (policies) => worldOf(settings, { ...plan, policies }, live, stack).world,
    proofOf: (policies) => {
      const { problems, warnings } = provePolicies(settings, { ...plan, policies }, live, stack);
      return { problems: problems.map(formatProblem), warnings: warnings.map(formatProblem) };
    },
  };
}

/**
 * Whether two sets of policies do the same to every pod, whatever is meant: each side of each pod, against pods
 * of every kind that either set tells apart, entities, every range of addresses and names.
 */
export function doTheSame(a: World, b: World, declared: ReadonlySet<string>): boolean {
  const policies = [...a.policies, ...b.policies];
  const { namespaces, pods } = witnesses({ ...a, policies }, selectionsOf(policies));
  const cidrs = policies.flatMap(({ parts }) =>
    parts.flatMap(({ ingress, egress }) =>
      [...ingress.rules, ...egress.rules].flatMap(({ peers }) =>
        (peers ?? []).flatMap((peer) => (peer.kind === "cidr" ? [peer.cidr, ...peer.except] : [])),
      ),
    ),
  );
  const names = ["api.stripe.com", "www.example.com", "example.org"];
  const compiled = [a, b].map((world) =>
    compileWorld(
      {
        ...world,
        namespaces: [...a.namespaces, ...namespaces],
        pods: [...a.pods, ...pods],
        policies: world.policies,
      },
      { cidrs, names },
    ),
  );
  const [first, second] = compiled;
  if (first === undefined || second === undefined) return false;
  const key = (unit: Unit): string =>
    JSON.stringify(unit, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
  const there = new Map(second.units.all.map((unit, i) => [key(unit), i]));
  return first.units.all.every((unit, self) => {
    // A policy that is astray does something elsewhere, which is not asked here.
    if (unit.kind !== "pods" || !declared.has(unit.group.namespace)) return true;
    return first.units.all.every((peer, i) => {
      const same = there.get(key(peer));
      // A name that only one of them mentions is asked about in `names`.
      if (same === undefined) return true;
      return (["ingress", "egress"] as const).every((direction) =>
        (["most", "least"] as const).every(
          (bound) =>
            passingPorts(first, direction, self, i, bound).join() ===
            passingPorts(second, direction, self, same, bound).join(),
        ),
      );
    });
  });
}
