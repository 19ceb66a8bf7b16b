import type { Reach } from "../model/isolation/default-deny.ts";
import type { NamespaceFacts } from "../model/isolation/selector.ts";
import { asEntries, asText, at } from "../model/tree.ts";
import { UNKNOWN, type Maybe } from "../model/verdict.ts";
import { readTree } from "./reader.ts";
import type { Resource } from "./resource.ts";

/** A namespace that a stack declares, or uses without declaring it. */
interface StackNamespace extends NamespaceFacts {
  /** For messages: `Namespace shop`. */
  readonly where: string;
  readonly urn: string;
}

export interface StackNamespaces {
  readonly named: readonly StackNamespace[];
  /** Declared or used, under a name that is not known yet. */
  readonly unnamed: readonly Resource[];
}

/** Kinds that run pods, or lead traffic to them. */
const USERS: readonly (readonly [group: string, ...kinds: string[]])[] = [
  ["", "Pod", "ReplicationController", "Service"],
  ["apps", "Deployment", "DaemonSet", "ReplicaSet", "StatefulSet"],
  ["batch", "Job", "CronJob"],
];

/** The namespaces of one cluster's resources: those declared, and those in which something runs. */
export function namespacesOf(resources: readonly Resource[]): StackNamespaces {
  const named = new Map<string, StackNamespace>();
  const unnamed: Resource[] = [];
  const declared = declaredNames(resources);
  for (const resource of resources.filter((one) => one.is("", "Namespace"))) {
    const name = resource.objectName;
    if (typeof name !== "string") unnamed.push(resource);
    else named.set(name, { name, labels: labelsOf(resource), where: `Namespace ${name}`, urn: resource.urn });
  }
  for (const resource of resources.filter(usesNamespace)) {
    const reach = reachOf(resource, declared);
    if (reach.kind === "namespace" && !named.has(reach.name)) {
      const where = `Namespace ${reach.name} (used by ${resource.label})`;
      named.set(reach.name, { name: reach.name, labels: UNKNOWN, where, urn: resource.urn });
    } else if (reach.kind === UNKNOWN && reach.candidates.length === 0) unnamed.push(resource);
  }
  return { named: [...named.values()], unnamed };
}

/** The names of the namespaces that these resources declare, by URN. */
export function declaredNames(
  resources: readonly Resource[],
): ReadonlyMap<string, Maybe<string | undefined>> {
  return new Map(
    resources.filter((one) => one.is("", "Namespace")).map((one) => [one.urn, one.objectName] as const),
  );
}

/**
 * The namespace of an object. One that comes from a Namespace of the same program whose
 * name is not known yet is bound to that Namespace.
 *
 * Of a namespace that is not known the provider makes its default one. That shows by the
 * metadata depending on a Namespace of another name, and counts as not known.
 */
export function reachOf(resource: Resource, declared: ReadonlyMap<string, Maybe<string | undefined>>): Reach {
  const given = resource.namespace;
  const sources = resource
    .dependencies(resource.isRelease ? "namespace" : "metadata")
    .filter((urn) => declared.has(urn))
    // A name that is not known matches none of those that are.
    .map((urn) => asName(declared.get(urn)) ?? urn);
  if (given === UNKNOWN || (sources.length > 0 && !sources.includes(given ?? ""))) {
    return { kind: UNKNOWN, candidates: sources };
  }
  const byDefault = at(readTree(resource.provider?.props ?? {}), "namespace");
  return { kind: "namespace", name: given ?? asName(asText(byDefault)) ?? "default" };
}

const asName = (name: Maybe<string | undefined>): string | undefined => (name === UNKNOWN ? undefined : name);

function usesNamespace(resource: Resource): boolean {
  return resource.isRelease || USERS.some(([group, ...kinds]) => resource.is(group, ...kinds));
}

function labelsOf(resource: Resource): NamespaceFacts["labels"] {
  const labels = asEntries(at(resource.tree, "metadata", "labels"));
  if (labels === UNKNOWN || resource.kind?.patch) return UNKNOWN;
  return Object.fromEntries(labels.map(([key, value]) => [key, asText(value) ?? ""]));
}
