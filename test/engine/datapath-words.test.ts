import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { parse } from "yaml";
import { effectiveValues, facets } from "../../model/cilium/datapath/index.ts";
import type { Values } from "../../model/cilium/merge-values.ts";
import { ensureTools, type Tools } from "../../toolchain/index.ts";

type Config = Readonly<Record<string, string>>;

/** What the facets say, read from the agent's options instead of from the chart's values. */
const rendered: Record<string, (config: Config) => string> = {
  "kube-proxy replacement": (c) =>
    ["true", "strict"].includes(c["kube-proxy-replacement"] ?? "") ? "on" : "off",
  "the mode of load balancing": (c) => {
    const dispatch = c["bpf-lb-dsr-dispatch"];
    const mode = c["bpf-lb-mode"] ?? "snat";
    return dispatch === undefined ? mode : `${mode} (${dispatch})`;
  },
  "XDP acceleration": (c) => c["bpf-lb-acceleration"] ?? "disabled",
  "routing between nodes": (c) => {
    const port = c["tunnel-port"];
    const details = [c["tunnel-protocol"], port && `port ${port}`].filter(Boolean).join(", ");
    return c["routing-mode"] === "native" ? "native" : `tunnel (${details})`;
  },
  masquerading: (c) => {
    const families = [
      c["enable-ipv4"] === "true" && c["enable-ipv4-masquerade"] === "true" && "IPv4",
      c["enable-ipv6"] === "true" && c["enable-ipv6-masquerade"] === "true" && "IPv6",
    ].filter(Boolean);
    const by = c["enable-bpf-masquerade"] === "true" ? "eBPF" : "iptables";
    return families.length === 0 ? "off" : `by ${by} (${families.join(" and ")})`;
  },
  "IP address management": (c) =>
    c.ipam === "cluster-pool"
      ? `cluster-pool (${c["cluster-pool-ipv4-cidr"] ?? ""}, /${c["cluster-pool-ipv4-mask-size"] ?? ""} a node)`
      : (c.ipam ?? ""),
  "connection tracking and NAT maps": (c) => {
    const size = (key: string): string =>
      ["0", undefined].includes(c[key])
        ? `${c["bpf-map-dynamic-size-ratio"] ?? ""} of memory`
        : (c[key] ?? "");
    const sizes = ["tcp", "any"].map((kind) => size(`bpf-ct-global-${kind}-max`));
    const perCpu = c["bpf-distributed-lru"] === "true" ? ", per CPU" : "";
    return `TCP ${sizes[0] ?? ""}, other ${sizes[1] ?? ""}, NAT ${size("bpf-nat-global-max")}${perCpu}`;
  },
  "load balancer maps": (c) => `${c["bpf-lb-map-max"] ?? ""} entries`,
  "policy maps": (c) => `${c["bpf-policy-map-max"] ?? ""} entries`,
  "preallocation of maps": (c) => (c["preallocate-bpf-maps"] === "true" ? "on" : "off"),
  Envoy: (c) =>
    c["enable-l7-proxy"] === "false"
      ? "not run"
      : c["external-envoy-proxy"] === "true"
        ? "in its own DaemonSet"
        : "in the agent",
  "the DNS proxy and L7 rules": (c) => (c["enable-l7-proxy"] === "false" ? "off" : "on"),
  "encryption between nodes": (c) => {
    const nodes = c["encrypt-node"] === "true" ? ", nodes too" : "";
    if (c["enable-wireguard"] === "true") return `wireguard${nodes}`;
    return c["enable-ipsec"] === "true" ? `ipsec${nodes}` : "off";
  },
  "other CNI configurations on the nodes": (c) =>
    c["cni-exclusive"] === "true" ? "put aside" : "left alone",
  "policy enforcement": (c) =>
    c["policy-audit-mode"] === "true" ? "audit only" : (c["enable-policy"] ?? ""),
  "the host firewall": (c) => (c["enable-host-firewall"] === "true" ? "on" : "off"),
  "the cluster's name and id": (c) => `${c["cluster-name"] ?? ""}, ${c["cluster-id"] ?? ""}`,
  "where identities are kept": (c) => c["identity-allocation-mode"] ?? "",
  "the MTU": (c) => c.mtu ?? "detected",
  "the pods' network device": (c) => c["datapath-mode"] ?? "veth",
  "routes between the nodes": (c) =>
    c["routing-mode"] === "native" && c["auto-direct-node-routes"] === "true"
      ? "set by the agents"
      : "not set",
};

