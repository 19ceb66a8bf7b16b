import assert from "node:assert/strict";
import fc from "fast-check";
import { datapathEffects, effectiveValues, facets } from "../../../../model/cilium/datapath/index.ts";
import type { Values } from "../../../../model/cilium/merge-values.ts";

/** A release's version and values; `1.20` stands for the version where it does not matter. */
type Release = Values & { chart?: string };

function effectsOf(
  { chart: from = "1.20.2", ...before }: Release,
  { chart: to = "1.20.2", ...after }: Release,
) {
  return datapathEffects(effectiveValues(from, before), effectiveValues(to, after));
}

/** [what, before, after, how it was, how it will be, whether somebody must agree]. */
type Case = [what: string, before: Release, after: Release, from: string, to: string, consent: boolean];

const replaced = { kubeProxyReplacement: true };
const clusterPool = (ranges: string[], clusterPoolIPv4MaskSize = 24): Release => ({
  ipam: { operator: { clusterPoolIPv4PodCIDRList: ranges, clusterPoolIPv4MaskSize } },
});
const byMemory = "TCP 0.0025 of memory, other 0.0025 of memory, NAT 0.0025 of memory";

const cases: Case[] = [
  ["kube-proxy replacement", {}, replaced, "off", "on", true],
  ["kube-proxy replacement", replaced, { kubeProxyReplacement: "false" }, "on", "off", true],
  [
    "kube-proxy replacement",
    { chart: "1.15.19", kubeProxyReplacement: "partial" },
    { chart: "1.16.0", ...replaced },
    "partial",
    "on",
    true,
  ],
  [
    "what is served beside kube-proxy",
    { chart: "1.18.0", nodePort: { enabled: true } },
    { chart: "1.19.0", nodePort: { enabled: true } },
    "nodePort.enabled",
    "no Services but ClusterIPs",
    true,
  ],
  [
    "the mode of load balancing",
    replaced,
    { ...replaced, loadBalancer: { mode: "dsr" } },
    "snat",
    "dsr",
    true,
  ],
  ["XDP acceleration", {}, { loadBalancer: { acceleration: "native" } }, "disabled", "native", true],
  ["the network devices", {}, { devices: ["eth0", "eth1"] }, "detected", "eth0 eth1", true],
  ["protocols of Services", { chart: "1.17.0" }, { chart: "1.16.9" }, "told apart", "not told apart", true],
  ["local redirect policies", { localRedirectPolicy: true }, {}, "on", "off", true],
  ["announcing load balancer addresses", { bgpControlPlane: { enabled: true } }, {}, "on", "off", true],

  ["routing between nodes", {}, { routingMode: "native" }, "tunnel (vxlan)", "native", true],
  ["routing between nodes", {}, { tunnelProtocol: "geneve" }, "tunnel (vxlan)", "tunnel (geneve)", true],
  ["routing between nodes", {}, { tunnelPort: 8473 }, "tunnel (vxlan)", "tunnel (vxlan, port 8473)", true],
  [
    "routing between nodes",
    { chart: "1.14.0", tunnel: "disabled" },
    { chart: "1.15.0", tunnel: "disabled" },
    "native",
    "tunnel (vxlan)",
    true,
  ],
  ["masquerading", {}, { bpf: { masquerade: true } }, "by iptables (IPv4)", "by eBPF (IPv4)", true],
  ["masquerading", {}, { enableIPv4Masquerade: false }, "by iptables (IPv4)", "off", true],
  [
    "masquerading",
    { chart: "1.17.9", eni: { enabled: true } },
    { chart: "1.18.0", eni: { enabled: true } },
    "by iptables (IPv4)",
    "off",
    true,
  ],
  [
    "the ranges that are not masqueraded",
    {},
    { ipv4NativeRoutingCIDR: "10.0.0.0/8" },
    "not set",
    "10.0.0.0/8",
    true,
  ],
  [
    "IP address management",
    {},
    { ipam: { mode: "kubernetes" } },
    "cluster-pool (10.0.0.0/8, /24 a node)",
    "kubernetes",
    true,
  ],
  [
    "IP address management",
    clusterPool(["10.0.0.0/16"]),
    clusterPool(["10.1.0.0/16"]),
    "cluster-pool (10.0.0.0/16, /24 a node)",
    "cluster-pool (10.1.0.0/16, /24 a node)",
    true,
  ],
  ["IP families", {}, { ipv6: { enabled: true } }, "IPv4", "IPv4 and IPv6", false],
  ["IP families", { ipv6: { enabled: true } }, {}, "IPv4 and IPv6", "IPv4", true],
  [
    "routes between the nodes",
    { routingMode: "native", autoDirectNodeRoutes: true },
    { routingMode: "native" },
    "set by the agents",
    "not set",
    true,
  ],
  ["the MTU", {}, { MTU: 1400 }, "detected", "1400", true],
  [
    "the pods' network device",
    { chart: "1.15.19" },
    { chart: "1.16.0", bpf: { datapathMode: "netkit" } },
    "veth",
    "netkit",
    true,
  ],
  ["the egress gateway", { egressGateway: { enabled: true } }, {}, "on", "off", true],

  [
    "connection tracking and NAT maps",
    {},
    { bpf: { ctTcpMax: 1_000_000 } },
    byMemory,
    byMemory.replace("TCP 0.0025 of memory", "TCP 1000000"),
    true,
  ],
  [
    "connection tracking and NAT maps",
    {},
    { bpf: { mapDynamicSizeRatio: 0.005 } },
    byMemory,
    byMemory.replaceAll("0.0025", "0.005"),
    true,
  ],
  [
    "connection tracking and NAT maps",
    {},
    { bpf: { distributedLRU: { enabled: true } } },
    byMemory,
    `${byMemory}, per CPU`,
    true,
  ],
  ["load balancer maps", {}, { bpf: { lbMapMax: 131_072 } }, "65536 entries", "131072 entries", true],
  ["policy maps", {}, { bpf: { policyMapMax: 32_768 } }, "16384 entries", "32768 entries", false],
  ["policy maps", {}, { bpf: { policyMapMax: 8192 } }, "16384 entries", "8192 entries", true],
  ["preallocation of maps", {}, { bpf: { preallocateMaps: true } }, "off", "on", true],
  ["cleaning of state", {}, { cleanBpfState: true }, "none", "that of eBPF", true],

  ["Envoy", { chart: "1.15.19" }, { chart: "1.16.0" }, "in the agent", "in its own DaemonSet", true],
  ["Ingress", { ingressController: { enabled: true } }, {}, "on", "off", true],
  ["Gateway API", { gatewayAPI: { enabled: true } }, {}, "on", "off", true],
  ["encryption between nodes", {}, { encryption: { enabled: true } }, "off", "ipsec", true],
  [
    "encryption between nodes",
    { encryption: { enabled: true, type: "wireguard", nodeEncryption: true } },
    { encryption: { enabled: true } },
    "wireguard, nodes too",
    "ipsec",
    true,
  ],
  [
    "encryption",
    {},
    { encryption: { strictMode: { egress: { enabled: true } } } },
    "not required",
    "required of what leaves",
    true,
  ],
  ["chaining with other CNI plugins", {}, { cni: { chainingMode: "portmap" } }, "none", "portmap", true],
  [
    "other CNI configurations on the nodes",
    { cni: { exclusive: false } },
    {},
    "left alone",
    "put aside",
    true,
  ],

  ["policy enforcement", {}, { policyEnforcementMode: "always" }, "default", "always", true],
  ["policy enforcement", {}, { policyAuditMode: true }, "default", "audit only", true],
  ["the host firewall", {}, { hostFirewall: { enabled: true } }, "off", "on", true],
  ["the cluster's name and id", {}, { cluster: { name: "eu1", id: 1 } }, "default, 0", "eu1, 1", true],
  [
    "the size of the mesh",
    {},
    { clustermesh: { maxConnectedClusters: 511 } },
    "255 clusters",
    "511 clusters",
    true,
  ],
  ["where identities are kept", {}, { identityAllocationMode: "kvstore" }, "crd", "kvstore", true],
  [
    "the labels that make an identity",
    {},
    { labels: "app" },
    "the default ones",
    "app and the service account",
    true,
  ],
  [
    "the labels that make an identity",
    { chart: "1.17.0", labels: "app" },
    { chart: "1.18.0", labels: "app" },
    "app",
    "app and the service account",
    true,
  ],
  [
    "the clusters that a policy means where it names none",
    { chart: "1.18.0", cluster: { id: 1 } },
    { chart: "1.19.0", cluster: { id: 1 } },
    "all",
    "the local one",
    true,
  ],
  ["the DNS proxy and L7 rules", {}, { l7Proxy: false }, "on", "off", true],
];

