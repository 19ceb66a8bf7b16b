import { firstFew } from "../live-nodes.ts";
import type { Problem } from "../problem.ts";
import type { ServiceDelivery } from "../services/delivery.ts";
import type { Settings } from "../settings.ts";
import type { Planned } from "./bundle-changes.ts";
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

/** What deserves a look about the way that objects take. */
export function deliveryWarnings(
  { policies: { delivery } }: Pick<Settings, "policies">,
  { policies, createNamespaces }: Delivery,
  { services }: ServiceDelivery,
): Problem[] {
  const resources = policies.length + createNamespaces.length + services.length;
  if (resources <= resourcesAtMost) return [];
  const minutes = Math.round(secondsOfResources(resources) / 60);
  const what =
    policies.length >= services.length ? `${policies.length} policies` : `${services.length} Services`;
  return [
    {
      path: "policies.delivery",
      message: `${what} are a resource each, and a backend that is a file or a bucket writes the whole state anew at each: at least ${minutes} minutes for a first deployment`,
      remedy:
        delivery === "resources"
          ? "set bundles, which holds many objects in each resource"
          : "Services stay as they came: make one deployment with service: none, and they come back in bundles by the next; clients miss them in between",
    },
  ];
}

/** Each rewrites the state, at 16 KiB for each that is there: 430 were made in four minutes on two busy cores. */
const secondsOfResources = (resources: number): number => 0.0005 * resources ** 2;

/** What a deployment changes in bundles, which the engine shows as a few commands. */
export const bundleChanges = (policies: Delivery, services: ServiceDelivery): string[] => [
  ...changesOf("Policies", policies.bundles),
  ...changesOf("Services", services.bundles),
];

function changesOf(what: string, bundles: readonly Planned<unknown>[]): string[] {
  const write = bundles.flatMap(({ changes }) => changes.write);
  const remove = bundles.flatMap(({ changes }) => changes.remove);
  const parts = [
    ...(write.length > 0 ? [`written: ${write.length} (${firstFew(write)})`] : []),
    ...(remove.length > 0 ? [`deleted: ${remove.length} (${firstFew(remove)})`] : []),
  ];
  return parts.length === 0 ? [] : [`${what} in bundles, ${parts.join("; ")}`];
}

function describeBundle({ name, policies }: PolicyBundle): string {
  const kinds = [
    ...new Set(policies.map(({ kind }) => `${kind}s`.toLowerCase().replace("policys", "policies"))),
  ];
  const namespaces = new Set(policies.map(({ namespace }) => namespace)).size;
  const show = `kubectl get ${kinds.join()} -A -l ${bundleLabel}=${name}`;
  return `${policies.length} policies of ${namespaces} namespaces: ${show}`;
}
