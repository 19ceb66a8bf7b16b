import { stackLabel } from "../live.ts";
import {
  bundledManifest,
  bundledSuffix,
  bundleLabel,
  bundleOf,
  type PolicyBundle,
  revisionAnnotation,
} from "./bundle.ts";
import type { Labels } from "./flow.ts";
import { isAsWanted, type LivePolicies, type LivePolicy, policyId } from "./live-policy.ts";
import type { Policy } from "./policies.ts";

/** A bundle, and what its deployment does. */
export interface PlannedBundle {
  readonly bundle: PolicyBundle;
  /**
   * Another one is the reason to apply the bundle again, though its content stays: when the cluster
   * differs. What is applied carries it, so that the next plan finds it and has no reason.
   */
  readonly revision: string;
  /** Objects to be created or changed, and those to be deleted, as `shop/allow-dns`. */
  readonly changes: { readonly write: readonly string[]; readonly remove: readonly string[] };
}

/** A namespaced policy as a bundle has it. */
export const bundled = (policy: Policy): Policy => ({ ...policy, name: policy.name + bundledSuffix });

/**
 * Packs policies into bundles. Whether one has to be applied again, no resource could tell: the engine
 * knows what it handed over, not what became of it.
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
  const ours = items.filter(({ metadata }) => metadata.labels?.[stackLabel] === labels[stackLabel]);
  const live = grouped(ours, ({ metadata }) => metadata.labels?.[bundleLabel] ?? "");
  live.delete("");
  // One that lost all its namespaces stays until nothing of it is left in the cluster.
  const names = [...new Set([...wanted.keys(), ...toCreate.keys(), ...live.keys()])].sort();
  return names.map((name) => {
    const bundle = {
      name,
      labels,
      createNamespaces: toCreate.get(name) ?? [],
      policies: wanted.get(name) ?? [],
    };
    return { bundle, ...compare(bundle, live.get(name) ?? [], revision) };
  });
}

function compare(
  bundle: PolicyBundle,
  live: readonly LivePolicy[],
  now: string,
): Pick<PlannedBundle, "revision" | "changes"> {
  const found = new Map(live.map((object) => [policyId(object), object]));
  const write: string[] = [];
  const applied: string[] = [];
  for (const policy of bundle.policies) {
    const manifest = bundledManifest(bundle, policy);
    const object = found.get(policyId(manifest));
    found.delete(policyId(manifest));
    if (!object || !isAsWanted(object, manifest)) write.push(nameOf(manifest));
    else applied.push(object.metadata.annotations?.[revisionAnnotation] ?? "");
  }
  const remove = [...found.values()].map(nameOf);
  const revision = write.length > 0 || remove.length > 0 ? now : latest(applied);
  return { revision, changes: { write, remove } };
}

const nameOf = ({ metadata: { namespace = "", name } }: Pick<LivePolicy, "metadata">): string =>
  `${namespace}/${name}`;

/** They count up, and are longer than a number may be. */
const latest = (revisions: readonly string[]): string =>
  revisions.reduce((a, b) => (b.length > a.length || (b.length === a.length && b > a) ? b : a), "");

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const others = groups.get(key);
    if (others) others.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