describe("datapathEffects()", () => {
  for (const [what, before, after, from, to, consent] of cases) {
    it(`${what}: ${from} to ${to} ${consent ? "needs consent" : "is only said"}`, () => {
      const effect = effectsOf(before, after).find((one) => one.what === what);
      assert.ok(effect, "no such effect");
      assert.deepEqual([effect.from, effect.to, effect.needsConsent], [from, to, consent]);
      for (const text of [effect.traffic, effect.why, effect.lasts]) {
        assert.match(text, /^\S.*[^.\s]$/, "a text without a final period");
      }
    });
  }

  it("has a case for every way in which the datapath can change", () => {
    const covered = new Set(cases.map(([what]) => what));
    assert.deepEqual(
      facets.map(({ what }) => what).filter((what) => !covered.has(what)),
      [],
    );
  });

  const harmless: [title: string, before: Release, after: Release][] = [
    ["a value written as text", { kubeProxyReplacement: true }, { kubeProxyReplacement: "true" }],
    [
      "a default written down",
      {},
      { tunnelProtocol: "vxlan", bpf: { lbMapMax: 65_536 }, ipv4: { enabled: true } },
    ],
    ["a key under its new name", { localRedirectPolicy: true }, { localRedirectPolicies: { enabled: true } }],
    [
      "strict as the word for true",
      { chart: "1.15.18", kubeProxyReplacement: "strict" },
      { chart: "1.15.19", ...replaced },
    ],
    [
      "tunnel as the word for routingMode",
      { chart: "1.14.0", tunnel: "disabled" },
      { chart: "1.15.0", routingMode: "native" },
    ],
    [
      "a further range at the end of a pool",
      clusterPool(["10.0.0.0/16"]),
      clusterPool(["10.0.0.0/16", "10.1.0.0/16"]),
    ],
    [
      "what has no part in the datapath",
      {},
      { hubble: { enabled: false }, operator: { replicas: 2 }, prometheus: { enabled: true } },
    ],
    [
      "Envoy, held to the version that the cluster began with",
      { chart: "1.15.19" },
      { chart: "1.16.0", upgradeCompatibility: "1.15" },
    ],
    ["protocols of Services on the way up", { chart: "1.16.9" }, { chart: "1.17.0" }],
    ["policies in a single cluster", { chart: "1.18.0" }, { chart: "1.19.0" }],
    [
      "features that are turned on",
      {},
      { egressGateway: { enabled: true }, gatewayAPI: { enabled: true }, l2announcements: { enabled: true } },
    ],
  ];
  for (const [title, before, after] of harmless) {
    it(`finds nothing in ${title}`, () => assert.deepEqual(effectsOf(before, after), []));
  }

  it("finds nothing between two minors when the newer one is held to where the cluster began", () => {
    const values = fc.constantFrom<Values>(
      {},
      { kubeProxyReplacement: true, ipam: { mode: "kubernetes" }, bpf: { masquerade: true, tproxy: true } },
      { routingMode: "native", autoDirectNodeRoutes: true, ipv4NativeRoutingCIDR: "10.0.0.0/8" },
      { encryption: { enabled: true, type: "wireguard" }, gatewayAPI: { enabled: true } },
    );
    const minor = fc.integer({ min: 14, max: 19 });
    fc.assert(
      fc.property(minor, fc.integer({ min: 14, max: 19 }), values, (began, from, given) => {
        const upgradeCompatibility = `1.${Math.min(began, from)}`;
        const before = { ...given, upgradeCompatibility, chart: `1.${from}.3` };
        assert.deepEqual(effectsOf(before, { ...before, chart: `1.${from + 1}.0` }), []);
      }),
    );
  });
});
