import type { EffectiveValues } from "./effective.ts";
import { breaks, type Facet, missedWhenOff, onOff, untilReconnect } from "./facet.ts";

const kubeProxyFree = "docs.cilium.io, Kubernetes Without kube-proxy";

/** Charts up to 1.15 also know the words of old: strict is true, disabled is false, partial is neither. */
function kubeProxyReplacement({ text }: EffectiveValues): string {
  const value = text("kubeProxyReplacement");
  if (value === "true" || value === "strict") return "on";
  return value === "partial" ? "partial" : "off";
}

/** What Cilium serves where it does not replace kube-proxy; the switches went with 1.18 and 1.19. */
function servedBesideKubeProxy(values: EffectiveValues): string {
  if (kubeProxyReplacement(values) === "on") return "all Services";
  const switches = { "nodePort.enabled": 19, "hostPort.enabled": 18, "externalIPs.enabled": 18 };
  const served = Object.entries(switches).filter(([key, gone]) => values.minor < gone && values.isOn(key));
  return served.length === 0 ? "no Services but ClusterIPs" : served.map(([key]) => key).join(" and ");
}

/** How Services are served. */
export const serviceFacets: readonly Facet[] = [
  {
    what: "kube-proxy replacement",
    keys: ["kubeProxyReplacement"],
    of: kubeProxyReplacement,
    change: (_, to) => ({
      traffic: "every connection through a Service",
      why:
        to === "on"
          ? "kube-proxy's NAT table and Cilium's do not know of each other, so established connections break"
          : "kube-proxy's NAT table and Cilium's do not know of each other, so established connections break; where kube-proxy does not run, nobody serves NodePorts and load balancers any more, nor the API server's ClusterIP to the nodes",
      lasts: to === "on" ? untilReconnect : `${untilReconnect}; without kube-proxy for good`,
      needsConsent: true,
    }),
    source: kubeProxyFree,
  },
  {
    what: "what is served beside kube-proxy",
    keys: ["nodePort.enabled", "hostPort.enabled", "externalIPs.enabled"],
    of: servedBesideKubeProxy,
    // Switching the replacement itself is reported above.
    change: (from, to) =>
      from === "all Services" || to === "all Services"
        ? undefined
        : {
            traffic: "connections to node ports, host ports and external IPs",
            why: "Cilium takes them over from kube-proxy or leaves them to it, and the NAT tables do not know of each other; what neither serves is unreachable",
            lasts: untilReconnect,
            needsConsent: true,
          },
    source: "docs.cilium.io, 1.18 and 1.19 Upgrade Notes (hostPort, externalIPs, nodePort.enabled removed)",
  },
  {
    what: "the mode of load balancing",
    keys: ["loadBalancer.mode", "loadBalancer.dsrDispatch"],
    of: ({ text }) => {
      const mode = text("loadBalancer.mode") || "snat";
      const dispatch = text("loadBalancer.dsrDispatch");
      return mode === "snat" || dispatch === "" ? mode : `${mode} (${dispatch})`;
    },
    change: breaks(
      "connections from outside to node ports and load balancers",
      "replies take another way back than the one that the connection was set up with",
      untilReconnect,
    ),
    source: kubeProxyFree,
  },
  {
    what: "XDP acceleration",
    keys: ["loadBalancer.acceleration"],
    of: ({ text }) => text("loadBalancer.acceleration") || "disabled",
    change: breaks(
      "everything on the nodes' network cards",
      "many drivers reset the card's queues when an XDP program comes or goes",
      "for a moment; on each node once, when its agent restarts",
    ),
    source: kubeProxyFree,
  },
  {
    what: "the network devices",
    keys: ["devices"],
    of: ({ text }) => text("devices") || "detected",
    change: breaks(
      "node ports, masquerading and host policies on devices that leave the list",
      "Cilium takes its programs off them",
      untilReconnect,
    ),
    source: "chart values.yaml, devices",
  },
  {
    what: "protocols of Services",
    keys: [],
    of: ({ minor }) => (minor >= 17 ? "told apart" : "not told apart"),
    // On the way up, Services are kept as they are.
    change: (_, to) =>
      to === "told apart"
        ? undefined
        : {
            traffic: "connections through Services",
            why: "an agent before 1.17 deletes Services that carry a protocol, and makes them anew without",
            lasts: untilReconnect,
            needsConsent: true,
          },
    source: "docs.cilium.io, 1.17 Upgrade Notes",
  },
  {
    what: "local redirect policies",
    keys: ["localRedirectPolicies.enabled", "localRedirectPolicy"],
    of: ({ isOn }) => onOff(isOn("localRedirectPolicy") || isOn("localRedirectPolicies.enabled")),
    change: missedWhenOff(
      "traffic that such a policy redirects, such as DNS to NodeLocal DNSCache",
      "it goes to the Service again, which may be another server or none",
      "as long as it is off",
    ),
    source: "docs.cilium.io, Local Redirect Policy",
  },
  {
    what: "announcing load balancer addresses",
    keys: ["bgpControlPlane.enabled", "l2announcements.enabled"],
    of: ({ isOn }) => onOff(isOn("bgpControlPlane.enabled") || isOn("l2announcements.enabled")),
    change: missedWhenOff(
      "connections from outside to load balancer addresses",
      "nobody announces the addresses any more",
      "as long as it is off",
    ),
    source: "docs.cilium.io, BGP Control Plane; L2 Announcements",
  },
];
