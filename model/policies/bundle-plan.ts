import { bundledManifest, bundledSuffix, bundleOf, type PolicyBundle } from "./bundle.ts";
import { byBundle, compareBundle, grouped, type Planned } from "./bundle-changes.ts";
import type { Labels } from "./flow.ts";
import type { LivePolicies } from "./live-policy.ts";
import type { Policy } from "./policies.ts";

export type PlannedBundle = Planned<PolicyBundle>;

/** A namespaced policy as a bundle has it. */
export const bundled = (policy: Policy): Policy => ({ ...policy, name: policy.name + bundledSuffix });

/**
 * Packs policies into bundles.
 * @param policies - as {@link bundled} has them
 * @param labels - of every object that the stack creates
 */
export function planBundles(
  policies: readonly Policy[],
  createNamespaces: readonly string[],
  labels: Labels,
  { items, revision }: LivePolicies,
): PlannedBundle[] {
  const wanted = grouped(policies, ({ namespace = "" }) => bundleOf(namespace));
  const toCreate = grouped(createNamespaces, bundleOf);
  const live = byBundle(items, labels);
  // One that lost all its namespaces stays until nothing of it is left in the cluster.
  const names = [...new Set([...wanted.keys(), ...toCreate.keys(), ...live.keys()])].sort();
  return names.map((name) => {
    const bundle = {
      name,
      labels,
      createNamespaces: toCreate.get(name) ?? [],
      policies: wanted.get(name) ?? [],
    };
    const manifests = bundle.policies.map((policy) => bundledManifest(bundle, policy));
    return { bundle, ...compareBundle(manifests, live.get(name) ?? [], revision) };
  });
}
