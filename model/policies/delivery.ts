import { firstFew } from "../live-nodes.ts";
import type { Problem } from "../problem.ts";
import type { ServiceDelivery } from "../services/delivery.ts";
import type { Settings } from "../settings.ts";
import type { Planned } from "./bundle-changes.ts";
import { bundled, type PlannedBundle, planBundles } from "./bundle-plan.ts";
import type { Labels } from "./flow.ts";
import { becauseAnnotation, stackLabel } from "../live.ts";
import type { LivePolicies, LivePolicy } from "./live-policy.ts";
import { policyKey, workloadLabel } from "./manifest.ts";
import type { Policy } from "./policies.ts";
import { policyStages } from "./policy-stages.ts";
import { type PolicyBundle, bundleLabel, stageLabel } from "./bundle.ts";

/** How policies get into the cluster. */
export interface Delivery {
  /** Each of these is a resource of its own. */
  readonly policies: readonly Policy[];
  /** Namespaces that are resources of their own. */
  readonly createNamespaces: readonly string[];
  /** All others. */
  readonly bundles: readonly PlannedBundle[];
  /** Namespaces that go, whose allows stay in their bundles for this deployment. */
  readonly leaving: readonly string[];
}

/**
 * Says which policies become resources, and which are bundled. A policy of the whole cluster is always a
 * resource: there are few.
 *
 * Bundles come before it, so that it never denies without their allows. For the same reason allows of
 * namespaces that go stay where it still denies: until it has left, too, they would be denied without them.
 * The next deployment takes them away.
 * @param labels - of every object that the stack creates
 * @param denied - namespaces in which a policy of the whole cluster of this stack denies by now
 */
export function planDelivery(
  { policies: { delivery }, namespaces }: Settings,
  policies: readonly Policy[],
  labels: Labels,
  live: LivePolicies | undefined,
  denied: ReadonlySet<string> = new Set(),
): Delivery {
  const createNamespaces = namespaces.filter(({ create }) => create).map(({ name }) => name);
  if (delivery === "resources") return { policies, createNamespaces, bundles: [], leaving: [] };
  const inNamespaces = policies.filter(({ namespace }) => namespace !== undefined);
  const found = live ?? { items: [], revision: "" };
  const planned = new Set(inNamespaces.map(({ namespace }) => namespace));
  const staying = allowsOf(found.items, labels).filter(
    ({ namespace = "" }) => denied.has(namespace) && !planned.has(namespace),
  );
  return {
    policies: policies.filter(({ namespace }) => namespace === undefined),
    createNamespaces: [],
    bundles: planBundles([...inNamespaces.map(bundled), ...staying], createNamespaces, labels, found),
    leaving: [...new Set(staying.map(({ namespace = "" }) => namespace))].sort(),
  };
}

/** The stack's bundled policies but for denies, as they stand in the cluster. */
function allowsOf(live: readonly LivePolicy[], labels: Labels): Policy[] {
  return live.flatMap(({ kind, metadata, spec }): Policy[] => {
    const { name, namespace, labels: own = {}, annotations = {} } = metadata;
    const stage = policyStages.find((one) => one === own[stageLabel]);
    const isOurs = own[stackLabel] === labels[stackLabel] && own[bundleLabel] !== undefined;
    if (!isOurs || namespace === undefined || stage === undefined || stage === "deny") return [];
    const workload = own[workloadLabel];
    return [
      {
        kind: kind as Policy["kind"],
        namespace,
        name,
        stage,
        ...(workload !== undefined && { workload }),
        because: annotations[becauseAnnotation] ?? "",
        spec: spec ?? {},
      },
    ];
  });
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
  settings: Pick<Settings, "policies">,
  delivery: Delivery,
  services: ServiceDelivery,
): Problem[] {
  return [...leavingWarnings(delivery), ...resourceWarnings(settings, delivery, services)];
}

const leavingWarnings = ({ leaving }: Delivery): Problem[] =>
  leaving.length === 0
    ? []
    : [
        {
          path: "policies.delivery",
          message: `Until the policy of the whole cluster has left them, allows stay in namespaces that go, and isolate the pods that they select: ${firstFew(leaving)}`,
          remedy: "deploy once more after this deployment, which takes them away",
        },
      ];

function resourceWarnings(
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
