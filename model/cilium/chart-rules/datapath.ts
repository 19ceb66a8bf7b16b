import { isForCloudOrChain } from "../agent-checks/options.ts";
import type { ChartValues } from "./chart-values.ts";
import type { ChartRule } from "./rule.ts";

/** What the value may be: older charts took more words. */
const replacement = {
  old: ["true", "false", "strict", "partial", "disabled"],
  new: ["true", "false"],
};

export const datapathRules: readonly ChartRule[] = [
  {
    check: (values) => {
      const words = values.version.minor < 16 ? replacement.old : replacement.new;
      const value = values.text("kubeProxyReplacement");
      if (value === "" || words.includes(value)) return undefined;
      return {
        path: values.path("kubeProxyReplacement"),
        message: `"${value}" is refused by this chart`,
        remedy: value === "partial" ? "use true, or false beside kube-proxy" : "use true or false",
      };
    },
  },
  {
    until: "1.16.0",
    check: (values) =>
      values.text("k8sServiceHost") === "auto"
        ? {
            path: values.path("k8sServiceHost"),
            message: "auto is the name of a host to charts before 1.16",
            remedy: "name the API server's address in cluster.apiServer",
          }
        : undefined,
  },
  {
    since: "1.18.0",
    check: (values) =>
      values.all("k8sServiceHostRef.name", "k8sServiceHostRef.key", "k8sServiceHost")
        ? {
            path: values.path("k8sServiceHostRef"),
            message: "Names the API server's address a second time, beside k8sServiceHost",
            remedy: 'leave it out, or set k8sServiceHost: "" beside it',
          }
        : undefined,
  },
  {
    since: "1.19.0",
    check: (values) =>
      values.is("bpf.tproxy") && ["netkit", "netkit-l2"].includes(values.text("bpf.datapathMode"))
        ? {
            path: values.path("bpf.datapathMode"),
            message: `${values.text("bpf.datapathMode")} does not go with bpf.tproxy`,
            remedy: "set bpf.tproxy: false beside it, or use veth",
          }
        : undefined,
  },
  { since: "1.18.0", check: (values) => nativeRange(values, 4) },
  { since: "1.18.0", check: (values) => nativeRange(values, 6) },
  {
    since: "1.14.6",
    check: (values) =>
      values.is("gke.enabled") && !["", "native"].includes(values.text("routingMode"))
        ? {
            path: values.path("routingMode"),
            message: `${values.text("routingMode")} does not go with gke.enabled`,
            remedy: "use native, or leave it out",
          }
        : undefined,
  },
  {
    since: "1.14.6",
    check: (values) =>
      values.is("aksbyocni.enabled") &&
      !values.is("gke.enabled") &&
      !["", "tunnel"].includes(values.text("routingMode"))
        ? {
            path: values.path("routingMode"),
            message: `${values.text("routingMode")} does not go with aksbyocni.enabled`,
            remedy: "use tunnel, or leave it out",
          }
        : undefined,
  },
  {
    since: "1.20.0",
    check: (values) =>
      values.text("ipam.mode") === "eni" && !values.is("eni.enabled")
        ? {
            path: values.path("ipam.mode"),
            message: "eni needs eni.enabled",
            remedy: "set eni.enabled: true, or use another mode",
          }
        : undefined,
  },
  {
    since: "1.20.0",
    check: (values) => {
      const pool = "ipam.operator.clusterPoolIPv4PodCIDRList";
      const ranges = values.at(pool) ?? ["10.0.0.0/8"];
      const count = Array.isArray(ranges) ? ranges.length : values.text(pool).split(" ").length;
      if (!values.is("nativeRoutingCIDRFromClusterPool") || values.text("ipam.mode") !== "cluster-pool")
        return undefined;
      if (!values.is("ipv4.enabled") || values.is("ipv4NativeRoutingCIDR") || count === 1) return undefined;
      return {
        path: values.path("nativeRoutingCIDRFromClusterPool"),
        message: `true needs one range in ipam.operator.clusterPoolIPv4PodCIDRList, not ${count}`,
        remedy: "set ipv4NativeRoutingCIDR instead, to a range that holds them all",
      };
    },
  },
  {
    until: "1.17.0",
    check: (values) =>
      values.is("bgp.enabled") &&
      !values.is("bgp.announce.loadbalancerIP") &&
      !values.is("bgp.announce.podCIDR")
        ? {
            path: values.path("bgp.enabled"),
            message: "true announces nothing",
            remedy: "set bgp.announce.loadbalancerIP or bgp.announce.podCIDR, or use bgpControlPlane",
          }
        : undefined,
  },
];

/**
 * Without the range the agent would masquerade what the network could route. Where no cloud and no other
 * plugin routes, the agent itself asks for it, in all versions: see agent-checks/routing.ts.
 */
function nativeRange(values: ChartValues, family: 4 | 6) {
  if (!isForCloudOrChain(values)) return undefined;
  const ipam = values.is("eni.enabled") ? "eni" : values.text("ipam.mode");
  const byCloud = family === 4 && ["eni", "alibabacloud"].includes(ipam);
  const byPool = ipam === "cluster-pool" && values.is("nativeRoutingCIDRFromClusterPool");
  const masquerades = values.all(`ipv${family}.enabled`, `enableIPv${family}Masquerade`);
  if (values.text("routingMode") !== "native" || !masquerades || byCloud || byPool) return undefined;
  if (values.is("ipMasqAgent.enabled") || values.is(`ipv${family}NativeRoutingCIDR`)) return undefined;
  return {
    path: values.path("routingMode"),
    message: `native with enableIPv${family}Masquerade needs ipv${family}NativeRoutingCIDR`,
    remedy: "set it to the range that the network routes by itself, such as the pods'",
  };
}
