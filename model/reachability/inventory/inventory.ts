import { asEntries, at, type Tree } from "../../tree.ts";
import { groupBy } from "../group-by.ts";
import { namespaceLabels } from "../selector.ts";
import type { Labels, WorldNetwork } from "../world.ts";
import { type Group, groupPods } from "./groups.ts";
import { networkFacts } from "./network-facts.ts";
import { type NamedObject, type Sourced, sortObjects } from "./objects.ts";
import { itemsOf, labelsOf, templatePaths } from "./pod-template.ts";
import { type Service, serviceOf } from "./service.ts";

/** What a cluster, or a pile of manifests, holds of what decides who reaches whom. */
export interface Inventory {
  readonly namespaces: readonly KnownNamespace[];
  readonly groups: readonly Group[];
  readonly services: readonly Service[];
  /** Policies of the kinds that can be judged. */
  readonly policies: readonly NamedObject[];
  /** Policies of other makers, or older drafts: they decide, too, and nobody here can say how. */
  readonly foreign: readonly NamedObject[];
  readonly hasCilium: boolean;
  /** Whether Cilium was found to pass SCTP; undefined where its configuration is not there. */
  readonly sctp: boolean | undefined;
  readonly network: WorldNetwork;
  /** How many there are of each kind that does not matter here. */
  readonly ignored: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
}

interface KnownNamespace {
  readonly name: string;
  readonly labels: Labels;
  /** Only others name it: which labels it has is not known, but for that of its name. */
  readonly isImplied: boolean;
}

const judged: Readonly<Record<string, string>> = {
  NetworkPolicy: "networking.k8s.io",
  CiliumNetworkPolicy: "cilium.io",
  CiliumClusterwideNetworkPolicy: "cilium.io",
  ClusterNetworkPolicy: "policy.networking.k8s.io",
};

/** Policies on addresses and ports that are not read here, by the group of their API. */
const foreign: Readonly<Record<string, readonly string[]>> = {
  extensions: ["NetworkPolicy"],
  "policy.networking.k8s.io": ["AdminNetworkPolicy", "BaselineAdminNetworkPolicy"],
  "crd.projectcalico.org": ["NetworkPolicy", "GlobalNetworkPolicy"],
  "projectcalico.org": ["NetworkPolicy", "GlobalNetworkPolicy"],
  "crd.antrea.io": ["NetworkPolicy", "ClusterNetworkPolicy"],
};

/** Sorts what was read by what it means for reachability. */
export function takeInventory(sourced: readonly Sourced[], defaultNamespace?: string): Inventory {
  const { objects, others, twice, homeless } = sortObjects(sourced, defaultNamespace);
  const policies = objects.filter(({ kind, group }) => judged[kind] === group);
  const groups = groupPods(objects, askedLabels(policies));
  const rest = objects.filter((one) => !matters(one));
  const counts = groupBy(rest, ({ kind }) => kind);
  return {
    namespaces: namespacesOf(objects),
    groups,
    services: objects.filter(({ kind, group }) => kind === "Service" && group === "").map(serviceOf),
    policies,
    foreign: objects.filter(isForeign),
    ...networkFacts(objects),
    hasCilium: objects.some(showsCilium),
    ignored: Object.fromEntries([...counts].sort().map(([kind, found]) => [kind, found.length])),
    notes: [
      ...(others > 0 ? [`${count(others, "document")} passed over: no objects of Kubernetes`] : []),
      ...(twice.length > 0 ? [`Found twice, the last one counts: ${some(twice)}`] : []),
      ...(homeless.length > 0
        ? [`Without a namespace, taken for ${defaultNamespace ?? "default"} (--namespace): ${some(homeless)}`]
        : []),
    ],
  };
}

const showsCilium = ({ kind, group, namespace, name }: NamedObject): boolean => {
  if (group === "cilium.io") return true;
  const isOwn = namespace === "kube-system" && name === "cilium-config";
  return (kind === "ConfigMap" && isOwn) || (kind === "DaemonSet" && group === "apps" && name === "cilium");
};

const isForeign = ({ kind, group }: NamedObject): boolean => foreign[group]?.includes(kind) ?? false;

const matters = (object: NamedObject): boolean => {
  const { kind, group } = object;
  if (judged[kind] === group || isForeign(object)) return true;
  if (["", "apps", "batch"].includes(group) && templatePaths[kind]) return true;
  return group === "" && ["Namespace", "Pod", "Service", "Node", "Endpoints", "ConfigMap"].includes(kind);
};

/** Those that are there, and those that something is said to be in. */
function namespacesOf(objects: readonly NamedObject[]): KnownNamespace[] {
  const found = new Map<string, KnownNamespace>();
  for (const { kind, namespace, group } of objects) {
    const isUsed =
      namespace !== undefined && (kind in templatePaths || kind === "Pod" || judged[kind] === group);
    if (isUsed)
      found.set(namespace, { name: namespace, labels: namespaceLabels(namespace, {}), isImplied: true });
  }
  for (const { kind, group, name, manifest } of objects) {
    if (kind !== "Namespace" || group !== "") continue;
    const labels = namespaceLabels(name, labelsOf(at(manifest, "metadata", "labels")));
    found.set(name, { name, labels, isImplied: false });
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** All labels that selectors ask for, wherever they stand; Cilium's say where a label is from. */
function askedLabels(policies: readonly NamedObject[]): Set<string> {
  const asked = new Set<string>();
  const add = (key: unknown): unknown =>
    typeof key === "string" ? asked.add(key.replace(/^(k8s|any)[:.]/, "")) : undefined;
  const walk = (tree: Tree): void => {
    const entries = Array.isArray(tree) ? [...(tree as unknown[]).entries()] : asEntries(tree);
    if (typeof entries === "symbol") return;
    for (const [key, value] of entries) {
      if (key === "matchLabels" && typeof value === "object") Object.keys(value ?? {}).forEach(add);
      if (key === "matchExpressions") itemsOf(value).forEach((one) => add(at(one, "key")));
      walk(value);
    }
  };
  for (const { manifest } of policies) walk(manifest);
  return asked;
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`;

const some = (names: readonly string[]): string =>
  names.length > 4 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
