import { policyFacts } from "../model/policies/facts.ts";
import { policyKey } from "../model/policies/manifest.ts";
import { writePolicies } from "../model/policies/plan-policies.ts";
import { formatProblem } from "../model/problem.ts";
import { provePolicies } from "../model/reachability/stack.ts";
import type { Settings } from "../model/settings.ts";

/** Policies as the settings alone make them: addresses that only a cluster tells are not in them. */
export interface ExplainedPolicies {
  /** How many flows there are, one for each pair of ends and port. */
  readonly flows: number;
  /** Kind and reason of each policy, by `namespace/name`. */
  readonly policies: Readonly<Record<string, { readonly kind: string; readonly because: string }>>;
  /** What keeps flows from passing, or lets something else pass; empty: the proof holds. */
  readonly unproved: readonly string[];
}

/** So many policies are a screenful; all of them are in the JSON. */
const atMost = 30;

/** Stands for the API server's, which the cluster tells; of a range that is for examples. */
const anyAddress = "192.0.2.1";

/** What becomes of a stack's flows, and whether it is what they mean. */
export function explainPolicies(settings: Settings): ExplainedPolicies {
  const facts = policyFacts(settings);
  const { addresses } = facts.apiServer;
  const apiServer = { ...facts.apiServer, addresses: addresses.length > 0 ? addresses : [anyAddress] };
  const plan = writePolicies(settings, { ...facts, apiServer });
  const named = plan.flows.flatMap(({ from, to }) =>
    [from, to].flatMap((end) => (end.kind === "pods" && end.namespace !== undefined ? [end.namespace] : [])),
  );
  // Namespaces that are not declared are taken to be there.
  const namespaces = [...new Set(named)].map((name) => ({ name, labels: {} }));
  const { problems } = provePolicies(settings, plan, { namespaces }, "explained");
  return {
    flows: plan.flows.length,
    policies: Object.fromEntries(
      plan.policies.map((policy) => [policyKey(policy), { kind: policy.kind, because: policy.because }]),
    ),
    unproved: problems.map(formatProblem),
  };
}

/** Rows of kind, name and reason for a table, at most a screenful. */
export function policyRows({ policies }: ExplainedPolicies): [string, string, string][] {
  const all = Object.entries(policies);
  const rows = all
    .slice(0, atMost)
    .map(([name, { kind, because }]): [string, string, string] => [name, kind, because]);
  return all.length > atMost ? [...rows, ["…", "", `and ${all.length - atMost} more: --json`]] : rows;
}

/** What the proof says, in a line. */
export const proofLine = ({ flows, unproved }: ExplainedPolicies): string =>
  unproved.length > 0
    ? "Proof: the policies are not what the flows mean"
    : `Proof: ${flows} flows pass, and nothing else does but DNS (docs/proof.md); the preview holds it against what is in the cluster, too`;
