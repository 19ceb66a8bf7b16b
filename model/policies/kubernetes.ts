import type { PolicyFacts } from "./facts.ts";
import type { FlowPort, Labels, Peer } from "./flow.ts";
import { hostCidr } from "./flow-cidr.ts";
import type { Direction, Rule, Subject } from "./sides.ts";

/** What a NetworkPolicy needs to know besides its rules. */
export interface KubernetesContext {
  readonly facts: PolicyFacts;
  readonly nodeCidr: string | undefined;
}

/** The rules of a policy; a direction that is absent is left alone. */
export type Rules = Readonly<Partial<Record<Direction, readonly Rule[]>>>;

/**
 * Spec of a NetworkPolicy.
 * @param resolvesNames - whether its pods are isolated for egress by it, so need DNS from it, too
 */
export function kubernetesSpec(
  { workload }: Pick<Subject, "workload">,
  { ingress, egress }: Rules,
  context: KubernetesContext,
  resolvesNames: boolean,
): object {
  return {
    podSelector: workload ? { matchLabels: workload.labels } : {},
    policyTypes: [...(ingress ? ["Ingress"] : []), ...(egress ? ["Egress"] : [])],
    ...(ingress && ingress.length > 0 && { ingress: ingress.map((rule) => written(rule, "from", context)) }),
    ...(egress && {
      egress: [
        ...egress.map((rule) => written(rule, "to", context)),
        ...(resolvesNames ? [dnsRule(context.facts)] : []),
      ],
    }),
  };
}

/** TCP as well as UDP: an answer over 512 bytes or a truncated one comes by TCP. */
function dnsRule({ nodeLocalDns }: PolicyFacts): object {
  return {
    to: [
      podsPeer("kube-system", { "k8s-app": "kube-dns" }),
      ...nodeLocalDns.map((address) => ({ ipBlock: { cidr: hostCidr(address) } })),
    ],
    ports: (["UDP", "TCP"] as const).map((protocol) => ({ protocol, port: 53 })),
  };
}

const written = (rule: Rule, key: "from" | "to", context: KubernetesContext): object => ({
  [key]: rule.peers.flatMap((peer) => peersOf(peer, key, context)),
  ...(rule.ports.length > 0 && { ports: rule.ports.map(portOf) }),
});

const portOf = ({ protocol, port, endPort }: FlowPort): object => ({
  protocol,
  port,
  ...(endPort !== undefined && { endPort }),
});

function peersOf(peer: Peer, key: "from" | "to", { facts, nodeCidr }: KubernetesContext): object[] {
  switch (peer.kind) {
    case "pods":
      return [podsPeer(peer.namespace, peer.labels)];
    case "cidr":
      return [{ ipBlock: { cidr: peer.cidr, ...(peer.except.length > 0 && { except: [...peer.except] }) } }];
    case "entity": {
      const cidrs =
        peer.entity === "api-server"
          ? facts.apiServer.addresses.map(hostCidr)
          : nodeCidr === undefined
            ? []
            : [nodeCidr];
      // A node that sends through a tunnel has the tunnel's address, of which nobody answers.
      const tunnels = key === "from" ? (facts.nodeTunnels ?? []).map(hostCidr) : [];
      return [...cidrs, ...tunnels].map((cidr) => ({ ipBlock: { cidr } }));
    }
    case "fqdn":
      // Refused before: a NetworkPolicy knows no names.
      return [];
  }
}

/** Both selectors in one peer: pods with these labels *in* that namespace. */
function podsPeer(namespace: string | undefined, labels: Labels): object {
  return {
    namespaceSelector:
      namespace === undefined ? {} : { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    ...(Object.keys(labels).length > 0 && { podSelector: { matchLabels: labels } }),
  };
}
