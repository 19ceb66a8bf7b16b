import type { EffectiveValues } from "../datapath/effective.ts";
import {
  type BreakingChange,
  breaksWhen,
  look,
  policiesNotRead,
  removed,
  replacesKubeProxy,
  usesIpsec,
} from "./change.ts";

const withoutReplacement =
  (...keys: readonly string[]): BreakingChange["concerns"] =>
  (situation) =>
    replacesKubeProxy(situation.after) ? undefined : removed(...keys)(situation);

/** From docs.cilium.io, "1.18 Upgrade Notes" to "1.20 Upgrade Notes", and the charts' own checks. */
export const changesTo20: readonly BreakingChange[] = [
  {
    minor: 18,
    what: "Host ports and external IPs are served by the kube-proxy replacement only",
    concerns: withoutReplacement("hostPort.enabled", "externalIPs.enabled"),
    remedy: "set kubeProxyReplacement: true, or leave them to kube-proxy and its portmap plugin",
  },
  {
    minor: 18,
    what: "Values that were deprecated in 1.16 were removed, and the chart refuses them",
    concerns: removed("enableCiliumEndpointSlice", "ciliumEndpointSlice.sliceMode"),
    remedy: "use ciliumEndpointSlice.enabled",
  },
  {
    minor: 18,
    what: "External workloads and the ipcache's high-scale mode were removed",
    concerns: removed("externalWorkloads.enabled", "highScaleIPcache.enabled"),
    remedy: "take them out of use before",
  },
  {
    minor: 18,
    what: "Nodes need Linux 5.10, or RHEL's 4.18",
    concerns: ({ kernel }) =>
      kernel === undefined ? { verdict: "look", because: "cluster.node.kernel is not set" } : undefined,
    remedy: "set it to the oldest kernel among the nodes, and it is checked",
  },
  {
    minor: 18,
    what: "The upgrade with IPsec needs special attention",
    concerns: look("encryption is ipsec", usesIpsec),
    remedy: "read IPsec Transparent Encryption in the documentation of 1.18 first",
  },
  {
    minor: 18,
    what: "The v2alpha1 objects of the BGP control plane are deprecated for v2",
    concerns: look("bgpControlPlane.enabled is on, and its objects are not read here", usesBgp),
    remedy: "change apiVersion to cilium.io/v2",
  },
  {
    minor: 18,
    what: "The agent's back-off towards the API server is a setting of the chart",
    concerns: breaksWhen(
      "extraEnv sets KUBE_CLIENT_BACKOFF_BASE or KUBE_CLIENT_BACKOFF_DURATION, as the chart does now",
      ({ given, text }) =>
        text("extraEnv").includes("KUBE_CLIENT_BACKOFF_") &&
        given("k8sClientExponentialBackoff.enabled") !== false,
    ),
    remedy: "take it out of extraEnv and use k8sClientExponentialBackoff.*",
  },
  {
    minor: 19,
    what: "Node ports are served by the kube-proxy replacement only",
    concerns: withoutReplacement("nodePort.enabled"),
    remedy: "set kubeProxyReplacement: true, or leave them to kube-proxy",
  },
  {
    minor: 19,
    what: "CiliumBGPPeeringPolicy, the first BGP control plane, was removed",
    concerns: look("bgpControlPlane.enabled is on, and its objects are not read here", usesBgp),
    remedy: "move to CiliumBGPClusterConfig and its like before: peers are dropped otherwise",
  },
  {
    minor: 19,
    what: "Mutual authentication is off by default",
    concerns: breaksWhen(
      "authentication.mutual.spire.enabled is on and authentication.enabled is not",
      ({ isOn }) => isOn("authentication.mutual.spire.enabled") && !isOn("authentication.enabled"),
    ),
    remedy: "set authentication.enabled: true",
  },
  {
    minor: 19,
    what: "With IPsec, kube-proxy replacement and BPF masquerading, packets no longer pass the host's netfilter",
    concerns: look(
      "all three are on",
      (after) => usesIpsec(after) && replacesKubeProxy(after) && after.isOn("bpf.masquerade"),
    ),
    remedy:
      "check the nodes' kernel for the fix that Cilium's notes name, or set bpf.hostLegacyRouting: true",
  },
  {
    minor: 19,
    what: "Clusters of a mesh that are configured by hand need a ConfigMap clustermesh-remote-users",
    concerns: look(
      "clustermesh.useAPIServer is on and clustermesh.config.enabled is not",
      ({ isOn }) => isOn("clustermesh.useAPIServer") && !isOn("clustermesh.config.enabled"),
    ),
    remedy: "create it, or set clustermesh.apiserver.tls.authMode: legacy",
  },
  {
    minor: 19,
    what: "DNS patterns that begin with **. match names of any depth, and fromRequires and toRequires were removed",
    concerns: look(policiesNotRead),
    remedy: "look for such patterns and fields",
  },
  {
    minor: 19,
    what: "Values that were deprecated in 1.18 were removed",
    concerns: removed("l2podAnnouncements.interface", "customCalls.enabled"),
    remedy: "use l2podAnnouncements.interfacePattern, and take the other out",
  },
  {
    minor: 20,
    what: "The old keys of strict encryption were removed: without the new ones it is no longer required",
    concerns: removed("encryption.strictMode.enabled", "encryption.strictMode.cidr"),
    remedy: "use encryption.strictMode.egress.*",
  },
  {
    minor: 20,
    what: "Values that were deprecated in 1.19 were removed",
    concerns: removed("clustermesh.enableMCSAPISupport", "hubble.redact.kafka.apiKey"),
    remedy: "use clustermesh.mcsapi.enabled, and take the other out",
  },
  {
    minor: 20,
    what: "Certificates of ClusterMesh are no longer taken from values",
    concerns: (situation) =>
      situation.after.given("clustermesh.apiserver.tls.auto.enabled") === false
        ? removed(
            "clustermesh.apiserver.tls.server.cert",
            "clustermesh.apiserver.tls.admin.cert",
            "clustermesh.apiserver.tls.remote.cert",
          )(situation)
        : undefined,
    remedy: "put them into Secrets before",
  },
  {
    minor: 20,
    what: "L7 rules for Kafka and Envoy's Go extensions were removed",
    concerns: look(policiesNotRead),
    remedy: "take rules with kafka, l7 or l7proto out before: such policies are refused afterwards",
  },
  {
    minor: 20,
    what: "CiliumNodeConfig v2alpha1 was removed",
    concerns: look("CiliumNodeConfigs in the cluster are not read here"),
    remedy: "change apiVersion to cilium.io/v2",
  },
  {
    minor: 20,
    what: "Node ports are balanced where the client is, so policies see the backends",
    concerns: look(
      "socket load balancing is for the host only",
      (after) =>
        replacesKubeProxy(after) &&
        (after.isOn("socketLB.hostNamespaceOnly") || after.isOn("gatewayAPI.enabled")),
    ),
    remedy: "declare the flows of pods that reach others by node ports: both sides need a policy now",
  },
  {
    minor: 20,
    what: "The CNI configuration is of version 1.0.0",
    concerns: look("cni.customConf is on", ({ isOn }) => isOn("cni.customConf")),
    remedy: "set cniVersion 1.0.0 in your own configuration",
  },
];

function usesBgp({ isOn }: EffectiveValues): boolean {
  return isOn("bgpControlPlane.enabled");
}
