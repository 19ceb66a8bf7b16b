import { stackLabel } from "../live.ts";
import { bundleLabel } from "../policies/bundle.ts";
import { byBundle, compareBundle, grouped, type Planned } from "../policies/bundle-changes.ts";
import type { Labels } from "../policies/flow.ts";
import type { LivePolicies } from "../policies/live-policy.ts";
import type { Settings } from "../settings.ts";
import { bundledService, type ServiceBundle, serviceBundleOf } from "./bundle.ts";
import type { LiveService } from "./existing.ts";
import type { ServiceContent } from "./manifest.ts";
import type { PlannedService } from "./planned.ts";

/** How Services get into the cluster. */
export interface ServiceDelivery {
  /** Each of these is a resource of its own. */
  readonly services: readonly PlannedService[];
  /** All others. */
  readonly bundles: readonly Planned<ServiceBundle>[];
}

/** What of the cluster decides it. */
interface Live {
  /** Services under the names of planned ones. */
  readonly services?: readonly LiveService[] | undefined;
  /** Services that are in bundles, with their contents. */
  readonly bundledServices?: LivePolicies | undefined;
}

/**
 * Says which Services become resources, and which are bundled. One that is there stays as it came, whatever
 * the setting says: its name cannot stand there twice, as a policy's does while one delivery takes over from
 * the other, and clients would miss it.
 * @param planned - but for those that others have made
 * @param labels - of every object that the stack creates
 */
export function planServices(
  { policies: { delivery } }: Pick<Settings, "policies">,
  planned: readonly PlannedService[],
  labels: Labels,
  { services = [], bundledServices = { items: [], revision: "" } }: Live,
): ServiceDelivery {
  const stands = new Map(
    services
      .filter((one) => one.labels[stackLabel] === labels[stackLabel])
      .map((one) => [`${one.namespace ?? ""}/${one.name}`, Boolean(one.labels[bundleLabel])]),
  );
  const isBundled = ({ namespace, name }: PlannedService): boolean =>
    stands.get(`${namespace}/${name}`) ?? delivery === "bundles";
  const wanted = grouped(planned.filter(isBundled), ({ namespace }) => serviceBundleOf(namespace));
  const live = byBundle(bundledServices.items, labels);
  // One that lost all its Services stays until none of them is left in the cluster.
  const names = [...new Set([...wanted.keys(), ...live.keys()])].sort();
  return {
    services: planned.filter((service) => !isBundled(service)),
    bundles: names.map((name) => {
      const bundle: ServiceBundle = { name, labels, services: (wanted.get(name) ?? []).map(contentOf) };
      const manifests = bundle.services.map((service) => bundledService(bundle, service));
      return { bundle, ...compareBundle(manifests, live.get(name) ?? [], bundledServices.revision) };
    }),
  };
}

/** Without what tells of the settings: another order of them changes no bundle. */
function contentOf({
  namespace,
  name,
  headless,
  publishNotReadyAddresses,
  selector,
  ports,
  because,
}: PlannedService): ServiceContent {
  return { namespace, name, headless, publishNotReadyAddresses, selector, ports, because };
}

/** What the stack says of its Services: their reasons, and of bundles, which may hold thousands, what is in them. */
export const describeServices = ({ services, bundles }: ServiceDelivery): Record<string, string> =>
  Object.fromEntries([
    ...services.map(({ namespace, name, because }) => [`${namespace}/${name}`, because] as const),
    ...bundles.map(({ bundle }) => [`bundle ${bundle.name}`, describeBundle(bundle)] as const),
  ]);

function describeBundle({ name, services }: ServiceBundle): string {
  const namespaces = new Set(services.map(({ namespace }) => namespace)).size;
  const show = `kubectl get services -A -l ${bundleLabel}=${name}`;
  return `${services.length} Services of ${namespaces} namespaces: ${show}`;
}
