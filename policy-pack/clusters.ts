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
  const identities = new Map<string, Identity>();
  for (const resource of stack) {
    if (!resource.kind) continue;
    const urn = resource.provider?.urn ?? "";
    const identity = identities.get(urn) ?? identify(resource);
    identities.set(urn, identity);
    const { key, isKnown } = identity;
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

interface Identity {
  /** Holds credentials, and never leaves this module. */
  readonly key: string;
  readonly isKnown: boolean;
}

function identify({ provider }: Resource): Identity {
  const props = readTree(provider?.props ?? {});
  const parts = ["kubeconfig", "context", "cluster", "renderYamlToDirectory"].map((name) => at(props, name));
  return parts.includes(UNKNOWN)
    ? { key: provider?.urn ?? "", isKnown: false }
    : { key: JSON.stringify(parts.map((part) => part ?? null)), isKnown: true };
}
