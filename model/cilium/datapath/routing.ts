import type { EffectiveValues } from "./effective.ts";
import {
  asLongAsSet,
  breaks,
  type Facet,
  type Impact,
  missedWhenOff,
  onOff,
  untilRecreated,
  untilReconnect,
  untilRolled,
} from "./facet.ts";

/** How packets get from node to node. Up to 1.14 `tunnel` said it; later charts do not read it. */
function routing({ minor, text, isOn }: EffectiveValues): string {
  const old = minor < 15 ? text("tunnel") : "";
  const native = isOn("gke.enabled") || isOn("eni.enabled");
  const mode = old === "disabled" ? "native" : old === "" ? text("routingMode") : "tunnel";
  if (mode === "native" || (mode === "" && native)) return "native";
  const protocol = old || text("tunnelProtocol") || "vxlan";
  const port = text("tunnelPort");
  const underlay = text("underlayProtocol");
  const details = [
    protocol,
    port !== "" && port !== "0" && `port ${port}`,
    underlay === "ipv6" && "over IPv6",
  ];
  return `tunnel (${details.filter(Boolean).join(", ")})`;
}

/** ENI clusters that began with 1.18 or later do not masquerade by default. */
function masqueradesIPv4({ minor, compatibility, at, isOn }: EffectiveValues): boolean {
  if (at("enableIPv4Masquerade") !== undefined) return isOn("enableIPv4Masquerade");
  return !(isOn("eni.enabled") && minor >= 18 && compatibility >= 18);
}

function masquerade(values: EffectiveValues): string {
  const families = [
    values.isOn("ipv4.enabled") && masqueradesIPv4(values) && "IPv4",
    values.isOn("ipv6.enabled") && values.isOn("enableIPv6Masquerade") && "IPv6",
  ].filter(Boolean);
  if (families.length === 0) return "off";
  const by = values.isOn("bpf.masquerade") ? "eBPF" : "iptables";
  const agent = values.isOn("ipMasqAgent.enabled") ? ", ip-masq-agent" : "";
  return `by ${by} (${families.join(" and ")}${agent})`;
}

function nativeRanges({ text }: EffectiveValues): string {
  const ranges = [text("ipv4NativeRoutingCIDR"), text("ipv6NativeRoutingCIDR")].filter(Boolean);
  return ranges.join(" and ") || "not set";
}

function ipam({ text, isOn }: EffectiveValues): string {
  const mode = isOn("eni.enabled") ? "eni" : text("ipam.mode");
  if (mode !== "cluster-pool") return mode;
  const ranges = text("ipam.operator.clusterPoolIPv4PodCIDRList") || "10.0.0.0/8";
  return `cluster-pool (${ranges}, /${text("ipam.operator.clusterPoolIPv4MaskSize")} a node)`;
}

/** A further range at the end of the list is how a cluster pool grows; anything else moves pods. */
function ipamChange(from: string, to: string): Impact | undefined {
  const [before, after] = [from, to].map((text) => /^cluster-pool \((.*), (\S+) a node\)$/.exec(text));
  if (before?.[2] === after?.[2] && after?.[1]?.startsWith(`${before?.[1]} `)) return undefined;
  return {
    traffic: "all pods that run",
    why: "they keep addresses that the new mode knows nothing of: routes to them go, and their addresses may be given out a second time. Upstream knows one way without an outage, from cluster-pool to multi-pool",
    lasts: untilRecreated,
    needsConsent: true,
  };
}

function families({ isOn }: EffectiveValues): string {
  return (
    [isOn("ipv4.enabled") && "IPv4", isOn("ipv6.enabled") && "IPv6"].filter(Boolean).join(" and ") || "none"
  );
}

