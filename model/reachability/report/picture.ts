import type { Problem } from "../../problem.ts";
import { at } from "../../tree.ts";
import type { Inventory } from "../inventory/inventory.ts";
import type { NamedObject } from "../inventory/objects.ts";
import { readPolicies } from "../read-policies.ts";
import type { ReadPolicy } from "../rules.ts";
import type { Dialect, World } from "../world.ts";

/** All that is known, ready to be asked. */
export interface Picture {
  readonly inventory: Inventory;
  readonly world: World;
  /** Why it is read in this dialect. */
  readonly dialectBecause: string;
  /** Policies that are not, or not wholly, understood: what they decide about is not known. */
  readonly doubts: readonly Doubt[];
  /** What a reader should know of what was assumed. */
  readonly notes: readonly string[];
}

/** A policy that may decide otherwise than it seems. */
export interface Doubt {
  readonly problem: Problem;
  /** The namespace of its pods; undefined for all. */
  readonly namespace: string | undefined;
}

/**
 * Reads the policies of an inventory.
 * @param dialect - default: Cilium's where the inventory shows that Cilium is there
 */
export function pictureOf(inventory: Inventory, dialect?: Dialect): Picture {
  const read = inventory.policies.map(readOne);
  const policies = read.flatMap((one) => one.policies);
  const [chosen, dialectBecause]: [Dialect, string] = dialect
    ? [dialect, "as asked for"]
    : inventory.hasCilium
      ? ["cilium", "Cilium's objects are there"]
      : ["kubernetes", "nothing of Cilium was found"];
  const { sctp, network, namespaces, groups } = inventory;
  // Addresses that are not known are another thing than none.
  const pods = groups.map((group) =>
    group.addresses?.length === 0 ? { ...group, addresses: undefined } : group,
  );
  return {
    inventory: { ...inventory, groups: pods },
    world: { namespaces, pods, policies, dialect: chosen, network, ...(sctp !== undefined && { sctp }) },
    dialectBecause,
    doubts: [...read.flatMap((one) => one.doubts), ...inventory.foreign.map(foreignDoubt)],
    notes: [...inventory.notes, ...impliedNotes(inventory, policies)],
  };
}

function readOne(object: NamedObject): { policies: readonly ReadPolicy[]; doubts: Doubt[] } {
  const { namespace, where, title } = object;
  const { policies, problems } = readPolicies([atHome(object)]);
  const doubts = problems.map(({ path, ...problem }): Doubt => {
    const place = path.startsWith(title) ? path : `${title} ${path}`;
    return { namespace, problem: { ...problem, path: `${where}: ${place}` } };
  });
  return { policies, doubts };
}

/** With the namespace that it was taken for. */
function atHome({ manifest, namespace }: NamedObject): unknown {
  if (namespace === undefined || at(manifest, "metadata", "namespace") !== undefined) return manifest;
  const { metadata, ...rest } = manifest as { readonly metadata: object };
  return { ...rest, metadata: { ...metadata, namespace } };
}

const foreignDoubt = ({ title, group, where, namespace }: NamedObject): Doubt => ({
  namespace,
  problem: {
    path: `${where}: ${title}`,
    message: `Policies of ${group} are not read here, and it may allow or deny`,
    remedy: `look at it by hand: what reaches ${namespace === undefined ? "any pod" : `the pods of ${namespace}`} is not known`,
  },
});

/** Labels of namespaces that were not given can only matter where some policy asks for others than the name. */
function impliedNotes({ namespaces }: Inventory, policies: readonly ReadPolicy[]): string[] {
  const asksForMore = policies.some(({ parts }) =>
    parts.some(({ subject, ingress, egress }) => {
      const peers = [...ingress.rules, ...egress.rules].flatMap(({ peers: all }) => all ?? []);
      const selections = [...(subject ? [subject] : []), ...peers.filter((peer) => peer.kind === "pods")];
      return selections.some(({ namespaces: selector }) =>
        selector.some(({ key }) => !key.endsWith("/metadata.name")),
      );
    }),
  );
  const implied = namespaces.filter(({ isImplied }) => isImplied).map(({ name }) => name);
  return asksForMore && implied.length > 0
    ? [`Of these namespaces only the name is known, and policies ask for labels: ${implied.join(", ")}`]
    : [];
}

/** What keeps the verdict about a pod from being known. */
export const doubtsAbout = ({ doubts }: Picture, namespace: string): readonly Doubt[] =>
  doubts.filter((doubt) => doubt.namespace === undefined || doubt.namespace === namespace);
