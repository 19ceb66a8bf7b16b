import type { Group } from "../inventory/groups.ts";
import { readPolicies } from "../read-policies.ts";
import type { Direction } from "../rules.ts";
import { namespaceNameLabel } from "../selector.ts";
import { type ConnectionVerdict, judge } from "../verdict.ts";
import type { Labels } from "../world.ts";
import type { Picture } from "./picture.ts";
import type { PodPort } from "./port-question.ts";
import type { NamedEnd } from "./who.ts";

/** A policy that would let a connection pass one side, or what to do where none would. */
export interface Addition {
  readonly says: string;
  readonly manifest?: object | undefined;
}

/**
 * What to add so that a denied connection passes. Each proposal is tried before it is made: together they let the
 * connection pass, or the reader is told that no policy alone will.
 */
export function additionsFor(
  { world, inventory }: Picture,
  from: NamedEnd,
  to: NamedEnd,
  port: PodPort,
  judged: ConnectionVerdict,
): Addition[] {
  const sides: [Direction, NamedEnd, NamedEnd][] = [
    ["egress", from, to],
    ["ingress", to, from],
  ];
  const denied = sides.filter(([direction]) => judged[direction].passes === false);
  const rules = denied.flatMap(([direction]) => judged[direction].deniedBy);
  if (rules.length > 0) {
    const named = [...new Set(rules.map(({ policy, path }) => `${policy} ${path}`))].join(", ");
    return [{ says: `Narrow ${named}: it denies, whatever else allows` }];
  }
  const proposed = denied.map(([direction, self, peer]) =>
    proposal(direction, self, peer, port, inventory.groups, world.dialect === "cilium"),
  );
  const manifests = proposed.flatMap(({ manifest }) => manifest ?? []);
  const { policies } = readPolicies(manifests);
  const connection = { from: from.end, to: to.end, ...port };
  const passes = judge({ ...world, policies: [...world.policies, ...policies] }, connection).allowed === true;
  return passes
    ? proposed
    : [{ says: "No policy that is added alone lets it pass: the reasons above have to go" }];
}

function proposal(
  direction: Direction,
  self: NamedEnd,
  peer: NamedEnd,
  { protocol, port }: PodPort,
  groups: readonly Group[],
  isCilium: boolean,
): Addition {
  const { group } = self;
  if (!group) return { says: `Let ${peer.name} through at ${self.name}` };
  const labels = tellingLabels(group, groups);
  const [key, says] =
    direction === "egress"
      ? (["to", `Let ${group.name} send to ${peer.name} on ${protocol} ${port}`] as const)
      : (["from", `Let ${group.name} receive from ${peer.name} on ${protocol} ${port}`] as const);
  const name = `allow-${direction}-${peer.name}-${port}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/-+$/, "")
    .slice(0, 63);
  const metadata = { name, namespace: group.namespace };
  const reserved = isCilium && ciliumPeer(direction, peer);
  const manifest = reserved
    ? {
        apiVersion: "cilium.io/v2",
        kind: "CiliumNetworkPolicy",
        metadata,
        spec: {
          endpointSelector: { matchLabels: labels },
          [direction]: [{ ...reserved, toPorts: [{ ports: [{ port: String(port), protocol }] }] }],
        },
      }
    : {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata,
        spec: {
          podSelector: { matchLabels: labels },
          policyTypes: [direction === "egress" ? "Egress" : "Ingress"],
          [direction]: [{ [key]: kubernetesPeers(peer, groups), ports: [{ protocol, port }] }],
        },
      };
  return { says, manifest };
}

/** What Cilium names otherwise than by labels or addresses. */
function ciliumPeer(direction: Direction, { end, group }: NamedEnd): object | undefined {
  const key = direction === "egress" ? "toEntities" : "fromEntities";
  if ("fqdn" in end)
    return { toFQDNs: [end.fqdn.includes("*") ? { matchPattern: end.fqdn } : { matchName: end.fqdn }] };
  if (group?.hostNetwork) return { [key]: ["host", "remote-node"] };
  if (!("entity" in end)) return undefined;
  const entities: Record<(typeof end)["entity"], string[]> = {
    "own-node": ["host"],
    nodes: ["host", "remote-node"],
    "api-server": ["kube-apiserver"],
    ingress: ["ingress"],
  };
  return { [key]: entities[end.entity] };
}

function kubernetesPeers({ end, group, name }: NamedEnd, groups: readonly Group[]): object[] {
  if (group && !group.hostNetwork) {
    return [
      {
        namespaceSelector: { matchLabels: { [namespaceNameLabel]: group.namespace } },
        podSelector: { matchLabels: tellingLabels(group, groups) },
      },
    ];
  }
  if (group) return (group.addresses ?? []).map(blockOf);
  if ("address" in end)
    return name.includes("/")
      ? name.split(", ").map((cidr) => ({ ipBlock: { cidr } }))
      : [blockOf(end.address)];
  return [];
}

const blockOf = (address: string): object => ({
  ipBlock: { cidr: `${address}/${address.includes(":") ? 128 : 32}` },
});

const usual = [
  "app.kubernetes.io/name",
  "app",
  "k8s-app",
  "app.kubernetes.io/component",
  "name",
  "component",
];

/** The label that only these pods have in their namespace, of the usual ones; else all of their labels. */
function tellingLabels(group: Group, groups: readonly Group[]): Labels {
  const others = groups.filter(
    ({ namespace, workload }) => namespace === group.namespace && workload !== group.workload,
  );
  const key = usual.find(
    (one) =>
      group.labels[one] !== undefined && others.every(({ labels }) => labels[one] !== group.labels[one]),
  );
  return key === undefined ? group.labels : { [key]: group.labels[key] ?? "" };
}