const range = { ipv4NativeRoutingCIDR: "10.0.0.0/8" };
const values: Record<string, Values> = {
  "no values at all": {},
  "the baseline": { kubeProxyReplacement: true, ipam: { mode: "kubernetes" }, bpf: { masquerade: true } },
  "native routing": {
    ...range,
    routingMode: "native",
    autoDirectNodeRoutes: true,
    enableIPv4Masquerade: false,
  },
  Geneve: {
    tunnelProtocol: "geneve",
    tunnelPort: 7000,
    loadBalancer: { mode: "dsr", dsrDispatch: "geneve" },
  },
  "both families": { ipv6: { enabled: true }, bpf: { lbMapMax: 131_072, policyMapMax: 32_768 } },
  "maps of their own size": {
    bpf: { ctTcpMax: 600_000, ctAnyMax: 300_000, natMax: 500_000, preallocateMaps: true },
  },
  "maps by more memory": { bpf: { mapDynamicSizeRatio: 0.005 } },
  WireGuard: { encryption: { enabled: true, type: "wireguard", nodeEncryption: true } },
  IPsec: { encryption: { enabled: true } },
  "a mesh": { cluster: { name: "eu1", id: 7 }, identityAllocationMode: "crd" },
  "policies always": { policyEnforcementMode: "always", hostFirewall: { enabled: true }, MTU: 1400 },
  "an audit": { policyAuditMode: true, cni: { exclusive: false } },
  "no proxy": { l7Proxy: false },
  "Envoy by itself": { envoy: { enabled: true } },
  "a cluster that began with 1.15": { upgradeCompatibility: "1.15" },
  "a cluster that began with 1.19": { upgradeCompatibility: "1.19" },
};

describe("the datapath in words is what the charts tell the agent", function () {
  this.timeout("30 seconds");
  let tools: Tools;
  before(async function () {
    this.timeout("90 minutes");
    tools = await ensureTools({ only: ["helm", "cilium-chart", "cilium-chart-1.15"] });
  });

  for (const [chart, version] of [
    ["cilium-chart-1.15", "1.15.19"],
    ["cilium-chart", "1.20.2"],
  ] as const) {
    for (const [title, given] of Object.entries(values)) {
      it(`${version} with ${title}`, () => {
        const config = configOf(tools, chart, given);
        const effective = effectiveValues(version, given);
        const said = facets
          .filter(({ what }) => what in rendered)
          .map(({ what, of }) => [what, of(effective)]);
        assert.deepEqual(
          said,
          said.map(([what = ""]) => [what, rendered[what]?.(config)]),
        );
      });
    }
  }

  it("covers facets that there are", () => {
    const known = new Set(facets.map(({ what }) => what));
    assert.deepEqual(
      Object.keys(rendered).filter((what) => !known.has(what)),
      [],
    );
  });
});

/** The agent's options as Helm renders them. */
function configOf(tools: Tools, chart: "cilium-chart" | "cilium-chart-1.15", given: Values): Config {
  const args = ["template", "cilium", tools.path(chart), "--kube-version", "1.36.3", "--values", "-"];
  const text = execFileSync(
    tools.path("helm"),
    [...args, "--namespace", "kube-system", "--show-only", "templates/cilium-configmap.yaml"],
    { input: JSON.stringify(given), encoding: "utf8", stdio: ["pipe", "pipe", "pipe"] },
  );
  // The chart writes some keys twice; the last one counts.
  return (parse(text, { uniqueKeys: false }) as { data: Config }).data;
}
