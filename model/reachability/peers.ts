import { type AddressSet, blockAddresses, everyIpv4, everyIpv6, noAddresses } from "./addresses.ts";
import { AddressedPods } from "./addressed-pods.ts";
import { covers, holds, intersect } from "./intervals.ts";
import type { CiliumEntity, PeerMatch, PodSelection } from "./rules.ts";
import type { PodIndex } from "./pod-index.ts";
import { matches } from "./selector.ts";
import { addressesOf, type Entity, type Units } from "./units.ts";
import { noUnits, uniteUnits, unitSet, type UnitSet, UnitSets } from "./unit-set.ts";
import type { World } from "./world.ts";

/** Who a rule is about: those that it surely means, and those that it may mean. */
export interface Matched {
  readonly sure: UnitSet;
  readonly perhaps: UnitSet;
}

/** Finds the units that peers mean, each peer once. */
export class PeerMatcher {
  readonly everybody: Matched;
  private readonly world: World;
  private readonly units: Units;
  private readonly pods: PodIndex;
  private readonly namesApart: boolean;
  private readonly nodes: AddressSet;
  private readonly apiServer: AddressSet;
  private readonly podRanges: AddressSet;
  private readonly addressed: AddressedPods;
  private readonly onHosts: readonly number[];
  private readonly unaddressed: readonly number[];
  /** Whoever has no labels of a namespace. */
  private readonly outside: UnitSet;
  private readonly sets = new UnitSets();
  private readonly known = new Map<string, Matched>();
  private readonly lists = new Map<string, Matched>();

  constructor(world: World, units: Units, pods: PodIndex, namesApart: boolean) {
    this.namesApart = namesApart;
    this.world = world;
    this.units = units;
    this.pods = pods;
    this.nodes = addressesOf(world.network?.nodeAddresses);
    this.apiServer = addressesOf(world.network?.apiServerAddresses);
    this.podRanges = addressesOf(world.network?.podCidrs);
    const inNetwork = pods.pods();
    this.addressed = new AddressedPods(units, inNetwork);
    this.unaddressed = inNetwork.filter((unit) => !this.addressed.has(unit));
    this.onHosts = [...units.pods].flatMap(([group, unit]) => (group.hostNetwork ? [unit] : []));
    this.outside = unitSet([
      ...this.onHosts,
      ...Array.from({ length: units.all.length - units.pods.size }, (_, i) => units.pods.size + i),
    ]);
    this.everybody = { sure: Uint32Array.from(units.all.keys()), perhaps: noUnits };
  }

  /** @param peers - undefined for everybody */
  match(peers: readonly PeerMatch[] | undefined): Matched {
    if (peers === undefined) return this.everybody;
    const [only] = peers;
    if (peers.length === 1 && only) return this.one(only);
    const key = JSON.stringify(peers);
    let matched = this.lists.get(key);
    if (matched === undefined) {
      const found = peers.map((peer) => this.one(peer));
      matched = {
        sure: this.sets.one(uniteUnits(found.map(({ sure }) => sure))),
        perhaps: this.sets.one(uniteUnits(found.map(({ perhaps }) => perhaps))),
      };
      this.lists.set(key, matched);
    }
    return matched;
  }

  /** The distinct ranges, entities and names that rules have asked for so far. */
  others(): Iterable<Matched> {
    return this.known.values();
  }

  private one(peer: PeerMatch): Matched {
    if (peer.kind === "pods") {
      const perhaps = this.world.dialect === "cilium" && meansOutside(peer) ? this.outside : noUnits;
      return { sure: this.pods.select(peer), perhaps };
    }
    const key = JSON.stringify(peer);
    let matched = this.known.get(key);
    if (matched === undefined) this.known.set(key, (matched = this.find(peer)));
    return matched;
  }

  private find(peer: Exclude<PeerMatch, { kind: "pods" }>): Matched {
    const [sure, perhaps]: [number[], number[]] = [[], []];
    const truth =
      peer.kind === "cidr"
        ? this.blockTruth(
            blockAddresses(peer.cidr, peer.except),
            peer.external || this.world.dialect === "cilium",
          )
        : peer.kind === "entity"
          ? this.entityTruth(peer.entity)
          : this.nameTruth(peer.pattern);
    const put = (units: readonly number[]): void => {
      const [first] = units;
      const is = first !== undefined && truth(first);
      if (is !== false) for (const unit of units) (is === true ? sure : perhaps).push(unit);
    };
    // Pods are many, and only by their addresses do these peers tell them apart.
    put(this.onHosts);
    put(this.unaddressed);
    if (peer.kind !== "cidr") put(this.addressed.all);
    else for (const unit of this.addressed.within(blockAddresses(peer.cidr, peer.except))) put([unit]);
    for (let unit = this.units.pods.size; unit < this.units.all.length; unit++) put([unit]);
    return { sure: this.sets.one(unitSet(sure)), perhaps: this.sets.one(unitSet(perhaps)) };
  }

