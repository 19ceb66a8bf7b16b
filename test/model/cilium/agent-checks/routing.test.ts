import { newChart, takes, refuses } from "../../../support/agent-checks.ts";

describe("routingProblems()", () => {
  takes([
    ["native routing within a range", { routingMode: "native", ipv4NativeRoutingCIDR: "10.244.0.0/16" }],
    [
      "native routing without masquerading",
      { routingMode: "native", enableIPv4Masquerade: false, bpf: { masquerade: false } },
    ],
    ["native routing by the rules of a cloud", { routingMode: "native", eni: { enabled: true } }],
    ["addresses from several pools in tunnels, from 1.18 on", { ipam: { mode: "multi-pool" } }, "1.18.0"],
    [
      "a range that the chart takes from its pool",
      { routingMode: "native", nativeRoutingCIDRFromClusterPool: true },
      newChart,
    ],
  ]);

  refuses([
    [
      "a routing mode that there is not",
      { routingMode: "direct" },
      'routingMode: The agent has no routing mode "direct": use one of native, tunnel',
    ],
    [
      "a tunnel protocol of former charts",
      { tunnelProtocol: "disabled" },
      'tunnelProtocol: The agent has no tunnel protocol "disabled": use one of vxlan, geneve; without a tunnel: routingMode: native',
    ],
    [
      "native routing without a range",
      { routingMode: "native" },
      "ipv4NativeRoutingCIDR: Native routing with masquerading needs the range whose packets keep their source address: set it to cluster.podCidr, or to the wider range that the network routes",
    ],
    [
      "native IPv6 routing without a range",
      { routingMode: "native", ipv4NativeRoutingCIDR: "10.0.0.0/8", ipv6: { enabled: true } },
      "ipv6NativeRoutingCIDR: Native routing with masquerading needs the range whose packets keep their source address: set it, or enableIPv6Masquerade: false",
    ],
    [
      "a range that is none",
      { routingMode: "native", ipv4NativeRoutingCIDR: "10.0.0.0" },
      "ipv4NativeRoutingCIDR: 10.0.0.0 is not an IPv4 network: write address and prefix length, such as 10.244.0.0/16",
    ],
    [
      "a range of the other family",
      { routingMode: "native", ipv4NativeRoutingCIDR: "fd00::/48" },
      "ipv4NativeRoutingCIDR: fd00::/48 is not an IPv4 network: write address and prefix length, such as 10.244.0.0/16",
    ],
    [
      "direct routes with tunnels",
      { autoDirectNodeRoutes: true },
      "autoDirectNodeRoutes: true does not go with tunnels, in which packets between nodes travel by default: leave it out, or set routingMode: native",
    ],
    [
      "several pools in tunnels",
      { ipam: { mode: "multi-pool" } },
      "ipam.mode: multi-pool does not go with tunnels before chart 1.18: set routingMode: native, or use a newer chart",
    ],
    [
      "no family of addresses",
      { ipv4: { enabled: false }, bpf: { masquerade: false } },
      "ipv4.enabled: Neither IPv4 nor IPv6 is on: the agent needs one: leave ipv4.enabled out, or turn ipv6.enabled on",
    ],
    [
      "no connection tracking by the kernel, in tunnels",
      { installNoConntrackIptablesRules: true },
      "installNoConntrackIptablesRules: true needs routingMode: native: set what it needs, or leave it out",
    ],
  ]);
});
