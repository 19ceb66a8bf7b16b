import { nearest } from "../did-you-mean.ts";
import type { LiveCluster } from "../live.ts";
import type { Problem } from "../problem.ts";
import type { Settings } from "../settings.ts";
import { clusterPolicyApiProblems } from "./cluster-policy-problems.ts";
import { isOnCilium } from "./dialect.ts";
import { type PolicyFacts, policyFacts } from "./facts.ts";
import type { Flow, Peer } from "./flow.ts";
import { resolveFlows } from "./flows.ts";
import { dnsByTunnel, isAllowance } from "./system-settings.ts";
import { networkPolicies, type Policy } from "./policies.ts";
import { withPolicies } from "./stages.ts";

export interface PolicyPlan {
  readonly facts: PolicyFacts;
  readonly flows: readonly Flow[];
  /** Those of namespaces that are only observed are not among them. */
  readonly policies: readonly Policy[];
  readonly problems: readonly Problem[];
}

/** All flows and policies of settings that are in order; without facts of a cluster as they say it alone. */
export function writePolicies(
  settings: Settings,
  facts: PolicyFacts = policyFacts(settings),
): Omit<PolicyPlan, "problems"> {
  const flows = [...resolveFlows(settings, facts).flows, ...dnsByTunnel(settings)];
  return { facts, flows, policies: networkPolicies(withPolicies(settings), flows, facts) };
}

/** The policies of a stack in the cluster that is there; the settings by themselves are in order. */
export function planPolicies(settings: Settings, live: LiveCluster): PolicyPlan {
  const { facts, flows, policies } = writePolicies(settings, policyFacts(settings, live));
  return {
    facts,
    flows,
    policies,
    problems: [
      ...namespaceProblems(settings, live, flows),
      ...apiServerProblems(settings, flows, facts),
      ...definitionProblems(settings, live, policies),
      ...clusterPolicyApiProblems(settings, live),
    ],
  };
}

/** A namespace that nobody has, a slip of the pen most likely: the flow would pass nowhere. */
function namespaceProblems(
  { namespaces, policies }: Settings,
  live: LiveCluster,
  flows: readonly Flow[],
): Problem[] {
  const known = new Set([...namespaces, ...live.namespaces].map(({ name }) => name));
  const lacking = (end: Peer): string | undefined =>
    end.kind === "pods" && end.namespace !== undefined && !known.has(end.namespace)
      ? end.namespace
      : undefined;
  // An allowance of kube-system may be there before who needs it.
  const written = flows.filter(({ path }) => !isAllowance({ namespaces }, path));
  const problems = written.flatMap(({ from, to, path }) =>
    (
      [
        ["from", from],
        ["to", to],
      ] as const
    ).flatMap(([key, end]) => {
      const name = lacking(end);
      if (name === undefined) return [];
      return [
        {
          path: `${path}.${key}`,
          message: `Namespace ${name} does not exist`,
          remedy: namespaceRemedy(name, [...known], policies),
        },
      ];
    }),
  );
  return distinct(problems);
}

function namespaceRemedy(name: string, known: readonly string[], policies: Settings["policies"]): string {
  const near = nearest(name, known);
  if (near !== undefined) return `did you mean ${near}?`;
  const keyword = (["monitoring", "ingressController"] as const).find(
    (key) => policies[key].namespace === name,
  );
  const elsewhere = keyword === undefined ? "correct the name" : `say in policies.${keyword} where it runs`;
  return `create it first, or ${elsewhere}`;
}

/** An API server that is known by its name alone, or by an address of this machine. */
function apiServerProblems(
  settings: Settings,
  flows: readonly Flow[],
  { apiServer }: PolicyFacts,
): Problem[] {
  if (isOnCilium(settings) || apiServer.addresses.length > 0) return [];
  const isApiServer = (end: Peer): boolean => end.kind === "entity" && end.entity === "api-server";
  return distinct(
    flows
      .filter(({ from, to }) => isApiServer(from) || isApiServer(to))
      .map(({ path, from }) => ({
        path: `${path}.${isApiServer(from) ? "from" : "to"}`,
        message: "No address of the API server is known that pods could reach",
        remedy: "set cluster.apiServer with an address as host",
      })),
  );
}

/** Cilium's objects where nobody has brought their definitions: with ours they come before the policies. */
function definitionProblems(
  { cilium }: Settings,
  { ciliumPolicies }: LiveCluster,
  policies: readonly Policy[],
): Problem[] {
  const needs = policies.some(({ kind }) => kind.startsWith("Cilium"));
  if (!needs || cilium.enabled || ciliumPolicies !== undefined) return [];
  return [
    {
      path: "policies.dialect",
      message: "The cluster does not know CiliumNetworkPolicy, and this stack deploys no Cilium",
      remedy: "leave it out, or let Cilium be deployed first",
    },
  ];
}

const distinct = (problems: readonly Problem[]): Problem[] => [
  ...new Map(problems.map((problem) => [`${problem.path} ${problem.message}`, problem])).values(),
];
