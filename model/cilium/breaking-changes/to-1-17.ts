import type { EffectiveValues } from "../datapath/effective.ts";
import {
  type BreakingChange,
  breaksWhen,
  type Concern,
  look,
  policiesNotRead,
  removed,
  replacesKubeProxy,
  type Situation,
  usesIpsec,
} from "./change.ts";

/** From docs.cilium.io, "1.15 Upgrade Notes" to "1.17 Upgrade Notes", and the charts' own checks. */
export const changesTo17: readonly BreakingChange[] = [
  {
    minor: 15,
    what: "The value tunnel was removed, and the agent falls back to VXLAN where it is all that is set",
    concerns: removed("tunnel"),
    remedy: "use routingMode: native for disabled, tunnelProtocol: vxlan or geneve for the others",
  },
  {
    minor: 15,
    what: "Agents with BPF masquerading, but without BPF NodePort, no longer start",
    concerns: breaksWhen(
      "bpf.masquerade is on, and neither kubeProxyReplacement nor nodePort.enabled is",
      (after) =>
        after.isOn("bpf.masquerade") &&
        !replacesKubeProxy(after) &&
        !(after.minor < 19 && after.isOn("nodePort.enabled")),
    ),
    remedy: "set kubeProxyReplacement: true, or bpf.masquerade: false",
  },
  {
    minor: 15,
    what: "DSR with Geneve no longer chooses the tunnel protocol by itself",
    concerns: breaksWhen(
      "loadBalancer.dsrDispatch is geneve with native routing, and tunnelProtocol is not",
      ({ text }) =>
        text("loadBalancer.dsrDispatch") === "geneve" &&
        text("routingMode") === "native" &&
        text("tunnelProtocol") !== "geneve",
    ),
    remedy: "set tunnelProtocol: geneve",
  },
  {
    minor: 15,
    what: "IPAM mode cluster-pool-v2beta was removed",
    concerns: breaksWhen(
      "ipam.mode is cluster-pool-v2beta",
      ({ text }) => text("ipam.mode") === "cluster-pool-v2beta",
    ),
    remedy: "use multi-pool, by the migration that Cilium documents",
  },
  {
    minor: 15,
    what: "Values that were deprecated in 1.14 were removed",
    concerns: removed(
      "enableK8sEventHandover",
      "enableCnpStatusUpdates",
      "clustermesh.apiserver.tls.ca.cert",
      "clustermesh.apiserver.tls.ca.key",
    ),
    remedy: "take them out; the CA of ClusterMesh is tls.ca.cert and tls.ca.key",
  },
  {
    minor: 15,
    what: "CiliumNetworkPolicies no longer select reserved:init, and pod annotations no longer show L7 traffic",
    concerns: look(policiesNotRead),
    remedy:
      "make such policies CiliumClusterwideNetworkPolicies, and annotations policy.cilium.io/proxy-visibility L7 rules",
  },
  {
    minor: 16,
    what: "kubeProxyReplacement takes true and false only",
    concerns: ({ after }) => {
      const value = after.text("kubeProxyReplacement");
      return ["strict", "partial", "disabled", "probe"].includes(value)
        ? { verdict: "breaks", because: `kubeProxyReplacement is ${value}` }
        : undefined;
    },
    remedy: "use true for strict, false for disabled and partial",
  },
  {
    minor: 16,
    what: "The cluster's name must be a name: lower-case letters, digits and -, at most 32 of them",
    // A cluster that began before may keep its name for one minor.
    concerns: (situation) => (situation.after.compatibility < 16 ? undefined : badClusterName(situation)),
    remedy: "choose another name; it is part of the pods' identities, so all workloads have to be restarted",
  },
  {
    minor: 16,
    what: "Values that were deprecated in 1.14 and 1.15 were removed, and the chart refuses them",
    concerns: removed(
      "encryption.keyFile",
      "encryption.mountPath",
      "encryption.secretName",
      "encryption.interface",
      "proxy.prometheus.enabled",
      "proxy.prometheus.port",
      "endpointStatus",
      "remoteNodeIdentity",
      "containerRuntime.integration",
      "etcd.managed",
    ),
    remedy: "use encryption.ipsec.* and envoy.prometheus.*, and take the others out",
  },
  {
    minor: 16,
    what: "Policies with DNS names (toFQDNs) are kept in another way, which only 1.15.6 and later prepare for",
    concerns: look(
      "an older 1.15 is installed, and connections that such policies allow drop for a while",
      (_, before) => before.minor === 15 && before.patch < 6,
    ),
    remedy: "deploy the newest 1.15 first where such policies are in use",
  },
  {
    minor: 16,
    on: "down",
    what: "Policies with DNS names (toFQDNs) are kept in another way",
    concerns: look(`${policiesNotRead}; connections that they allow may drop while endpoints regenerate`),
    remedy: "go back in a quiet hour where such policies are in use",
  },
  {
    minor: 16,
    what: "On kernels from 6.6 eBPF programs are attached by tcx, before tc programs of others",
    concerns: look(
      "bpf.enableTCX is on",
      ({ given, isOn }) => given("bpf.enableTCX") === undefined || isOn("bpf.enableTCX"),
    ),
    remedy: "set bpf.enableTCX: false where other programs sit on the nodes' devices by tc",
  },
  {
    minor: 16,
    what: "ClusterMesh runs KVStoreMesh by default",
    concerns: look(
      "clustermesh.useAPIServer is on and kvstoremesh is not set",
      ({ isOn, given }) =>
        isOn("clustermesh.useAPIServer") && given("clustermesh.apiserver.kvstoremesh.enabled") === undefined,
    ),
    remedy: "set clustermesh.apiserver.kvstoremesh.enabled: false to stay without",
  },
  {
    minor: 16,
    what: "Load balancer pools hand out first and last addresses, and no longer read spec.cidrs",
    concerns: look("load balancer addresses are announced, and the pools are not read here", announces),
    remedy: "use spec.blocks, and set allowFirstLastIPs: No where those addresses are taken",
  },
  {
    minor: 16,
    what: "IPsec keys must be per tunnel",
    concerns: look("encryption is ipsec, and its Secret is not read here", usesIpsec),
    remedy: "check that the key in Secret cilium-ipsec-keys carries a +, and rotate it before otherwise",
  },
  {
    minor: 16,
    what: "An empty list of peers in a CiliumNetworkPolicy selects nobody, no longer everybody",
    concerns: look(policiesNotRead),
    remedy: "look for empty fromEndpoints, fromCIDR, toEndpoints, toCIDR and their like",
  },
  {
    minor: 17,
    what: "The cluster's name is checked in clusters from before 1.16, too",
    concerns: badClusterName,
    remedy: "choose another name; it is part of the pods' identities, so all workloads have to be restarted",
  },
  {
    minor: 17,
    what: "WireGuard without the kernel's own was removed",
    concerns: removed("encryption.wireguard.userspaceFallback"),
    remedy: "take it out once every node's kernel has WireGuard (5.6)",
  },
  {
    minor: 17,
    what: "BGP by MetalLB was removed",
    concerns: removed("bgp.enabled"),
    remedy: "move to bgpControlPlane before: addresses are not announced otherwise",
  },
  {
    minor: 17,
    what: "The detected MTU is the smallest of all external devices, no longer the first one's",
    concerns: look("MTU is not set", ({ text }) => ["", "0"].includes(text("MTU"))),
    remedy: "set MTU where a device with a small MTU carries no pod traffic",
  },
  {
    minor: 17,
    what: "IPsec with a single key was removed",
    concerns: look("encryption is ipsec, and its Secret is not read here", usesIpsec),
    remedy: "deploy 1.16 with per-tunnel keys first",
  },
  {
    minor: 17,
    what: "Consul, and an etcd that runs in pods under Cilium, are no longer supported",
    concerns: look("etcd.enabled is on", ({ isOn }) => isOn("etcd.enabled")),
    remedy: "run etcd outside of the pod network",
  },
];

function announces({ isOn }: EffectiveValues): boolean {
  return isOn("bgpControlPlane.enabled") || isOn("l2announcements.enabled");
}

function badClusterName({ after }: Situation): Concern | undefined {
  const name = after.text("cluster.name");
  return name.length <= 32 && /^([a-z0-9][-a-z0-9]*)?[a-z0-9]$/.test(name)
    ? undefined
    : { verdict: "breaks", because: `cluster.name is ${name}` };
}
