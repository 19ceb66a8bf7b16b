import { parseCidr } from "../../cidr.ts";
import type { Problem } from "../../problem.ts";
import { type AgentOptions, type AgentState, isForCloudOrChain } from "./options.ts";

const modes = ["native", "tunnel"];
const protocols = ["vxlan", "geneve"];

/**
 * How packets get from node to node, as far as the agent refuses it at its start.
 * @see pkg/option/config.go, `Validate`; pkg/datapath/tunnel/tunnel.go, `newConfig`;
 * daemon/cmd/daemon_main.go, `initEnv`; daemon/cmd/kube_proxy_replacement.go
 */
export function routingProblems(options: AgentOptions, state: AgentState): Problem[] {
  if (isForCloudOrChain(options.values)) return [];
  const mode = options.text("routing-mode") ?? "";
  if (!modes.includes(mode)) return [notOneOf(options.path("routing-mode"), "routing mode", mode, modes)];
  return [
    ...familyProblems(options),
    ...tunnelProblems(options, state),
    ...(state.tunnel ? [] : ([4, 6] as const).flatMap((version) => nativeProblems(options, version))),
    ...noConntrackProblems(options, state),
  ];
}

/** A word that the agent does not know. */
export const notOneOf = (
  path: string,
  what: string,
  given: string,
  known: readonly (string | number)[],
): Problem => ({
  path,
  message: `The agent has no ${what} ${JSON.stringify(given)}`,
  remedy: `use one of ${known.join(", ")}`,
});

function familyProblems(options: AgentOptions): Problem[] {
  if (options.isOn("enable-ipv4") || options.isOn("enable-ipv6")) return [];
  return [
    {
      path: options.path("enable-ipv4"),
      message: `Neither IPv4 nor IPv6 is on: the agent needs one`,
      remedy: "leave ipv4.enabled out, or turn ipv6.enabled on",
    },
  ];
}

function tunnelProblems(options: AgentOptions, { tunnel }: AgentState): Problem[] {
  const protocol = options.text("tunnel-protocol") ?? "";
  const path = options.path("tunnel-protocol");
  return [
    // Read in native routing, too.
    ...(protocols.includes(protocol)
      ? []
      : [withoutTunnel(notOneOf(path, "tunnel protocol", protocol, protocols))]),
    ...(tunnel && options.isOn("auto-direct-node-routes")
      ? [
          {
            path: options.path("auto-direct-node-routes"),
            message: "true does not go with tunnels, in which packets between nodes travel by default",
            remedy: "leave it out, or set routingMode: native",
          },
        ]
      : []),
    ...(tunnel && options.text("ipam") === "multi-pool" && options.version.minor < 18
      ? [
          {
            path: options.path("ipam"),
            message: "multi-pool does not go with tunnels before chart 1.18",
            remedy: "set routingMode: native, or use a newer chart",
          },
        ]
      : []),
  ];
}

/** Up to 1.14 tunnels were turned off by the protocol. */
const withoutTunnel = ({ remedy, ...problem }: Problem): Problem => ({
  ...problem,
  remedy: `${remedy}; without a tunnel: routingMode: native`,
});

/** @see pkg/option/config.go, `checkIPv4NativeRoutingCIDR` and its sibling; from 1.18 on the chart says it too */
function nativeProblems(options: AgentOptions, version: 4 | 6): Problem[] {
  const cidr = options.text(`ipv${version}-native-routing-cidr`);
  const path = options.path(`ipv${version}-native-routing-cidr`);
  if (cidr !== undefined) {
    if (parseCidr(cidr)?.[0].kind() === `ipv${version}`) return [];
    return [
      {
        path,
        message: `${cidr} is not an IPv${version} network`,
        remedy: `write address and prefix length, such as ${version === 4 ? "10.244.0.0/16" : "fd00::/48"}`,
      },
    ];
  }
  const isMasqueraded =
    options.isOn(`enable-ipv${version}`) && options.isOn(`enable-ipv${version}-masquerade`);
  if (!isMasqueraded || options.isOn("enable-ip-masq-agent") || takesClusterPool(options)) return [];
  return [
    {
      path,
      message: "Native routing with masquerading needs the range whose packets keep their source address",
      remedy:
        version === 4
          ? "set it to cluster.podCidr, or to the wider range that the network routes"
          : `set it, or enableIPv6Masquerade: false`,
    },
  ];
}

/** From 1.20 on the chart can take the range from its own pool. */
const takesClusterPool = ({ values, version }: AgentOptions): boolean =>
  version.minor >= 20 && values.is("nativeRoutingCIDRFromClusterPool");

function noConntrackProblems(options: AgentOptions, state: AgentState): Problem[] {
  const option = "install-no-conntrack-iptables-rules";
  if (!options.isOn(option)) return [];
  const needed = [
    ...(state.tunnel ? ["routingMode: native"] : []),
    ...(options.isOn("enable-ipv4") ? [] : ["ipv4.enabled"]),
    ...(state.kubeProxyReplacement ? [] : ["kubeProxyReplacement: true"]),
    ...(state.masquerades && !options.isOn("enable-bpf-masquerade") ? ["bpf.masquerade"] : []),
  ];
  if (needed.length === 0) return [];
  return [
    {
      path: options.path(option),
      message: `true needs ${needed.join(" and ")}`,
      remedy: "set what it needs, or leave it out",
    },
  ];
}
