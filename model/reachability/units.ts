import { type AddressSet, cidrAddresses, everyAddress } from "./addresses.ts";
import { type Intervals, unite } from "./intervals.ts";
import { namespaceLabels } from "./selector.ts";
import type { Labels, PodGroup, World } from "./world.ts";

/** One who connects or is connected to, as far as policies can tell apart. */
export type Unit =
  | { readonly kind: "pods"; readonly group: PodGroup; readonly namespaceLabels: Labels }
  | { readonly kind: "entity"; readonly entity: Entity }
  /** Addresses from the first to before the second, which no CIDR of any rule cuts. */
  | { readonly kind: "addresses"; readonly from: bigint; readonly to: bigint }
  /** A DNS name outside the cluster; `anything` stands for a wildcard. */
  | { readonly kind: "name"; readonly name: string };

/** Who is neither a pod nor an address; own-node is the node that the pod at the other end runs on. */
export type Entity = "own-node" | "nodes" | "api-server" | "ingress";

const entities: readonly Entity[] = ["own-node", "nodes", "api-server", "ingress"];

/** Everybody there is: pods first, then entities, addresses and names. */
export interface Units {
  readonly all: readonly Unit[];
  readonly pods: ReadonlyMap<PodGroup, number>;
  readonly entities: ReadonlyMap<Entity, number>;
  readonly names: ReadonlyMap<string, number>;
  /** First address of each unit of addresses, ascending, and the index of the first of them. */
  readonly starts: readonly bigint[];
  readonly firstAddress: number;
}

/** Address ranges and names that somebody asks about, beside those of the policies. */
export interface Mentioned {
  readonly cidrs: readonly string[];
  readonly names: readonly string[];
  /**
   * A rule for a name means the name alone, not the addresses that it may have, and a range no names. Default:
   * false, any address may be that of a name.
   */
  readonly namesApart?: boolean;
}

/** Where clouds tell an instance its credentials. */
const metadataAddresses: readonly string[] = ["169.254.169.254/32", "fd00:ec2::254/128"];

export function unitsOf(world: World, mentioned: Mentioned): Units {
  const labels = new Map(world.namespaces.map(({ name, labels: its }) => [name, namespaceLabels(name, its)]));
  const all: Unit[] = world.pods.map((group) => ({
    kind: "pods",
    group,
    namespaceLabels: labels.get(group.namespace) ?? namespaceLabels(group.namespace, {}),
  }));
  const pods = new Map(world.pods.map((group, i) => [group, i]));
  const byEntity = new Map<Entity, number>();
  for (const entity of entities) byEntity.set(entity, all.push({ kind: "entity", entity }) - 1);
  const starts = cuts(world, mentioned);
  const firstAddress = all.length;
  starts.forEach((from, i) => {
    all.push({ kind: "addresses", from, to: starts[i + 1] ?? everyAddress.at(-1) ?? 0n });
  });
  const names = new Map<string, number>();
  for (const pattern of [...policyNames(world), ...mentioned.names]) {
    const name = concreteName(pattern);
    if (!names.has(name)) names.set(name, all.push({ kind: "name", name }) - 1);
  }
  return { all, pods, entities: byEntity, names, starts, firstAddress };
}

/** The unit that an address belongs to. */
export function addressUnit({ starts, firstAddress }: Units, address: bigint): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0n) <= address) low = middle + 1;
    else high = middle;
  }
  return firstAddress + low - 1;
}

/** A name that a pattern matches: each wildcard becomes the word `anything`. */
export const concreteName = (pattern: string): string =>
  pattern === "*" ? "anything.invalid" : pattern.toLowerCase().replace(/\.$/, "").replace(/\*+/g, "anything");

/** Every address at which some rule begins or ceases to match. */
function cuts(world: World, mentioned: Mentioned): bigint[] {
  const boundaries = new Set<bigint>([...everyAddress.slice(0, 1), 1n << 128n]);
  const add = (set: AddressSet | undefined): void => {
    for (const boundary of set ?? []) boundaries.add(boundary);
  };
  for (const cidr of [...metadataAddresses, ...networkRanges(world), ...mentioned.cidrs])
    add(cidrAddresses(cidr));
  for (const { parts } of world.policies) {
    for (const { ingress, egress } of parts) {
      for (const { peers } of [...ingress.rules, ...egress.rules]) {
        for (const peer of peers ?? []) {
          if (peer.kind === "cidr") [peer.cidr, ...peer.except].forEach((cidr) => add(cidrAddresses(cidr)));
        }
      }
    }
  }
  boundaries.delete(everyAddress.at(-1) ?? 0n);
  return [...boundaries].sort((a, b) => (a < b ? -1 : 1));
}

function networkRanges({ network }: World): string[] {
  const { podCidrs, serviceCidrs, nodeAddresses, apiServerAddresses } = network ?? {};
  return [podCidrs, serviceCidrs, nodeAddresses, apiServerAddresses].flatMap((list) => list ?? []);
}

function policyNames({ policies }: World): string[] {
  return policies.flatMap(({ parts }) =>
    parts.flatMap(({ egress }) =>
      egress.rules.flatMap(({ peers }) =>
        (peers ?? []).flatMap((peer) => (peer.kind === "fqdn" ? [peer.pattern] : [])),
      ),
    ),
  );
}

/** The addresses of a list of ranges and single addresses. */
export function addressesOf(texts: readonly string[] | undefined): AddressSet {
  return (texts ?? []).reduce<Intervals<bigint>>((sum, text) => unite(sum, cidrAddresses(text) ?? []), []);
}
