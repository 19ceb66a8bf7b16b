import type { NamespaceSettings } from "../settings.ts";
import type { Endpoint, Flow } from "./flows.ts";

/** A NetworkPolicy (networking.k8s.io/v1) before it becomes a resource. */
export interface Policy {
  readonly namespace: string;
  readonly name: string;
  /**
   * When it comes: a policy isolates what it selects, so the narrow ones come first and go last.
   * `workload` selects pods whose flows it holds all of, `dns` and `deny` select every pod.
   */
  readonly stage: "workload" | "dns" | "deny";
  /** Why it exists, for the object's annotation and the report. */
  readonly because: string;
  readonly spec: PolicySpec;
}

interface PolicySpec {
  podSelector: { matchLabels?: Readonly<Record<string, string>> };
  policyTypes: ("Ingress" | "Egress")[];
  ingress?: { from: Peer[]; ports: Port[] }[];
  egress?: { to: Peer[]; ports: Port[] }[];
}
interface Peer {
  namespaceSelector: { matchLabels: Readonly<Record<string, string>> };
  podSelector: { matchLabels: Readonly<Record<string, string>> };
}
interface Port {
  protocol: Flow["protocol"];
  port: number;
}

const denyPolicyName = "default-deny-all";
const dnsPolicyName = "allow-dns";

/**
 * The policies of all namespaces: default-deny both ways, DNS by UDP and TCP, and for
 * each workload with flows one policy that holds its side of each of them. A flow needs
 * both sides: egress where it starts and ingress where it ends.
 */
export function networkPolicies(namespaces: readonly NamespaceSettings[], flows: readonly Flow[]): Policy[] {
  return namespaces.flatMap(({ name }) => [
    dnsPolicy(name),
    ...workloadPolicies(name, flows),
    denyPolicy(name),
  ]);
}

function denyPolicy(namespace: string): Policy {
  return {
    namespace,
    name: denyPolicyName,
    stage: "deny",
    because: "Every pod is isolated in both directions; only what another policy allows passes",
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  };
}

function dnsPolicy(namespace: string): Policy {
  return {
    namespace,
    name: dnsPolicyName,
    stage: "dns",
    because: "Every pod resolves names at the cluster's DNS, by UDP and by TCP",
    spec: { podSelector: {}, policyTypes: ["Egress"], egress: [dnsRule()] },
  };
}

/** TCP as well as UDP: an answer over 512 bytes or a truncated one comes by TCP. */
function dnsRule(): { to: Peer[]; ports: Port[] } {
  const ports = (["UDP", "TCP"] as const).map((protocol) => ({ protocol, port: 53 }));
  return { to: [peer({ namespace: "kube-system", labels: { "k8s-app": "kube-dns" } })], ports };
}

function workloadPolicies(namespace: string, flows: readonly Flow[]): Policy[] {
  const endpoints = new Map<string, Endpoint>();
  for (const end of flows.flatMap(({ from, to }) => [from, to])) {
    if (end.namespace === namespace) endpoints.set(end.workload, end);
  }
  return [...endpoints.values()]
    .sort((a, b) => (a.workload < b.workload ? -1 : 1))
    .map((endpoint) => workloadPolicy(endpoint, flows));
}

function workloadPolicy({ namespace, workload, labels }: Endpoint, flows: readonly Flow[]): Policy {
  const isMe = (end: Endpoint): boolean => end.namespace === namespace && end.workload === workload;
  const incoming = flows.filter(({ to }) => isMe(to));
  const outgoing = flows.filter(({ from }) => isMe(from));
  const name = (end: Endpoint): string =>
    end.namespace === namespace ? end.workload : `${end.namespace}/${end.workload}`;
  const clauses = [
    ...incoming.map((f) => `from ${name(f.from)} on ${f.protocol} ${f.port}`),
    ...outgoing.map((f) => `to ${name(f.to)} on ${f.protocol} ${f.port}`),
  ];
  return {
    namespace,
    name: `allow-${workload}`,
    stage: "workload",
    because: `Declared flows of ${workload}: ${clauses.join(", ")}`,
    spec: {
      podSelector: { matchLabels: labels },
      policyTypes: [
        ...(incoming.length > 0 ? (["Ingress"] as const) : []),
        ...(outgoing.length > 0 ? (["Egress"] as const) : []),
      ],
      ...(incoming.length > 0 && {
        ingress: incoming.map((f) => ({ from: [peer(f.from)], ports: [portOf(f)] })),
      }),
      ...(outgoing.length > 0 && {
        // DNS here, too: this policy isolates its pods before the namespace's allowance is there.
        egress: [...outgoing.map((f) => ({ to: [peer(f.to)], ports: [portOf(f)] })), dnsRule()],
      }),
    },
  };
}

const portOf = ({ protocol, port }: Flow): Port => ({ protocol, port });

/** Both selectors in one peer: pods with these labels *in* that namespace. */
function peer({ namespace, labels }: Pick<Endpoint, "namespace" | "labels">): Peer {
  return {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    podSelector: { matchLabels: labels },
  };
}
