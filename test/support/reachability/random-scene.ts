import type {
  Expression,
  Labels,
  NetworkPolicy,
  NetworkPolicySpec,
  PolicyPeer,
  PolicyPort,
  Scene,
  ScenePod,
  ScenePort,
  Selector,
} from "../../../sandbox/judges/scene.ts";
import { type Random, random } from "./random.ts";

// Few words, so that selectors, names and ranges often meet what they are about.
const namespaceNames = ["x", "y", "z"];
const values = ["a", "b", ""];
const podKeys = ["app", "tier"];
const namespaceKeys = ["team", "kubernetes.io/metadata.name"];
const podAddresses = {
  v4: (namespace: number, pod: number) => `10.0.${namespace}.${pod + 1}`,
  v6: (namespace: number, pod: number) => `fd00:0:0:${namespace}::${pod + 1}`,
};
const outside = [
  "203.0.113.7",
  "203.0.113.200",
  "10.0.200.9",
  "198.51.100.1",
  "0.0.0.1",
  "255.255.255.255",
  "2001:db8::7",
  "2001:db8:1::9",
  "fd00:0:0:ff::1",
];
/** Ranges, each with ranges inside of it. Host bits and long forms are what people write, too. */
const ranges: Readonly<Record<string, readonly string[]>> = {
  "0.0.0.0/0": ["10.0.0.0/8", "10.0.1.0/24", "203.0.113.0/24", "128.0.0.0/1", "0.0.0.0/1", "10.0.0.1/32"],
  "10.0.0.0/8": ["10.0.0.0/24", "10.0.1.0/31", "10.0.2.2/32", "10.0.200.0/24"],
  "10.0.1.0/24": ["10.0.1.2/32", "10.0.1.0/30"],
  "10.0.0.77/24": ["10.0.0.1/32"],
  "10.0.1.1/32": [],
  "203.0.113.0/24": ["203.0.113.128/25", "203.0.113.7/32"],
  "::/0": ["fd00::/8", "2001:db8::/32", "fd00:0:0:1::/64", "8000::/1"],
  "fd00::/8": ["fd00:0:0:1::/64", "fd00:0:0:0::2/128", "FD00:0:0:ff::/64"],
  "fd00:0:0:1::/64": ["fd00:0:0:1::1/128"],
  "2001:0db8:0000::/32": ["2001:db8:1::/48", "2001:db8::7/128"],
};
const containerPorts: readonly (ScenePort & { readonly name?: string })[] = [
  { name: "http", port: 80, protocol: "TCP" },
  { name: "web", port: 80, protocol: "TCP" },
  { name: "http", port: 8080, protocol: "TCP" },
  { name: "dns", port: 53, protocol: "UDP" },
  { name: "dns-tcp", port: 53, protocol: "TCP" },
  { name: "sctp", port: 80, protocol: "SCTP" },
  { port: 81, protocol: "TCP" },
];
const policyPorts: readonly PolicyPort[] = [
  {},
  { port: 80 },
  { port: 81, protocol: null },
  { port: 80, protocol: "TCP" },
  { port: 53, protocol: "UDP" },
  { port: 80, protocol: "SCTP" },
  { protocol: "TCP" },
  { protocol: "UDP", port: null },
  { protocol: "SCTP" },
  { port: "http" },
  { port: "web", protocol: "TCP", endPort: null },
  { port: "dns", protocol: "UDP" },
  { port: "dns" },
  { port: "sctp", protocol: "SCTP" },
  { port: "nobody-has-it" },
  { port: 80, endPort: 80 },
  { port: 80, endPort: 81 },
  { port: 79, endPort: 8080, protocol: "TCP" },
  { port: 8081, endPort: 65535 },
  { port: 1, endPort: 52, protocol: "UDP" },
  { port: 1, endPort: 65535, protocol: "SCTP" },
];
const traffic: readonly ScenePort[] = [
  { protocol: "TCP", port: 80 },
  { protocol: "TCP", port: 81 },
  { protocol: "TCP", port: 53 },
  { protocol: "TCP", port: 8080 },
  { protocol: "TCP", port: 8081 },
  { protocol: "TCP", port: 65535 },
  { protocol: "TCP", port: 1 },
  { protocol: "UDP", port: 53 },
  { protocol: "UDP", port: 80 },
  { protocol: "SCTP", port: 80 },
  { protocol: "SCTP", port: 1 },
];

