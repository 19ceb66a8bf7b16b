import type { Settings } from "../settings.ts";
import { bundled, type PlannedBundle, planBundles } from "./bundle-plan.ts";
import type { Labels } from "./flow.ts";
import type { LivePolicies } from "./live-policy.ts";
import { policyKey } from "./manifest.ts";
import type { Policy } from "./policies.ts";
import { type PolicyBundle, bundleLabel } from "./bundle.ts";

/** How policies get into the cluster. */
export interface Delivery {
  /** Each of these is a resource of its own. */
  readonly policies: readonly Policy[];
  /** Namespaces that are resources of their own. */
  readonly createNamespaces: readonly string[];
  /** All others. */
  readonly bundles: readonly PlannedBundle[];
}

/**
 * Says which policies become resources, and which are bundled. A policy of the whole cluster is always a
 * resource: there are few.
 * @param labels - of every object that the stack creates
 */
export function planDelivery(
  { policies: { delivery }, namespaces }: Settings,
  policies: readonly Policy[],
  labels: Labels,
  live: LivePolicies | undefined,
): Delivery {
  const createNamespaces = namespaces.filter(({ create }) => create).map(({ name }) => name);
  if (delivery === "resources") return { policies, createNamespaces, bundles: [] };
  const inNamespaces = policies.filter(({ namespace }) => namespace !== undefined);
  const found = live ?? { items: [], revision: "" };
  return {
    policies: policies.filter(({ namespace }) => namespace === undefined),
    createNamespaces: [],
    bundles: planBundles(inNamespaces.map(bundled), createNamespaces, labels, found),
  };
}

/** All policies, under the names that they have in the cluster. */
export const deliveredPolicies = ({ policies, bundles }: Delivery): Policy[] => [
  ...policies,
  ...bundles.flatMap(({ bundle }) => bundle.policies),
];

/** What the stack says of its policies: their reasons, and of bundles, which may hold thousands, what is in them. */
export const describePolicies = ({ policies, bundles }: Delivery): Record<string, string> =>
  Object.fromEntries([
    ...policies.map((policy) => [policyKey(policy), policy.because] as const),
    ...bundles.map(({ bundle }) => [`bundle ${bundle.name}`, describeBundle(bundle)] as const),
  ]);

function describeBundle({ name, policies }: PolicyBundle): string {
  const kinds = [
    ...new Set(policies.map(({ kind }) => `${kind}s`.toLowerCase().replace("policys", "policies"))),
  ];
  const namespaces = new Set(policies.map(({ namespace }) => namespace)).size;
  const show = `kubectl get ${kinds.join()} -A -l ${bundleLabel}=${name}`;
  return `${policies.length} policies of ${namespaces} namespaces: ${show}`;
}
