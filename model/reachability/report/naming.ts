import { everyIpv4, everyIpv6, toCidrs } from "../addresses.ts";
import { covers, type Intervals, intersect, subtract, uniteAll } from "../intervals.ts";
import { groupBy } from "../group-by.ts";
import { formatPorts, type PortSet } from "../ports.ts";
import type { PodGroup } from "../world.ts";
import type { Member } from "./parties.ts";

const everyPodWords = "every pod";
const everyAddressWords = "every address outside";

/** Names sets of members in as few words as say it exactly. */
export class Naming {
  private readonly sizes: ReadonlyMap<string, number>;
  private readonly all: number;

  /** @param pods - all there are: who reaches all of them reaches every pod */
  constructor(pods: readonly PodGroup[]) {
    this.sizes = new Map(
      [...groupBy(pods, ({ namespace }) => namespace)].map(([namespace, its]) => [namespace, its.length]),
    );
    this.all = pods.length;
  }

  /** Words for a set: every pod of a namespace as `shop/*`, addresses as ranges. */
  words(members: readonly Member[]): string[] {
    const pods = this.podWords(members.flatMap((one) => (one.kind === "pods" ? [one.group] : [])));
    const entities = members.flatMap((one) => (one.kind === "entity" ? [one.entity] : []));
    const addresses = addressWords(addressesOf(members));
    const isAllOutside =
      entities.includes("nodes") && entities.includes("api-server") && addresses[0] === everyAddressWords;
    if (isAllOutside) return pods[0] === everyPodWords ? ["everyone"] : [...pods, "everything outside"];
    return [
      ...pods,
      ...entities.map((entity) => entityWords[entity]),
      ...addresses,
      ...members.flatMap((one) => (one.kind === "name" ? [one.name.replaceAll("anything", "*")] : [])),
    ];
  }

  private podWords(groups: readonly PodGroup[]): string[] {
    if (groups.length === this.all && groups.length > 1) return [everyPodWords];
    return [...groupBy(groups, ({ namespace }) => namespace)].flatMap(([namespace, its]) =>
      its.length > 1 && its.length === this.sizes.get(namespace)
        ? [`${namespace}/*`]
        : its.map(({ name }) => name),
    );
  }
}

const entityWords: Readonly<Record<Extract<Member, { kind: "entity" }>["entity"], string>> = {
  "own-node": "its own node",
  nodes: "nodes",
  "api-server": "api-server",
  ingress: "ingress",
};

/** The addresses among members. */
const addressesOf = (members: readonly Member[]): Intervals<bigint> =>
  uniteAll(members.flatMap((one) => (one.kind === "addresses" ? [[one.from, one.to] as const] : [])));

/** Ranges, or everything but ranges, whichever is shorter. */
function addressWords(set: Intervals<bigint>): string[] {
  const families = [
    { whole: everyIpv4, zero: "0.0.0.0/0" },
    { whole: everyIpv6, zero: "::/0" },
  ];
  if (families.every(({ whole }) => covers(set, whole))) return [everyAddressWords];
  return families.flatMap(({ whole, zero }) => {
    const its = intersect(set, whole);
    if (its.length === 0) return [];
    const ranges = toCidrs(its);
    const but = toCidrs(subtract(whole, its));
    if (but.length === 0) return [zero];
    return but.length < ranges.length ? [`${zero} but ${but.join(", ")}`] : ranges;
  });
}

/** Ports in words; where SCTP is not carried, the other two are every port there is. */
export const portWords = (ports: PortSet): string =>
  formatPorts(ports).replace("every TCP port, every UDP port", "every TCP and UDP port");
