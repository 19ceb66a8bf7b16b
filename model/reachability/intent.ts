import type { Flow, Peer } from "../policies/flow.ts";
import { requestText } from "./cilium-ports.ts";
import type { CompiledWorld } from "./compile.ts";
import { allPorts, portRange, type PortSet } from "./ports.ts";
import type { Direction, PeerMatch, PodSelection } from "./rules.ts";
import type { Labels } from "./world.ts";
import { labelsSelector } from "./selector.ts";
import { serviceAccountKey } from "./pod-index.ts";
import { addressesOf, concreteName, type Entity } from "./units.ts";
import { holds } from "./intervals.ts";
import { noUnits, uniteUnits, unitSet, type UnitSet } from "./unit-set.ts";

/** What is meant to pass, and where nothing else may. */
export interface Intent {
  /** Namespaces in which everything else is denied. */
  readonly namespaces: readonly {
    readonly name: string;
    /** Where it is declared: `namespaces[0]`. */
    readonly path: string;
  }[];
  /** What passes, in full. */
  readonly flows: readonly Flow[];
}

/** One end of a flow: who has to be let through, and who may be. */
export interface EndUnits {
  readonly required: UnitSet;
  /** Those whom a rule may let through that can say all that the flow says. */
  readonly allowed: UnitSet;
  /** The same of a NetworkPolicy, which does not see service accounts. */
  readonly byLabels: UnitSet;
}

/** A flow with its ends looked up. */
export interface DeclaredFlow {
  readonly flow: Flow;
  readonly from: EndUnits;
  readonly to: EndUnits;
  readonly ports: PortSet;
  /** Undefined: every request. */
  readonly requests: readonly string[] | undefined;
}

export function declareFlows(compiled: CompiledWorld, flows: readonly Flow[]): DeclaredFlow[] {
  return flows.map((flow) => ({
    flow,
    from: endUnits(compiled, flow.from, "ingress"),
    to: endUnits(compiled, flow.to, "egress"),
    ports:
      flow.port === undefined
        ? allPorts
        : portRange(flow.port.protocol, flow.port.port, flow.port.endPort ?? flow.port.port),
    requests: flow.http?.map(requestText),
  }));
}

/** @param direction - of the rule that names this end as its peer */
function endUnits(compiled: CompiledWorld, end: Peer, direction: Direction): EndUnits {
  if (end.kind === "pods") {
    const required = compiled.pods.select(podSelection(end, true));
    return { required, allowed: required, byLabels: compiled.pods.select(podSelection(end, false)) };
  }
  const { required, allowed } =
    end.kind === "entity" ? entityUnits(compiled, end.entity, direction) : outsideUnits(compiled, end);
  return { required, allowed, byLabels: allowed };
}

type Ends = Pick<EndUnits, "required" | "allowed">;

function outsideUnits(compiled: CompiledWorld, end: Extract<Peer, { kind: "cidr" | "fqdn" }>): Ends {
  const match: PeerMatch =
    end.kind === "cidr"
      ? { kind: "cidr", cidr: end.cidr, except: end.except, external: false }
      : { kind: "fqdn", pattern: end.pattern };
  const { sure, perhaps } = compiled.peers.match([match]);
  const named = end.kind === "fqdn" ? compiled.units.names.get(concreteName(end.pattern)) : undefined;
  return {
    required: named === undefined ? sure : Uint32Array.of(named),
    allowed: uniteUnits([sure, perhaps]),
  };
}

/** The pods of an end, as a rule would select them. */
function podSelection(end: Extract<Peer, { kind: "pods" }>, withAccount: boolean): PodSelection {
  const { namespace, labels, serviceAccount } = end;
  const account: Labels =
    withAccount && serviceAccount !== undefined ? { [serviceAccountKey]: serviceAccount } : {};
  return {
    ...(namespace !== undefined && { namespace }),
    namespaces: [],
    pods: labelsSelector({ ...labels, ...account }),
  };
}

/**
 * The API server runs on nodes, or where it is told; what it sends to a pod of another node comes, in a tunnel,
 * from a node. The pods on a node's network are the node, as far as policies see.
 */
function entityUnits({ units, world }: CompiledWorld, entity: Entity, direction: Direction): Ends {
  const { nodeAddresses, apiServerAddresses } = world.network ?? {};
  const addresses = (texts: readonly string[] | undefined): UnitSet => {
    const set = addressesOf(texts);
    return unitSet(units.starts.flatMap((start, i) => (holds(set, start) ? [units.firstAddress + i] : [])));
  };
  const named = (...wanted: readonly Entity[]): UnitSet =>
    unitSet(wanted.flatMap((name) => units.entities.get(name) ?? []));
  const onNodes = unitSet([...units.pods].flatMap(([group, unit]) => (group.hostNetwork ? [unit] : [])));
  const anyNode = uniteUnits([named("own-node", "nodes"), onNodes]);
  const nodes = uniteUnits([anyNode, addresses(nodeAddresses)]);
  switch (entity) {
    case "nodes":
      return {
        required: named("own-node", "nodes"),
        allowed: uniteUnits([nodes, named("api-server"), addresses(apiServerAddresses)]),
      };
    case "api-server": {
      // A rule by its addresses means the node that has them, too.
      const isTunnelled = direction === "ingress" && world.dialect === "cilium";
      const throughNodes = isTunnelled ? nodes : world.dialect === "kubernetes" ? anyNode : noUnits;
      const its = uniteUnits([named("api-server"), addresses(apiServerAddresses)]);
      const isByAddress = world.dialect === "kubernetes";
      return {
        required:
          direction === "egress"
            ? isByAddress
              ? its
              : named("api-server")
            : named("api-server", ...(isByAddress ? [] : (["nodes"] as const))),
        allowed: uniteUnits([its, throughNodes]),
      };
    }
    case "ingress":
    case "own-node":
      return { required: named(entity), allowed: named(entity) };
  }
}
