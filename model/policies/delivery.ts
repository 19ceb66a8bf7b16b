import { firstFew } from "../live-nodes.ts";
import type { Problem } from "../problem.ts";
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

/** With more resources than this a deployment takes minutes for rewriting its own state. */
const resourcesAtMost = 500;

/**
 * What deserves a look about the way that objects take.
 * @param services - how many Services there are, each of them a resource
 */
export function deliveryWarnings({ policies, createNamespaces }: Delivery, services: number): Problem[] {
  const resources = policies.length + createNamespaces.length + services;
  if (resources <= resourcesAtMost) return [];
  const minutes = Math.round(secondsOfResources(resources) / 60);
  const isPolicies = policies.length >= services;
  const what = isPolicies ? `${policies.length} policies` : `${services} Services`;
  return [
    {
      path: isPolicies ? "policies.delivery" : "namespaces",
      message: `${what} are a resource each, and a backend that is a file or a bucket writes the whole state anew at each: at least ${minutes} minutes for a first deployment`,
      remedy: isPolicies
        ? "set policies.delivery: bundles, which holds many policies in each resource"
        : "set service: none for workloads whose Services others make",
    },
  ];
}

/** Each rewrites the state, at 16 KiB for each that is there: 430 were made in four minutes on two busy cores. */
const secondsOfResources = (resources: number): number => 0.0005 * resources ** 2;

/** What a deployment changes in bundles, which the engine shows as a few commands; undefined when nothing. */
export function bundleChanges({ bundles }: Delivery): string | undefined {
  const write = bundles.flatMap(({ changes }) => changes.write);
  const remove = bundles.flatMap(({ changes }) => changes.remove);
  const parts = [
    ...(write.length > 0 ? [`written: ${write.length} (${firstFew(write)})`] : []),
    ...(remove.length > 0 ? [`deleted: ${remove.length} (${firstFew(remove)})`] : []),
  ];
  return parts.length === 0 ? undefined : `Policies in bundles, ${parts.join("; ")}`;
}

function describeBundle({ name, policies }: PolicyBundle): string {
  const kinds = [
    ...new Set(policies.map(({ kind }) => `${kind}s`.toLowerCase().replace("policys", "policies"))),
  ];
  const namespaces = new Set(policies.map(({ namespace }) => namespace)).size;
  const show = `kubectl get ${kinds.join()} -A -l ${bundleLabel}=${name}`;
  return `${policies.length} policies of ${namespaces} namespaces: ${show}`;
}
