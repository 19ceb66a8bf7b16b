import { networkPolicies, type Policy } from "../../model/policies/policies.ts";
import { type PolicyFacts, policyFacts } from "../../model/policies/facts.ts";
import { policyKey } from "../../model/policies/manifest.ts";
import { resolveFlows } from "../../model/policies/flows.ts";
import { settingsOf } from "./settings.ts";

/** A policy with a spec that can be looked into. */
export type SeenPolicy = Policy & {
  readonly spec: {
    readonly ingress?: readonly Record<string, unknown>[];
    readonly egress?: readonly Record<string, unknown>[];
  };
};

/** The policies of a configuration, by "namespace/name". */
export function policiesOf(raw: object, facts: Partial<PolicyFacts> = {}): Map<string, SeenPolicy> {
  const settings = settingsOf(raw);
  const known = { ...policyFacts(settings), ...facts };
  const policies = networkPolicies(settings, resolveFlows(settings, known).flows, known);
  return new Map(policies.map((policy) => [policyKey(policy), policy as SeenPolicy]));
}