  private blockTruth(block: AddressSet, external: boolean): (unit: number) => Likely {
    const sparesNodes = external && this.world.cidrsMatchNodes !== true;
    const onNodes = sparesNodes ? false : within(block, this.nodes);
    const ofPods = external ? false : within(block, this.podRanges);
    // One that runs on the nodes is one of them to Cilium; elsewhere it is an address like any other.
    const isNode = this.nodes.length > 0 && intersect(this.apiServer, this.nodes).length > 0;
    const ofApiServer = sparesNodes && isNode ? false : within(block, this.apiServer);
    return (unit) => {
      const it = this.units.all[unit];
      switch (it?.kind) {
        case "addresses":
          return holds(block, it.from) && !(sparesNodes && holds(this.nodes, it.from));
        case "entity":
          // To Cilium it is a part of the cluster, elsewhere an address that nobody knows.
          if (it.entity === "ingress") return !external && within(block, noAddresses) === true;
          return it.entity === "api-server" ? ofApiServer : onNodes;
        case "pods":
          if (it.group.hostNetwork) return onNodes;
          if (external) return false;
          return it.group.addresses === undefined ? ofPods : anyWithin(block, this.addressed.numbersOf(unit));
        case "name":
          return covers(block, everyIpv4) || covers(block, everyIpv6) || (!this.namesApart && "perhaps");
        case undefined:
          return false;
      }
    };
  }

  /** What the reserved entities of Cilium are. */
  private entityTruth(entity: CiliumEntity): (unit: number) => Likely {
    const apiServerIsNode: Likely =
      this.nodes.length === 0 || this.apiServer.length === 0
        ? "perhaps"
        : intersect(this.apiServer, this.nodes).length > 0;
    const opposite: Likely = apiServerIsNode === "perhaps" ? "perhaps" : !apiServerIsNode;
    return (unit) => {
      const it = this.units.all[unit];
      if (it === undefined || entity === "none") return false;
      if (entity === "all") return true;
      const isNode = it.kind === "addresses" && holds(this.nodes, it.from);
      switch (entity) {
        case "world":
          return (it.kind === "addresses" && !isNode) || it.kind === "name" || (isApiServer(it) && opposite);
        case "world-ipv4":
        case "world-ipv6": {
          const family = entity === "world-ipv4" ? everyIpv4 : everyIpv6;
          if (it.kind === "addresses") return !isNode && holds(family, it.from);
          return it.kind === "name" ? "perhaps" : isApiServer(it) && opposite !== false && "perhaps";
        }
        case "cluster":
          // The API server is of the cluster, wherever it runs.
          if (it.kind === "addresses") return isNode || holds(this.apiServer, it.from);
          return it.kind === "pods" || it.kind === "entity";
        case "host":
          return (
            isEntity(it, "own-node") || (it.kind === "pods" && it.group.hostNetwork === true && "perhaps")
          );
        case "remote-node":
          if (isApiServer(it)) return apiServerIsNode;
          if (it.kind === "pods") return it.group.hostNetwork === true && "perhaps";
          return isEntity(it, "nodes") || isNode;
        case "kube-apiserver":
          return isApiServer(it) || (it.kind === "addresses" && holds(this.apiServer, it.from));
        case "ingress":
          return isEntity(it, "ingress");
        case "health":
        case "init":
        case "unmanaged":
          return false;
      }
    };
  }

  /** A rule for a name lets those addresses pass that DNS has answered with: any may be among them. */
  private nameTruth(pattern: string): (unit: number) => Likely {
    const expression = namePattern(pattern);
    return (unit) => {
      const it = this.units.all[unit];
      if (it?.kind === "name") return expression.test(it.name);
      if (this.namesApart || it?.kind !== "addresses") return false;
      return !holds(this.nodes, it.from) && "perhaps";
    };
  }
}

/**
 * Whether a selector only says what it does not mean of namespaces: to Cilium, who is in none may be meant, too,
 * unless it is told that it is of this cluster (`policyDefaultLocalCluster`).
 */
const meansOutside = ({ namespace, namespaces, pods }: PodSelection): boolean =>
  namespace === undefined && namespaces.length > 0 && matches(namespaces, {}) && matches(pods, {});

type Likely = boolean | "perhaps";

const isEntity = (unit: Units["all"][number], entity: Entity): boolean =>
  unit.kind === "entity" && unit.entity === entity;
const isApiServer = (unit: Units["all"][number]): boolean => isEntity(unit, "api-server");

/** Whether addresses that are somewhere in a range are in the block; nothing is known of an empty range. */
function within(block: AddressSet, range: AddressSet): Likely {
  const families = [everyIpv4, everyIpv6].map((family) => [
    intersect(block, family),
    range.length === 0 ? family : intersect(range, family),
  ]);
  const each = families.map(([part = [], whole = []]): Likely => {
    if (whole.length === 0 || part.length === 0) return false;
    return covers(part, whole) || (intersect(part, whole).length > 0 && "perhaps");
  });
  return each.includes(true) || (each.includes("perhaps") && "perhaps");
}

/** Whether the block has the pods' addresses of either family. */
function anyWithin(block: AddressSet, numbers: readonly bigint[]): Likely {
  const each = [everyIpv4, everyIpv6].map((family): Likely => {
    const its = numbers.filter((number) => holds(family, number));
    const inside = its.filter((number) => holds(block, number));
    return its.length > 0 && inside.length > 0 && (inside.length === its.length || "perhaps");
  });
  return each.includes(true) || (each.includes("perhaps") && "perhaps");
}

/** `*` stands for part of one label, a leading `**.` for one label or more, `*` alone for every name. */
function namePattern(pattern: string): RegExp {
  const text = pattern.toLowerCase().replace(/\.$/, "");
  if (text === "*") return /^/;
  const [lead, rest] = text.startsWith("**.") ? ["([-a-z0-9_]+\\.)+", text.slice(3)] : ["", text];
  const body = rest.replace(/\./g, "\\.").replace(/\*+/g, "[-a-z0-9_]*");
  return new RegExp(`^${lead}${body}$`);
}