/** A small cluster with policies, as anything may be that the API server accepts. */
export function randomScene(seed: number): Scene {
  const r = random(seed);
  const names = namespaceNames.slice(0, 1 + r.upTo(3));
  const namespaces = Object.fromEntries(
    names.map((name) => [name, { "kubernetes.io/metadata.name": name, ...someLabels(r, ["team"]) }]),
  );
  const pods = r
    .list(2, 4, () => r.upTo(names.length))
    .map((namespace, at) => randomPod(r, names, namespace, at));
  return {
    namespaces,
    pods,
    addresses: r.list(1, 2, () => r.pick(outside)),
    policies: r.list(1, 5, () => r.pick(names)).map((namespace, at) => randomPolicy(r, namespace, at)),
    ports: r.list(3, 4, () => r.pick(traffic)),
  };
}

function randomPod(r: Random, names: readonly string[], namespace: number, at: number): ScenePod {
  const address = r.percent(75) ? podAddresses.v4 : podAddresses.v6;
  // A name is there once in a pod.
  const ports = r.some(containerPorts, 5);
  return {
    namespace: names[namespace] ?? "x",
    labels: someLabels(r, podKeys),
    address: address(namespace, at),
    ports: ports.filter(
      ({ name }, i) => name === undefined || i === ports.findIndex((one) => one.name === name),
    ),
  };
}

const someLabels = (r: Random, keys: readonly string[]): Labels =>
  Object.fromEntries(keys.filter(() => r.percent(70)).map((key) => [key, r.pick(values)]));

function randomPolicy(r: Random, namespace: string, at: number): NetworkPolicy {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: `policy-${at}`, namespace },
    spec: randomSpec(r),
  };
}

function randomSpec(r: Random): NetworkPolicySpec {
  const policyTypes = r.pick([
    undefined,
    undefined,
    null,
    [],
    ["Ingress"],
    ["Egress"],
    ["Ingress", "Egress"],
    ["Egress", "Ingress"],
  ] as const);
  return {
    podSelector: randomSelector(r, podKeys, 35),
    policyTypes,
    ingress: randomRules(r, (peers, ports) => ({ from: peers, ports })),
    egress: randomRules(r, (peers, ports) => ({ to: peers, ports })),
  };
}

type Maybe<T> = readonly T[] | null | undefined;

function randomRules<Rule>(
  r: Random,
  rule: (peers: Maybe<PolicyPeer>, ports: Maybe<PolicyPort>) => Rule,
): Maybe<Rule> {
  const one = () =>
    rule(
      r.percent(25) ? nothing(r) : r.list(1, 3, () => randomPeer(r)),
      r.percent(40) ? nothing(r) : r.list(1, 3, () => r.pick(policyPorts)),
    );
  return r.percent(30) ? nothing(r) : r.list(1, 2, one);
}

const nothing = (r: Random): Maybe<never> => r.pick([undefined, null, []]);

function randomPeer(r: Random): PolicyPeer {
  if (r.percent(30)) return { ipBlock: randomBlock(r) };
  const pods = { podSelector: randomSelector(r, podKeys, 25) };
  const namespaces = { namespaceSelector: randomSelector(r, namespaceKeys, 25) };
  return r.pick<PolicyPeer>([
    pods,
    { ...pods, namespaceSelector: null },
    namespaces,
    { ...namespaces, podSelector: null },
    { ...pods, ...namespaces },
    { ...pods, ...namespaces },
  ]);
}

function randomBlock(r: Random): NonNullable<PolicyPeer["ipBlock"]> {
  const cidr = r.pick(Object.keys(ranges));
  return { cidr, except: r.percent(40) ? nothing(r) : r.some(ranges[cidr] ?? [], 2) };
}

function randomSelector(r: Random, keys: readonly string[], emptyPercent: number): Selector {
  if (r.percent(emptyPercent))
    return r.pick([{}, { matchLabels: null }, { matchExpressions: [], matchLabels: {} }]);
  const valuesOf = (key: string) => (key === "kubernetes.io/metadata.name" ? namespaceNames : values);
  const labels = r.percent(50) ? r.some(keys, 2).map((key) => [key, r.pick(valuesOf(key))] as const) : [];
  const expression = (): Expression => {
    // A key that nobody has, now and then.
    const key = r.percent(10) ? "unheard-of" : r.pick(keys);
    const operator = r.pick(["In", "NotIn", "Exists", "DoesNotExist"] as const);
    if (operator === "Exists" || operator === "DoesNotExist") return { key, operator };
    return { key, operator, values: r.list(1, 2, () => r.pick(valuesOf(key))) };
  };
  return {
    matchLabels: Object.fromEntries(labels),
    matchExpressions: labels.length > 0 && r.percent(60) ? null : r.list(1, 2, expression),
  };
}
