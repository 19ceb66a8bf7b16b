import type {
  Expression,
  Labels,
  NetworkPolicy,
  ScenePod,
  ScenePort,
  Selector,
} from "../../../sandbox/judges/scene.ts";
import { type Random, random } from "./random.ts";
import { randomScene } from "./random-scene.ts";

/** A cluster of Cilium's and the traffic in it; its ends are pods, then addresses, then entities. */
export interface CiliumScene {
  readonly namespaces: Readonly<Record<string, Labels>>;
  readonly pods: readonly (ScenePod & { readonly serviceAccount: string })[];
  readonly addresses: readonly string[];
  /** Each by its reserved labels. */
  readonly entities: readonly (readonly string[])[];
  readonly policies: readonly unknown[];
  readonly ports: readonly ScenePort[];
}

/** What our evaluator calls the entities of a scene, in their order: its API server runs on a node. */
export const entityNames = ["own-node", "nodes", "api-server", "ingress"] as const;
const reserved = [["host"], ["remote-node"], ["kube-apiserver", "remote-node"], ["ingress"]];

const values = ["a", "b", ""];
const ranges = [
  "0.0.0.0/0",
  "10.0.0.0/8",
  "203.0.113.0/24",
  "203.0.113.7/32",
  "::/0",
  "2001:db8::/32",
  "192.168.0.0/16",
];
const entities = [
  "all",
  "world",
  "cluster",
  "host",
  "remote-node",
  "kube-apiserver",
  "ingress",
  "health",
  "init",
  "unmanaged",
  "none",
];
const portNames = ["80", "81", "53", "8080", "0", "http", "dns"];

/**
 * A small cluster with policies for Cilium, such as every version since 1.15 reads alike. So there are no ranges of
 * ports (from 1.16 on), no `enableDefaultDeny` (from 1.16 on), no ports beside an empty list of peers (everybody to
 * 1.15, nobody to 1.20) and no labels of namespaces (within the policy's own namespace to 1.15, everywhere to 1.20).
 */
export function randomCiliumScene(seed: number): CiliumScene {
  const { namespaces, pods, ports, policies } = randomScene(seed);
  const r = random(seed + 0x5eed);
  const names = Object.keys(namespaces);
  return {
    namespaces,
    pods: pods.map((pod, at) => ({ ...pod, serviceAccount: at % 2 === 0 ? "default" : "luke" })),
    addresses: ["203.0.113.7", "203.0.113.200", "198.51.100.1", "2001:db8::7"],
    entities: reserved,
    policies: [
      ...r.list(1, 4, () => r.pick(names)).map((namespace, at) => randomPolicy(r, namespace, at)),
      ...(r.percent(40) ? policies.filter(hasNoRange).slice(0, 1).map(asServed) : []),
    ],
    // Cilium carries SCTP only where it is told to.
    ports: [{ protocol: "TCP", port: 80 }, ...ports.filter(({ protocol }) => protocol !== "SCTP")],
  };
}

const hasNoRange = ({ spec: { ingress, egress } }: NetworkPolicy): boolean =>
  [...(ingress ?? []), ...(egress ?? [])].every(
    ({ ports }) => ports?.every(({ endPort }) => !endPort) ?? true,
  );

/** With the types that the API server fills in. */
function asServed(policy: NetworkPolicy): NetworkPolicy {
  const { policyTypes, egress } = policy.spec;
  if ((policyTypes ?? []).length > 0) return policy;
  const types = (egress ?? []).length > 0 ? (["Ingress", "Egress"] as const) : (["Ingress"] as const);
  return { ...policy, spec: { ...policy.spec, policyTypes: types } };
}

function randomPolicy(r: Random, namespace: string, at: number): object {
  const isClusterWide = r.percent(25);
  const section = (word: "from" | "to") => r.list(1, 2, () => ({ ...somePeers(r, word), ...somePorts(r) }));
  const spec = {
    endpointSelector: randomSelector(r, false),
    ...(r.percent(50) && { ingress: section("from") }),
    ...(r.percent(50) && { egress: section("to") }),
    ...(r.percent(20) && { ingressDeny: section("from") }),
    ...(r.percent(20) && { egressDeny: section("to") }),
  };
  return {
    apiVersion: "cilium.io/v2",
    kind: isClusterWide ? "CiliumClusterwideNetworkPolicy" : "CiliumNetworkPolicy",
    metadata: { name: `policy-${at}`, ...(!isClusterWide && { namespace }) },
    spec,
  };
}

/** One kind of peers, or none: Cilium refuses two in one entry. */
function somePeers(r: Random, word: "from" | "to"): object {
  const kind = r.upTo(10);
  if (kind < 2) return {};
  if (kind < 6) return { [`${word}Endpoints`]: r.list(1, 2, () => randomSelector(r, true)) };
  if (kind < 8) return { [`${word}Entities`]: r.list(1, 2, () => r.pick(entities)) };
  if (kind < 9) return { [`${word}CIDR`]: r.list(1, 2, () => r.pick(ranges)) };
  return { [`${word}CIDRSet`]: [{ cidr: "203.0.113.0/24", except: ["203.0.113.128/25"] }] };
}

function somePorts(r: Random): object {
  if (r.percent(40)) return {};
  const one = () => ({
    port: r.pick(portNames),
    ...(r.percent(70) && { protocol: r.pick(["TCP", "UDP", "ANY"]) }),
  });
  return { toPorts: r.list(1, 2, () => ({ ports: r.list(1, 2, one) })) };
}

/** @param isPeer - it may name a namespace, also by what it is not */
function randomSelector(r: Random, isPeer: boolean): Selector {
  if (r.percent(25)) return {};
  const keys = r.pick([
    ["app", "any:tier"],
    ["k8s:app", "tier"],
    ["app", "tier", "io.cilium.k8s.policy.serviceaccount"],
  ]);
  const valueOf = (key: string) => (key.includes("account") ? r.pick(["default", "luke"]) : r.pick(values));
  const namespace = r.pick(["io.kubernetes.pod.namespace", "k8s:io.kubernetes.pod.namespace"]);
  const labels = r.some(keys, 2).map((key) => [key, valueOf(key)] as const);
  const inNamespace = r.percent(isPeer ? 30 : 10) ? [[namespace, r.pick(["x", "y", "z"])] as const] : [];
  const expression = (): Expression => {
    const key = r.pick(keys);
    const operator = r.pick(["In", "NotIn", "Exists", "DoesNotExist"] as const);
    if (operator === "Exists" || operator === "DoesNotExist") return { key, operator };
    return { key, operator, values: r.list(1, 2, () => valueOf(key)) };
  };
  const notIn: Expression[] =
    isPeer && r.percent(10) ? [{ key: namespace, operator: "NotIn", values: [r.pick(["x", "y"])] }] : [];
  const expressions = [...(r.percent(30) ? r.list(1, 2, expression) : []), ...notIn];
  return {
    matchLabels: Object.fromEntries([...labels, ...inNamespace]),
    ...(expressions.length > 0 && { matchExpressions: expressions }),
  };
}
