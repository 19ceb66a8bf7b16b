import type { AgentOptions, AgentState } from "../agent-checks/options.ts";
import type { KernelNeed } from "./kernel-need.ts";

/** It has the module of WireGuard. */
const ubuntu2004 = /^5\.4\.0-\d+-(generic|lowlatency|kvm|aws|azure|gcp|gke|oracle)/;
const documented = "Cilium's System Requirements";
const advanced = `${documented}, Required Kernel Versions for Advanced Features`;
const initialisation = "daemon/cmd/kube_proxy_replacement.go of 1.15.19";

/** Read from the documentation and the sources of 1.14.19, 1.15.19, 1.16.19, 1.18.5, 1.19.1 and 1.20.2. */
export const kernelNeeds: readonly KernelNeed[] = [
  {
    name: "base",
    what: "Cilium",
    kernel: [4, 19, 57],
    redHat: { 8: 80 },
    until: 16,
    source: documented,
  },
  {
    name: "base",
    what: "Cilium",
    kernel: [5, 4],
    redHat: { 8: 372 },
    since: 16,
    until: 18,
    source: documented,
  },
  { name: "base", what: "Cilium", kernel: [5, 10], redHat: { 8: 372 }, since: 18, source: documented },
  {
    name: "egress-gateway",
    what: "The egress gateway",
    kernel: [5, 2],
    until: 16,
    key: "egressGateway.enabled",
    isOn: (options) => options.isOn("enable-ipv4-egress-gateway"),
    source: "pkg/egressgateway/manager.go of 1.15.19",
  },
  {
    name: "vtep",
    what: "The integration of VXLAN tunnel endpoints",
    kernel: [5, 2],
    until: 16,
    key: "vtep.enabled",
    isOn: (options) => options.isOn("enable-vtep"),
    source: "pkg/datapath/linux/requirements.go of 1.15.19",
  },
  {
    name: "sctp",
    what: "SCTP",
    kernel: [5, 2],
    until: 16,
    key: "sctp.enabled",
    isOn: (options) => options.isOn("enable-sctp"),
    source: "daemon/cmd/daemon.go of 1.15.19",
  },
  {
    name: "bandwidth-manager",
    what: "The bandwidth manager",
    kernel: [5, 1],
    until: 16,
    key: "bandwidthManager.enabled",
    isOn: (options) => options.isOn("enable-bandwidth-manager"),
    lost: "no pod is paced there, whatever kubernetes.io/egress-bandwidth says",
    settle: "turn it off",
    source: "pkg/datapath/linux/bandwidth/bandwidth.go of 1.15.19",
  },
  {
    name: "bbr",
    what: "BBR for pods",
    kernel: [5, 18],
    key: "bandwidthManager.bbr",
    isOn: (options) => options.isOn("enable-bandwidth-manager") && options.isOn("enable-bbr"),
    source: "pkg/datapath/linux/bandwidth/bandwidth.go",
  },
  {
    name: "wireguard",
    what: "WireGuard",
    kernel: [5, 6],
    backPort: ubuntu2004,
    key: "encryption.type",
    isOn: (options, state) => state.wireguard && !fallsBackToUserSpace(options),
    source: `${advanced}; pkg/wireguard/agent/agent.go`,
  },
  {
    name: "wireguard",
    what: "WireGuard in the kernel",
    kernel: [5, 6],
    backPort: ubuntu2004,
    until: 17,
    key: "encryption.wireguard.userspaceFallback",
    isOn: (options, state) => state.wireguard && fallsBackToUserSpace(options),
    lost: "the agent encrypts every packet itself there, many times slower",
    settle: "leave it so until then",
    source: "pkg/wireguard/agent/agent.go of 1.15.19",
  },
  {
    name: "reject-without-backend",
    what: "Refusing connections to Services without endpoints",
    kernel: [5, 2],
    since: 15,
    until: 16,
    key: "serviceNoBackendResponse",
    isOn: (options) => options.text("service-no-backend-response") === "reject",
    lost: "clients wait for their time-out there instead",
    settle: "set it to drop",
    source: "daemon/cmd/daemon_main.go of 1.15.19",
  },
  {
    name: "xdp-on-many-devices",
    what: "XDP acceleration at full speed on several devices",
    kernel: [5, 5],
    until: 18,
    key: "loadBalancer.acceleration",
    isOn: (options) => options.text("bpf-lb-acceleration") !== "disabled",
    lost: "packets that leave by another device are slow there",
    settle: "name one device in `devices`",
    source: "Documentation/network/kubernetes/kubeproxy-free.rst of 1.15.19",
  },
  {
    name: "session-affinity",
    what: "Session affinity for clients inside the cluster",
    kernel: [5, 7],
    until: 18,
    key: "kubeProxyReplacement",
    isOn: (_, state) => state.socketLb,
    lost: "all pods of a node get the same endpoint of such a Service there",
    settle: "do without sessionAffinity: ClientIP",
    source: `${advanced}; ${initialisation}`,
  },
  {
    name: "socket-lb-in-host-only",
    what: "Keeping socket load-balancing out of pods",
    kernel: [5, 7],
    until: 18,
    key: "socketLB.hostNamespaceOnly",
    isOn: (options, state) => state.socketLb && options.isOn("bpf-lb-sock-hostns-only"),
    lost: "pods' connections are translated at the socket all the same there, past Istio's and others' rules",
    settle: "turn it off",
    source: `${advanced}; ${initialisation}`,
  },
  {
    name: "tproxy",
    what: "Redirection to Envoy by eBPF",
    kernel: [5, 7],
    until: 18,
    key: "bpf.tproxy",
    isOn: (options) => options.isOn("enable-bpf-tproxy"),
    lost: "L7 policies, Ingress and Gateway go through iptables there",
    settle: "set bpf.tproxy: false",
    source: `${advanced}; daemon/cmd/daemon_main.go of 1.15.19`,
  },
  {
    name: "host-routing",
    what: "Routing by eBPF past the host's network stack",
    kernel: [5, 10],
    until: 18,
    key: "bpf.hostLegacyRouting",
    isOn: routesByBpf,
    lost: "every packet of a pod goes through the host's iptables and routes there, with less throughput",
    settle: "set bpf.hostLegacyRouting: true",
    source: `${advanced}; ${initialisation}`,
  },
  {
    name: "multicast",
    what: "Multicast",
    kernel: [5, 13],
    since: 16,
    key: "extraConfig.multicast-enabled",
    isOn: (options) => options.isOn("multicast-enabled"),
    lost: "no multicast packet is delivered there",
    settle: "leave it out",
    source: "pkg/maps/multicast/subscribermap.go of 1.20.2",
  },
  {
    name: "big-tcp-ipv6",
    what: "BIG TCP for IPv6",
    kernel: [5, 19],
    key: "enableIPv6BIGTCP",
    isOn: (options) => options.isOn("enable-ipv6") && options.isOn("enable-ipv6-big-tcp"),
    lost: "it is off there",
    settle: "turn it off",
    source: `${advanced}; pkg/datapath/linux/bigtcp/bigtcp.go`,
  },
  {
    name: "big-tcp-ipv4",
    what: "BIG TCP for IPv4",
    kernel: [6, 3],
    key: "enableIPv4BIGTCP",
    isOn: (options) => options.isOn("enable-ipv4") && options.isOn("enable-ipv4-big-tcp"),
    lost: "it is off there",
    settle: "turn it off",
    source: `${advanced}; pkg/datapath/linux/bigtcp/bigtcp.go`,
  },
  {
    name: "tcx",
    what: "Attaching eBPF programs by tcx",
    kernel: [6, 6],
    since: 16,
    key: "bpf.enableTCX",
    isOn: (options) => options.isOn("enable-tcx"),
    lost: "tc attaches them there, whose filters another program can push aside",
    isMinor: true,
    settle: "set bpf.enableTCX: false",
    source: "Documentation/operations/upgrade.rst of 1.16.19; pkg/datapath/loader/tcx.go",
  },
  {
    name: "netkit",
    what: "Netkit devices for pods",
    kernel: [6, 8],
    since: 16,
    key: "bpf.datapathMode",
    isOn: (options) => /^netkit(-l2)?$/.test(options.text("datapath-mode") ?? ""),
    source: `${advanced}; pkg/datapath/connector/config.go of 1.20.2`,
  },
];

const fallsBackToUserSpace = ({ values }: AgentOptions): boolean =>
  values.version.minor < 17 && values.is("encryption.wireguard.userspaceFallback");

/** Everything else that lets the agent route by eBPF. */
function routesByBpf(
  options: AgentOptions,
  { kubeProxyReplacement, ipsec, masquerades }: AgentState,
): boolean {
  const { values } = options;
  return (
    kubeProxyReplacement &&
    !ipsec &&
    (!masquerades || options.isOn("enable-bpf-masquerade")) &&
    !options.isOn("enable-host-legacy-routing") &&
    ["", "none"].includes(values.text("cni.chainingMode"))
  );
}
