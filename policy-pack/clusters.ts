import { at } from "../model/tree.ts";
import { UNKNOWN } from "../model/verdict.ts";
import { readTree } from "./reader.ts";
import type { Resource } from "./resource.ts";

/** A cluster, as the providers of its resources name it. */
export interface Cluster {
  readonly resources: readonly Resource[];
  /** Resources of providers about which nobody can tell yet whether they mean this cluster. */
  readonly perhaps: readonly Resource[];
}

/**
 * Groups the objects of Kubernetes by cluster: a stack may deploy to several, and what
 * stands in one does not protect another. Providers with the same kubeconfig, context and
 * cluster name mean the same one.
 */
export function clustersOf(stack: readonly Resource[]): readonly Cluster[] {
  const groups = new Map<string, { isKnown: boolean; resources: Resource[] }>();
  for (const resource of stack) {
    if (!resource.kind) continue;
    const { key, isKnown } = identify(resource);
    const group = groups.get(key) ?? { isKnown, resources: [] };
    group.resources.push(resource);
    groups.set(key, group);
  }
  const all = [...groups.values()];
  return all.map((group) => ({
    resources: group.resources,
    perhaps: all
      .filter((other) => other !== group && !(other.isKnown && group.isKnown))
      .flatMap(({ resources }) => resources),
  }));
}

/** The key holds credentials and never leaves this module. */
function identify({ provider }: Resource): { key: string; isKnown: boolean } {
  const props = readTree(provider?.props ?? {});
  const parts = ["kubeconfig", "context", "cluster", "renderYamlToDirectory"].map((name) => at(props, name));
  return parts.includes(UNKNOWN)
    ? { key: provider?.urn ?? "", isKnown: false }
    : { key: JSON.stringify(parts.map((part) => part ?? null)), isKnown: true };
}
