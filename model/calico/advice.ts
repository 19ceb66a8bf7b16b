import type { Problem } from "../problem.ts";
import type { Settings } from "../settings.ts";
import { conntrackMax } from "../sizing/conntrack.ts";
import type { NetworkSizes } from "../sizing/network-sizes.ts";
import { asList, atPath } from "../tree.ts";
import { isOlder } from "./problems.ts";
import { calicoValues } from "./values.ts";

/** From so many Services on, going through iptables rules is what a new connection waits for. */
const manyServices = 5000;

/** What deserves a look with Calico, although it stops nothing. */
export function calicoAdvice(settings: Settings, { shape, node }: NetworkSizes): Problem[] {
  const { calico, cluster, nodeTuning } = settings;
  const values = calicoValues({ settings: calico, podCidr: cluster.podCidr });
  const dataplane = atPath(values, "installation.calicoNetwork.linuxDataplane");
  const found: Problem[] = [];
  if (dataplane === "Iptables" && cluster.services >= manyServices) {
    found.push({
      path: "calico.dataplane",
      message: `iptables goes through the rules of ${cluster.services} Services one by one for each new connection`,
      remedy: "use nftables with kube-proxy in the same mode, or datapath: cilium",
    });
  }
  if (dataplane === "Nftables") {
    found.push({
      path: "calico.dataplane",
      message: "nftables works only beside a kube-proxy that uses nftables, too",
      remedy: "check that `mode: nftables` stands in ConfigMap kube-system/kube-proxy",
    });
  }
  const { kernel } = cluster.node;
  if (dataplane === "Iptables" && kernel !== undefined && isOlder(kernel, 5, 10)) {
    found.push({
      path: "cluster.node.kernel",
      message: `Kernel ${kernel} is older than 5.10, from which on Calico is tested but for RHEL's`,
      remedy: "make sure that iptables and ipset work there, or upgrade the nodes' kernel",
    });
  }
  const kubeProxys = conntrackMax({ production: false, cores: shape.cores }).value;
  if (dataplane !== "BPF" && nodeTuning.enabled && node.conntrackMax.value !== kubeProxys) {
    found.push({
      path: "nodeTuning.conntrackMax",
      message: `kube-proxy, which stays with Calico, sets ${kubeProxys} at each of its starts instead of ${node.conntrackMax.value}`,
      remedy: "set conntrack.maxPerCore: 0 in ConfigMap kube-system/kube-proxy",
    });
  }
  return [...found, ...poolAdvice(settings, asList(atPath(values, "installation.calicoNetwork.ipPools")))];
}

/** What the network between the nodes must do by itself. */
function poolAdvice({ calico }: Settings, pools: unknown): Problem[] {
  const needs: Readonly<Record<string, string>> = {
    VXLANCrossSubnet: "within a subnet the network must take packets with pods' addresses (no source check)",
    IPIPCrossSubnet: "within a subnet the network must take packets with pods' addresses (no source check)",
    IPIP: "the network must let IP-in-IP (protocol 4) and BGP (TCP 179) pass between nodes; Azure's does not",
    None: "the network must take packets with pods' addresses, and route them",
  };
  return (Array.isArray(pools) ? (pools as unknown[]) : []).flatMap((pool) => {
    const kind = String(atPath(pool, "encapsulation"));
    const need = needs[kind];
    if (need === undefined) return [];
    const remedy = "make sure of it, or use VXLAN, which needs UDP 4789 between nodes alone";
    return [
      {
        path: calico.encapsulation === kind ? "calico.encapsulation" : "calico.values",
        message: `${kind}: ${need}`,
        remedy,
      },
    ];
  });
}
