import type { PolicyFacts } from "./facts.ts";
import type { Entity, FlowPort, HttpRule, Peer } from "./flow.ts";
import { hostCidr } from "./flow-cidr.ts";
import type { Rules } from "./kubernetes.ts";
import type { Direction, Rule, Subject } from "./sides.ts";

/** Label of pods that says their namespace. */
export const namespaceLabel = "k8s:io.kubernetes.pod.namespace";
/** Label by which Cilium knows the account of pods. */
export const accountLabel = "k8s:io.cilium.k8s.policy.serviceaccount";
/** The API takes no more of them in one list. */
const portsPerList = 40;

/** Cilium's names of what has no address that one could write down. */
const entities: Readonly<Record<Direction, Readonly<Record<Entity, readonly string[]>>>> = {
  egress: { "api-server": ["kube-apiserver"], nodes: ["host", "remote-node"], ingress: ["ingress"] },
  ingress: {
    // From another node its packets come with the address of that node's tunnel end, which is not the API server's.
    "api-server": ["kube-apiserver", "remote-node"],
    nodes: ["host", "remote-node"],
    ingress: ["ingress"],
  },
};

/**
 * Spec of a CiliumNetworkPolicy.
 * @param resolvesNames - whether its pods are isolated for egress by it, so need DNS from it, too
 */
export function ciliumSpec(
  { workload }: Pick<Subject, "workload">,
  { ingress, egress }: Rules,
  facts: PolicyFacts,
  resolvesNames: boolean,
): object {
  const hasNames = egress?.some(({ peers }) => peers.some(({ kind }) => kind === "fqdn")) ?? false;
  return {
    endpointSelector: workload ? { matchLabels: podLabels(workload) } : {},
    ...(ingress && { ingress: ingress.flatMap((rule) => written(rule, "ingress")) }),
    ...(egress && {
      egress: [
        ...egress.flatMap((rule) => written(rule, "egress")),
        ...(resolvesNames ? dnsRules(facts, hasNames) : []),
      ],
    }),
  };
}

/**
 * DNS by UDP and TCP. Whose names policies are to know, Cilium has to see the answers: a rule for DNS
 * itself sends them through its proxy.
 */
export function dnsRules({ nodeLocalDns }: PolicyFacts, seesAnswers: boolean): object[] {
  const toPorts = [
    {
      ports: (["UDP", "TCP"] as const).map((protocol) => ({ port: "53", protocol })),
      ...(seesAnswers && { rules: { dns: [{ matchPattern: "*" }] } }),
    },
  ];
  const inSystem = (app: string): object => ({
    matchLabels: { [namespaceLabel]: "kube-system", "k8s:k8s-app": app },
  });
  if (nodeLocalDns.length === 0) return [{ toEndpoints: [inSystem("kube-dns")], toPorts }];
  return [
    // With a local redirect policy it is a pod; otherwise it listens on the host, and until the agent
    // knows that address as the host's it is one of the world.
    { toEndpoints: [inSystem("kube-dns"), inSystem("node-local-dns")], toPorts },
    { toEntities: ["host", "remote-node"], toPorts },
    { toCIDR: nodeLocalDns.map(hostCidr), toPorts },
  ];
}

type PodsPeer = Extract<Peer, { kind: "pods" }>;

const podLabels = ({ labels, serviceAccount }: PodsPeer): Record<string, string> => ({
  ...labels,
  ...(serviceAccount !== undefined && { [accountLabel]: serviceAccount }),
});

/** A rule for each kind of peers: Cilium takes one kind in each. */
function written({ peers, ports, http }: Rule, direction: Direction): object[] {
  const way = direction === "ingress" ? "from" : "to";
  const toPorts = ports.length > 0 ? { toPorts: portRules(ports, http) } : {};
  const of = <Kind extends Peer["kind"]>(kind: Kind) =>
    peers.filter((peer): peer is Extract<Peer, { kind: Kind }> => peer.kind === kind);
  const [pods, cidrs, names, others] = [of("pods"), of("cidr"), of("fqdn"), of("entity")];
  const list = (key: string, items: readonly unknown[]): object[] =>
    items.length > 0 ? [{ [key]: items, ...toPorts }] : [];
  return [
    ...list(`${way}Endpoints`, pods.map(endpointSelector)),
    ...list(
      `${way}CIDRSet`,
      cidrs.map(({ cidr, except }) => ({ cidr, ...(except.length > 0 && { except: [...except] }) })),
    ),
    ...list(
      `${way}Entities`,
      [...new Set(others.flatMap(({ entity }) => entities[direction][entity]))].sort(),
    ),
    ...list(
      "toFQDNs",
      names.map(({ pattern }) =>
        pattern.includes("*") ? { matchPattern: pattern } : { matchName: pattern },
      ),
    ),
  ];
}

/** Where the namespace is not said, Cilium would take the policy's own. */
function endpointSelector(pods: PodsPeer): object {
  const matchLabels = {
    ...podLabels(pods),
    ...(pods.namespace !== undefined && { [namespaceLabel]: pods.namespace }),
  };
  return {
    ...(Object.keys(matchLabels).length > 0 && { matchLabels }),
    ...(pods.namespace === undefined && {
      matchExpressions: [{ key: namespaceLabel, operator: "Exists" }],
    }),
  };
}

function portRules(ports: readonly FlowPort[], http: readonly HttpRule[] | undefined): object[] {
  const all = ports.map(({ protocol, port, endPort }) => ({
    port: String(port),
    ...(endPort !== undefined && { endPort }),
    protocol,
  }));
  const lists = Array.from({ length: Math.ceil(all.length / portsPerList) }, (_, i) =>
    all.slice(i * portsPerList, (i + 1) * portsPerList),
  );
  return lists.map((list) => ({ ports: list, ...(http && { rules: { http: [...http] } }) }));
}
