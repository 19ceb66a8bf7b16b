import { stackLabel } from "../live.ts";
import { bundleLabel, revisionAnnotation } from "./bundle.ts";
import type { Labels } from "./flow.ts";
import { isAsWanted, type LivePolicy, policyId } from "./live-policy.ts";
import type { Manifest } from "./manifest.ts";

/** A bundle, and what its deployment does. */
export interface Planned<Bundle> {
  readonly bundle: Bundle;
  /**
   * Another one is the reason to apply the bundle again, though its content stays: when the cluster
   * differs. What is applied carries it, so that the next plan finds it and has no reason.
   */
  readonly revision: string;
  /** Objects to be created or changed, and those to be deleted, as `shop/allow-dns`. */
  readonly changes: { readonly write: readonly string[]; readonly remove: readonly string[] };
}

/**
 * Whether a bundle has to be applied again, no resource could tell: the engine knows what it handed over,
 * not what became of it.
 * @param live - what carries the bundle's labels
 * @param now - revision at which that was read
 */
export function compareBundle(
  wanted: readonly Manifest<string>[],
  live: readonly LivePolicy[],
  now: string,
): Pick<Planned<unknown>, "revision" | "changes"> {
  const found = new Map(live.map((object) => [policyId(object), object]));
  const write: string[] = [];
  const applied: string[] = [];
  for (const manifest of wanted) {
    const object = found.get(policyId(manifest));
    found.delete(policyId(manifest));
    if (!object || !isAsWanted(object, manifest)) write.push(nameOf(manifest));
    else applied.push(object.metadata.annotations?.[revisionAnnotation] ?? "");
  }
  const remove = [...found.values()].map(nameOf);
  const revision = write.length > 0 || remove.length > 0 ? now : latest(applied);
  return { revision, changes: { write, remove } };
}

/** Objects of a stack that are in bundles, by bundle. */
export function byBundle(items: readonly LivePolicy[], labels: Labels): Map<string, LivePolicy[]> {
  const ours = items.filter(({ metadata }) => metadata.labels?.[stackLabel] === labels[stackLabel]);
  const live = grouped(ours, ({ metadata }) => metadata.labels?.[bundleLabel] ?? "");
  live.delete("");
  return live;
}

export function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const others = groups.get(key);
    if (others) others.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

const nameOf = ({ metadata: { namespace = "", name } }: Pick<LivePolicy, "metadata">): string =>
  `${namespace}/${name}`;

/** They count up, and are longer than a number may be. */
const latest = (revisions: readonly string[]): string =>
  revisions.reduce((a, b) => (b.length > a.length || (b.length === a.length && b > a) ? b : a), "");
