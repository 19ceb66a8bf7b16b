import type { Settings } from "../settings.ts";
import { type Flow, type Labels, type Peer, portText, type Protocol } from "./flow.ts";

export type PolicyKind =
  "NetworkPolicy" | "CiliumNetworkPolicy" | "CiliumClusterwideNetworkPolicy" | "ClusterNetworkPolicy";

/** A policy before it becomes a resource. */
export interface Policy {
  readonly kind: PolicyKind;
  /** Absent for kinds that are the cluster's. */
  readonly namespace?: string;
  readonly name: string;
  /**
   * When it comes: a policy isolates what it selects, so the narrow ones come first and go last.
   * `workload` selects pods whose flows it holds all of, `dns` and `deny` select every pod.
   */
  readonly stage: "workload" | "dns" | "deny";
  /** Why it exists, for the object's annotation and the report. */
  readonly because: string;
  readonly spec: object;
}

type Pods = Extract<Peer, { kind: "pods" }>;
interface Port {
  readonly protocol: Protocol;
  readonly port: number;
}

const denyPolicyName = "default-deny-all";
const dnsPolicyName = "allow-dns";

/**
 * The policies of all namespaces: default-deny both ways, DNS by UDP and TCP, and for
 * each workload with flows one policy that holds its side of each of them. A flow needs
 * both sides: egress where it starts and ingress where it ends.
 */
export function networkPolicies({ namespaces }: Settings, flows: readonly Flow[]): Policy[] {
  return namespaces.flatMap(({ name }) => [
    dnsPolicy(name),
    ...workloadPolicies(name, flows),
    denyPolicy(name),
  ]);
}

function denyPolicy(namespace: string): Policy {
  return {
    kind: "NetworkPolicy",
    namespace,
    name: denyPolicyName,
    stage: "deny",
    because: "Every pod is isolated in both directions; only what another policy allows passes",
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  };
}

function dnsPolicy(namespace: string): Policy {
  return {
    kind: "NetworkPolicy",
    namespace,
    name: dnsPolicyName,
    stage: "dns",
    because: "Every pod resolves names at the cluster's DNS, by UDP and by TCP",
    spec: { podSelector: {}, policyTypes: ["Egress"], egress: [dnsRule()] },
  };
}

/** TCP as well as UDP: an answer over 512 bytes or a truncated one comes by TCP. */
function dnsRule(): { to: object[]; ports: Port[] } {
  const ports = (["UDP", "TCP"] as const).map((protocol) => ({ protocol, port: 53 }));
  return { to: [peer({ namespace: "kube-system", labels: { "k8s-app": "kube-dns" } })], ports };
}

function workloadPolicies(namespace: string, flows: readonly Flow[]): Policy[] {
  const endpoints = new Map<string, Pods>();
  for (const end of flows.flatMap(({ from, to }) => [from, to])) {
    if (end.kind === "pods" && end.namespace === namespace && end.workload !== undefined) {
      endpoints.set(end.workload, end);
    }
  }
  return [...endpoints.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([workload, pods]) => workloadPolicy(namespace, workload, pods.labels, flows));
}

function workloadPolicy(namespace: string, workload: string, labels: Labels, flows: readonly Flow[]): Policy {
  const isMe = (end: Peer): end is Pods =>
    end.kind === "pods" && end.namespace === namespace && end.workload === workload;
  const incoming = flows.flatMap(({ from, to, port }) =>
    isMe(to) && from.kind === "pods" ? [{ end: from, port }] : [],
  );
  const outgoing = flows.flatMap(({ from, to, port }) =>
    isMe(from) && to.kind === "pods" ? [{ end: to, port }] : [],
  );
  const name = ({ namespace: where, workload: who }: Pods): string =>
    where === namespace ? `${who}` : `${where}/${who}`;
  const clauses = [
    ...incoming.map((f) => `from ${name(f.end)} on ${portText(f.port)}`),
    ...outgoing.map((f) => `to ${name(f.end)} on ${portText(f.port)}`),
  ];
  return {
    kind: "NetworkPolicy",
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
        ingress: incoming.map((f) => ({ from: [peer(f.end)], ports: portsOf(f) })),
      }),
      ...(outgoing.length > 0 && {
        // DNS here, too: this policy isolates its pods before the namespace's allowance is there.
        egress: [...outgoing.map((f) => ({ to: [peer(f.end)], ports: portsOf(f) })), dnsRule()],
      }),
    },
  };
}

const portsOf = ({ port }: Pick<Flow, "port">): Port[] =>
  port === undefined ? [] : [{ protocol: port.protocol, port: port.port }];

/** Both selectors in one peer: pods with these labels *in* that namespace. */
function peer({ namespace, labels }: Pick<Pods, "namespace" | "labels">): object {
  return {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    podSelector: { matchLabels: labels },
  };
}