/** How packets get from node to node and out of the cluster. */
export const routingFacets: readonly Facet[] = [
  {
    what: "routing between nodes",
    keys: ["routingMode", "tunnelProtocol", "tunnelPort", "underlayProtocol"],
    of: routing,
    change: breaks(
      "traffic of pods between nodes",
      "a node that routes the new way and one that still routes the old way do not understand each other; pods keep the MTU of the old way until they are recreated",
      untilRolled,
    ),
    source: "docs.cilium.io, Routing",
  },
  {
    what: "masquerading",
    keys: ["bpf.masquerade", "enableIPv4Masquerade", "enableIPv6Masquerade", "ipMasqAgent.enabled"],
    of: masquerade,
    change: breaks(
      "connections of pods out of the cluster",
      "the new way has no record of the ports that the old one translated, so replies do not find back",
      untilReconnect,
    ),
    source: "docs.cilium.io, Masquerading",
  },
  {
    what: "the ranges that are not masqueraded",
    keys: ["ipv4NativeRoutingCIDR", "ipv6NativeRoutingCIDR"],
    of: nativeRanges,
    change: breaks(
      "connections of pods to addresses in one range and not in the other",
      "their source address changes between the pod's and the node's",
      untilReconnect,
    ),
    source: "docs.cilium.io, Masquerading (ipv4NativeRoutingCIDR)",
  },
  {
    what: "IP address management",
    keys: ["ipam.mode", "ipam.operator"],
    of: ipam,
    change: ipamChange,
    source: "docs.cilium.io, IP Address Management; Cluster Scope",
  },
  {
    what: "IP families",
    keys: ["ipv4.enabled", "ipv6.enabled"],
    of: families,
    change: (from, to) =>
      from.split(" and ").every((family) => to.includes(family))
        ? {
            traffic: "none that runs",
            why: "pods get an address of the new family when they are recreated",
            lasts: untilRecreated,
            needsConsent: false,
          }
        : {
            traffic: "all traffic of the family that goes",
            why: "Cilium no longer routes it",
            lasts: asLongAsSet,
            needsConsent: true,
          },
    source: "docs.cilium.io, ConfigMap Options (enable-ipv4, enable-ipv6)",
  },
  {
    what: "routes between the nodes",
    keys: ["autoDirectNodeRoutes"],
    of: (values) =>
      routing(values) === "native" && values.isOn("autoDirectNodeRoutes") ? "set by the agents" : "not set",
    change: (_, to) =>
      to === "not set"
        ? {
            traffic: "traffic of pods between nodes",
            why: "the agents take their routes away; only a network that knows the pods' ranges by itself still delivers",
            lasts: asLongAsSet,
            needsConsent: true,
          }
        : undefined,
    source: "docs.cilium.io, Routing (autoDirectNodeRoutes)",
  },
  {
    what: "the MTU",
    keys: ["MTU"],
    of: ({ text }) => {
      const mtu = text("MTU");
      return mtu === "" || mtu === "0" ? "detected" : mtu;
    },
    change: breaks(
      "large packets between pods that were there before and pods that come after",
      "pods keep their MTU until they are recreated, and packets that no longer fit are dropped where path MTU discovery is filtered",
      untilRecreated,
    ),
    source: "docs.cilium.io, 1.17 Upgrade Notes; chart values.yaml, MTU",
  },
  {
    what: "the pods' network device",
    keys: ["bpf.datapathMode"],
    of: ({ text }) => text("bpf.datapathMode") || "veth",
    change: breaks(
      "all pods that run",
      "a pod's device cannot be exchanged under it: the agent does not start on a node that still has pods with the other kind",
      untilRecreated,
    ),
    source: "cilium daemon/cmd/endpoint_restore.go validateDatapathModeCompatibility; Tuning Guide, netkit",
  },
  {
    what: "the egress gateway",
    keys: ["egressGateway.enabled"],
    of: ({ isOn }) => onOff(isOn("egressGateway.enabled")),
    change: missedWhenOff(
      "connections out of the cluster that an egress policy selects",
      "they leave by their own node with its address, which firewalls outside may not let in",
      "as long as it is off",
    ),
    source: "docs.cilium.io, Egress Gateway",
  },
];
