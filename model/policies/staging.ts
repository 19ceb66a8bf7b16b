import type { LiveCluster, ReleaseContent } from "../live.ts";
import { type ObservedNamespace, observe } from "../observe/report.ts";
import { formatProblem, type Problem } from "../problem.ts";
import { provePolicies } from "../reachability/stack.ts";
import { chooseServices } from "../services/existing.ts";
import { type PlannedService, plannedServices } from "../services/planned.ts";
import type { Settings } from "../settings.ts";
import { accountProblems } from "./accounts.ts";
import { judgeClusterDns } from "./cluster-dns.ts";
import { auditEndProblems } from "./audit-end.ts";
import { bundled } from "./bundle-plan.ts";
import type { Flow } from "./flow.ts";
import { planPolicies } from "./plan-policies.ts";
import type { Policy } from "./policies.ts";
import { stageWarnings } from "./stages.ts";
import { enforcedNamespaces, judgeUnexplained } from "./unexplained-pods.ts";

/** The policies to deploy, by the stages of their namespaces, and what stands in their way. */
export interface StagedPolicies {
  /** All that is meant to pass. */
  readonly flows: readonly Flow[];
  readonly policies: readonly Policy[];
  /** Services before workloads, but for those that others have made. */
  readonly services: readonly PlannedService[];
  /** What enforcement would break, by observed namespace. */
  readonly observed: Readonly<Record<string, ObservedNamespace>>;
  /** What was proven of them, in a sentence; undefined where nothing comes under default-deny. */
  readonly proven: string | undefined;
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/**
 * Plans policies by the stages of their namespaces.
 * @param release - of Cilium, to make; undefined when it is turned off
 * @param stack - `<project>.<stack>`, the value of the stack label
 */
export function stagedPolicies(
  settings: Settings,
  live: LiveCluster,
  release: ReleaseContent | undefined,
  stack: string,
): StagedPolicies {
  const plan = planPolicies(settings, live);
  const { flows, policies, problems } = plan;
  const proof = provePolicies(settings, plan, live, stack);
  const planned = plannedServices(settings, flows).services;
  const chosen = chooseServices(planned, live.services ?? [], stack);
  const delivered = settings.policies.delivery === "bundles" ? policies.map(asBundled) : policies;
  const unexplained = judgeUnexplained(settings, live, flows, enforcedNamespaces(live, stack), stack);
  const dns = judgeClusterDns(settings, live);
  const { observed, warnings } = observe(settings, live, plan, stack);
  return {
    flows,
    policies,
    observed,
    services: chosen.services,
    proven: policies.length > 0 ? provenText(flows, proof.warnings.length) : undefined,
    problems: [
      ...problems,
      ...dns.problems,
      ...proof.problems,
      ...unexplained.problems,
      ...accountProblems(settings.namespaces, live.pods ?? [], policies),
      ...auditEndProblems(live, release, delivered, stack),
    ],
    warnings: [
      ...stageWarnings(settings),
      ...dns.warnings,
      ...proof.warnings.map(formatProblem),
      ...unexplained.warnings,
      ...warnings,
      ...chosen.warnings,
    ],
  };
}

/** What a proof without problems says; a stack that was refused says its problems instead. */
function provenText(flows: readonly Flow[], doubts: number): string {
  const declared = new Set(flows.map(({ path }) => path)).size;
  const passing =
    declared === 0 ? "DNS passes" : `${declared} declared ${declared === 1 ? "flow" : "flows"} and DNS pass`;
  const rest = doubts === 0 ? "nothing else does" : "nothing else does, but for what the warnings name";
  return `${passing}, ${rest}; so it is at each stage of the roll-out`;
}

/** Under the name that a bundle gives it; those of the whole cluster are in none. */
const asBundled = (policy: Policy): Policy => (policy.namespace === undefined ? policy : bundled(policy));
