import { isPlainObject } from "../../cilium/merge-values.ts";
import { asText, at } from "../../tree.ts";

/** A manifest, and where it was read. */
export interface Sourced {
  /** For messages: `policies.yaml, document 3`, `the cluster`. */
  readonly where: string;
  readonly manifest: unknown;
  /**
   * Later layers replace earlier ones, as applying them would: 0 is what is there, 1 what a change lays over
   * it. Default: 0.
   */
  readonly layer?: number;
  /** A workload that is only declared: it counts where no object of its name is there. */
  readonly isDeclared?: boolean;
}

/** A manifest of which kind and name are known. */
export interface NamedObject extends Sourced {
  /** The group of its API, without the version; empty for the core. */
  readonly group: string;
  readonly kind: string;
  /** Where the kind has namespaces; undefined for cluster-wide kinds. */
  readonly namespace: string | undefined;
  readonly name: string;
  /** `NetworkPolicy shop/allow-dns`, for messages. */
  readonly title: string;
}

/** What a pile of manifests is made of. */
export interface Sorted {
  readonly objects: readonly NamedObject[];
  /** Documents that are no objects of Kubernetes: other people's YAML in the same folder. */
  readonly others: number;
  /** Objects that stood twice in the same layer; the last one counts, as it does for the API server. */
  readonly twice: readonly string[];
  /** Objects that name no namespace, and were taken for ones of the default one. */
  readonly homeless: readonly string[];
}

/** Kinds without a namespace, among those that matter here. */
const clusterWide = new Set([
  "Namespace",
  "Node",
  "CiliumClusterwideNetworkPolicy",
  "ClusterNetworkPolicy",
  "AdminNetworkPolicy",
  "BaselineAdminNetworkPolicy",
  "GlobalNetworkPolicy",
]);

/**
 * Takes lists apart, and lets an object take the place of an earlier one of the same kind and name.
 * @param defaultNamespace - of objects that name none, as kubectl's context would give it
 */
export function sortObjects(sourced: readonly Sourced[], defaultNamespace = "default"): Sorted {
  const found = new Map<string, NamedObject>();
  const [twice, homeless]: [string[], string[]] = [[], []];
  let others = 0;
  for (const one of sourced.flatMap(unfold)) {
    const object = named(one, defaultNamespace);
    if (!object) {
      others += 1;
      continue;
    }
    const key = [object.group, object.kind, object.namespace, object.name].join("/");
    const earlier = found.get(key);
    if (earlier && object.isDeclared) continue;
    if (earlier && (earlier.layer ?? 0) === (object.layer ?? 0) && !earlier.isDeclared)
      twice.push(object.title);
    if (object.namespace !== undefined && at(object.manifest, "metadata", "namespace") === undefined) {
      homeless.push(object.title);
    }
    // Anew at the end, so that the order is that of the pile.
    found.delete(key);
    found.set(key, object);
  }
  return { objects: [...found.values()], others, twice, homeless };
}

/** The items of a List or of a list of one kind; these do not name their own kind. */
function unfold(one: Sourced): Sourced[] {
  const kind = asText(at(one.manifest, "kind"));
  const items = at(one.manifest, "items");
  if (typeof kind !== "string" || !kind.endsWith("List") || !Array.isArray(items)) return [one];
  const inherited = { apiVersion: at(one.manifest, "apiVersion"), kind: kind.slice(0, -"List".length) };
  return items.flatMap((item: unknown, i): Sourced[] => {
    const manifest = isPlainObject(item) && kind !== "List" ? { ...inherited, ...item } : item;
    return unfold({ ...one, where: `${one.where}, item ${i + 1}`, manifest });
  });
}

function named(one: Sourced, defaultNamespace: string): NamedObject | undefined {
  const [apiVersion, kind, name, namespace] = [
    at(one.manifest, "apiVersion"),
    at(one.manifest, "kind"),
    at(one.manifest, "metadata", "name"),
    at(one.manifest, "metadata", "namespace"),
  ];
  if (typeof apiVersion !== "string" || typeof kind !== "string" || typeof name !== "string")
    return undefined;
  const home = typeof namespace === "string" ? namespace : defaultNamespace;
  const own = clusterWide.has(kind) ? undefined : home;
  return {
    ...one,
    group: apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "",
    kind,
    namespace: own,
    name,
    title: `${kind} ${own === undefined ? name : `${own}/${name}`}`,
  };
}
