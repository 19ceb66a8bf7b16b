import fc from "fast-check";
import { type Dialect, type PodGroup, readPolicies, type World } from "../../model/reachability/index.ts";

const oneOf = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const labelMap = fc.oneof(
  fc.constant({}),
  fc.record({ app: oneOf("a", "b", "c") }),
  fc.record({ tier: oneOf("x", "y") }),
);
const selector = fc.oneof(
  { weight: 3, arbitrary: labelMap.map((matchLabels) => ({ matchLabels })) },
  {
    weight: 1,
    arbitrary: oneOf("In", "NotIn", "Exists", "DoesNotExist").map((operator) => ({
      matchExpressions: [{ key: "app", operator, ...(operator.endsWith("In") && { values: ["a", "b"] }) }],
    })),
  },
);
const namespaceSelector = fc.oneof(
  fc.constant({}),
  oneOf("n1", "n2").map((name) => ({ matchLabels: { "kubernetes.io/metadata.name": name } })),
  fc.constant({ matchLabels: { team: "t" } }),
);
const cidrs = oneOf("0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/24", "8.8.8.8/32", "192.168.0.0/16");
const block = fc.oneof(
  cidrs.map((cidr) => ({ cidr })),
  fc.constant({ cidr: "10.0.0.0/8", except: ["10.0.1.0/24"] }),
);
const peer = fc.oneof(
  selector.map((podSelector) => ({ podSelector })),
  namespaceSelector.map((its) => ({ namespaceSelector: its })),
  fc.record({ podSelector: selector, namespaceSelector }),
  block.map((ipBlock) => ({ ipBlock })),
);
const port = fc.oneof(
  fc.record({ port: oneOf<number | string>(80, 8080, "http", "dns") }),
  fc.record({ protocol: oneOf("TCP", "UDP", "SCTP"), port: oneOf<number | string>(80, 81, "dns") }),
  fc.constant({ port: 79, endPort: 81 }),
  fc.constant({ protocol: "UDP" }),
);
const optional = <T>(items: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(items, { maxLength: 2 });
const networkPolicy = fc
  .record({
    podSelector: selector,
    policyTypes: oneOf(undefined, ["Ingress"], ["Egress"], ["Ingress", "Egress"]),
    ingress: optional(fc.record({ from: optional(peer), ports: optional(port) })),
    egress: optional(fc.record({ to: optional(peer), ports: optional(port) })),
  })
  .map((spec) => ({ apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", spec }));

const endpoints = fc.oneof(
  selector,
  oneOf("n1", "n2").map((name) => ({ matchLabels: { "k8s:io.kubernetes.pod.namespace": name } })),
  fc.constant({ matchLabels: { "io.cilium.k8s.namespace.labels.team": "t", app: "a" } }),
);
const toPorts = fc.record({
  ports: optional(
    oneOf<object>(
      { port: "80", protocol: "TCP" },
      { port: "http" },
      { port: "79", endPort: 81, protocol: "UDP" },
    ),
  ),
  rules: oneOf(undefined, undefined, { http: [{ method: "GET" }] }),
});
const entities = oneOf("world", "cluster", "remote-node", "all", "kube-apiserver");
const entry = (word: "from" | "to", isDeny: boolean) =>
  fc
    .tuple(
      fc.oneof(
        fc.array(endpoints, { maxLength: 2 }).map((list) => ({ [`${word}Endpoints`]: list })),
        entities.map((entity) => ({ [`${word}Entities`]: [entity] })),
        block.map((set) => ({ [`${word}CIDRSet`]: [set] })),
        fc.constant({}),
        oneOf(...(word === "to" && !isDeny ? [{ toFQDNs: [{ matchPattern: "*.example.com" }] }] : [{}])),
      ),
      fc.oneof(fc.constant(undefined), fc.array(toPorts, { minLength: 1, maxLength: 2 })),
    )
    .map(([peers, ports]) => ({
      ...peers,
      ...(ports && { toPorts: isDeny ? ports.map(({ ports: list }) => ({ ports: list })) : ports }),
    }));
const ciliumPolicy = fc
  .record({
    kind: oneOf("CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy"),
    spec: fc.record(
      {
        endpointSelector: endpoints,
        ingress: optional(entry("from", false)),
        egress: optional(entry("to", false)),
        ingressDeny: optional(entry("from", true)),
        egressDeny: optional(entry("to", true)),
        enableDefaultDeny: oneOf({}, { ingress: false }, { egress: false }),
      },
      { requiredKeys: ["endpointSelector"] },
    ),
  })
  .map(({ kind, spec }) => ({ apiVersion: "cilium.io/v2", kind, spec }));

const subject = fc.oneof(
  namespaceSelector.map((namespaces) => ({ namespaces })),
  fc.record({ namespaceSelector, podSelector: selector }).map((pods) => ({ pods })),
);
const protocols = optional(
  oneOf<object>(
    { tcp: { destinationPort: { number: 80 } } },
    { udp: { destinationPort: { range: { start: 79, end: 81 } } } },
    { tcp: {} },
    { destinationNamedPort: "http" },
  ),
);
const action = oneOf("Accept", "Deny", "Pass");
const clusterPolicy = fc
  .record({
    tier: oneOf("Admin", "Baseline"),
    priority: fc.nat({ max: 3 }),
    subject,
    ingress: optional(
      fc.record({ action, from: fc.array(subject, { minLength: 1, maxLength: 2 }), protocols }),
    ),
    egress: optional(
      fc.record({
        action,
        to: fc.array(
          fc.oneof(
            subject,
            cidrs.map((cidr) => ({ networks: [cidr] })),
          ),
          { minLength: 1, maxLength: 2 },
        ),
        protocols,
      }),
    ),
  })
  .map((spec) => ({ apiVersion: "policy.networking.k8s.io/v1alpha2", kind: "ClusterNetworkPolicy", spec }));

const ports: PodGroup["ports"][] = [
  [],
  [{ name: "http", port: 80, protocol: "TCP" }],
  [
    { name: "http", port: 8080, protocol: "TCP" },
    { name: "dns", port: 81, protocol: "UDP" },
  ],
];
const group = fc.record({
  namespace: oneOf("n1", "n2", "n3"),
  labels: fc.oneof(labelMap, fc.record({ app: oneOf("a", "b"), tier: oneOf("x", "y") })),
  ports: oneOf(...ports),
  addresses: oneOf(undefined, ["10.0.0.5"], ["10.0.1.5", "fd00::5"]),
  hostNetwork: oneOf(false, false, false, true),
});

/** Worlds of a few pods under policies of every dialect. */
export function arbitraryWorld(): fc.Arbitrary<World> {
  const policy = fc.oneof(
    { weight: 4, arbitrary: networkPolicy },
    { weight: 3, arbitrary: ciliumPolicy },
    { weight: 1, arbitrary: clusterPolicy },
  );
  return fc
    .record({
      pods: fc.array(group, { minLength: 1, maxLength: 6 }),
      manifests: fc.array(fc.record({ policy, namespace: oneOf("n1", "n2") }), { maxLength: 5 }),
      dialect: oneOf<Dialect>("kubernetes", "cilium"),
      network: oneOf(undefined, {
        podCidrs: ["10.0.0.0/8"],
        nodeAddresses: ["192.168.1.1"],
        apiServerAddresses: ["192.168.1.1"],
      }),
    })
    .map(({ pods, manifests, ...rest }): World => ({
      ...rest,
      namespaces: [
        { name: "n1", labels: { team: "t" } },
        { name: "n2", labels: {} },
        { name: "n3", labels: { team: "t" } },
      ],
      pods: pods.map((one, i) => ({ ...one, name: `pod${i}`, labels: one.labels })),
      policies: readPolicies(
        manifests.map(({ policy: manifest, namespace }, i) => ({
          ...manifest,
          metadata: { name: `p${i}`, namespace },
        })),
      ).policies,
    }));
}
