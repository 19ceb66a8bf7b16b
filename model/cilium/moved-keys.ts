import { nested, type Values } from "./merge-values.ts";

/** A key that later charts have not, and what becomes of what it said. */
interface MovedKey {
  /** Dotted path of the key. */
  readonly key: string;
  /** The key that says the same now. */
  readonly to?: string;
  /** What to say instead, where that is not the same value; undefined where nothing says it any more. */
  readonly instead?: (value: unknown) => Values | undefined;
  /** Values that say what later charts do anyway: they need no saying. */
  readonly settled?: readonly unknown[];
  /** Nothing to say either where Cilium replaces kube-proxy: it then does all that the key asks for. */
  readonly partOfKubeProxyReplacement?: true;
  /** Where it went, as a remedy. */
  readonly went?: string;
}

const alwaysOn = "leave it out, for it is always on now";
const bringSecrets =
  "let clustermesh.apiserver.tls.auto make the certificates, or create the Secrets yourself";
const ownFamily = (family: "IPv4" | "IPv6"): MovedKey => ({
  key: `ipam.operator.clusterPool${family}PodCIDR`,
  instead: (value) => nested(`ipam.operator.clusterPool${family}PodCIDRList`, [value]),
  went: `write ipam.operator.clusterPool${family}PodCIDRList`,
});

/**
 * Keys that charts from 1.14 on have dropped.
 * @see the charts' templates/validate.yaml, and "Upgrade Notes" at docs.cilium.io
 */
export const movedKeys: readonly MovedKey[] = [
  {
    key: "tunnel",
    instead: routingOf,
    went: "write routingMode: native, or tunnelProtocol: vxlan or geneve",
  },
  { key: "encryption.keyFile", to: "encryption.ipsec.keyFile" },
  { key: "encryption.mountPath", to: "encryption.ipsec.mountPath" },
  { key: "encryption.secretName", to: "encryption.ipsec.secretName" },
  { key: "encryption.interface", to: "encryption.ipsec.interface" },
  { key: "encryption.strictMode.enabled", to: "encryption.strictMode.egress.enabled" },
  { key: "encryption.strictMode.cidr", to: "encryption.strictMode.egress.cidr" },
  {
    key: "encryption.strictMode.allowRemoteNodeIdentities",
    to: "encryption.strictMode.egress.allowRemoteNodeIdentities",
  },
  {
    key: "encryption.wireguard.userspaceFallback",
    settled: [false],
    went: "leave it out and give the nodes a kernel with WireGuard (5.6 or newer)",
  },
  { key: "encryption.ipsec.encryptedOverlay", settled: [false] },
  { key: "enableCiliumEndpointSlice", to: "ciliumEndpointSlice.enabled" },
  { key: "ciliumEndpointSlice.sliceMode", settled: ["fcfs"], went: "leave it out: slices fill up in order" },
  { key: "localRedirectPolicy", to: "localRedirectPolicies.enabled" },
  { key: "clustermesh.enableMCSAPISupport", to: "clustermesh.mcsapi.enabled" },
  { key: "proxy.prometheus.enabled", to: "envoy.prometheus.enabled" },
  {
    key: "proxy.prometheus.port",
    instead: (value) => nested("envoy.prometheus.port", String(value)),
    went: "write envoy.prometheus.port",
  },
  {
    key: "l2podAnnouncements.interface",
    instead: (value) => nested("l2podAnnouncements.interfacePattern", exactly(String(value))),
    went: "write l2podAnnouncements.interfacePattern, a regular expression",
  },
  ownFamily("IPv4"),
  ownFamily("IPv6"),
  { key: "externalIPs.enabled", settled: [false], partOfKubeProxyReplacement: true },
  { key: "hostPort.enabled", settled: [false], partOfKubeProxyReplacement: true },
  { key: "nodePort.enabled", settled: [false], partOfKubeProxyReplacement: true },
  { key: "remoteNodeIdentity", settled: [true], went: alwaysOn },
  { key: "sessionAffinity", settled: [true], went: alwaysOn },
  { key: "svcSourceRangeCheck", settled: [true], went: alwaysOn },
  { key: "enableK8sEndpointSlice", settled: [true], went: alwaysOn },
  { key: "enableK8sTerminatingEndpoint", settled: [true], went: alwaysOn },
  { key: "enableRuntimeDeviceDetection", settled: [true], went: alwaysOn },
  { key: "eni.updateEC2AdapterLimitViaAPI", settled: [true], went: alwaysOn },
  { key: "loadBalancer.experimental", settled: [true, false], went: alwaysOn },
  { key: "loadBalancer.protocolDifferentiation.enabled", settled: [true], went: alwaysOn },
  { key: "loadBalancer.standalone", settled: [false] },
  { key: "clustermesh.apiserver.tls.enableSecrets", settled: [true], went: alwaysOn },
  { key: "enableK8sEventHandover", settled: [false] },
  { key: "enableCnpStatusUpdates", settled: [false] },
  { key: "endpointStatus.enabled", settled: [false] },
  { key: "endpointStatus.status", settled: [""] },
  { key: "containerRuntime.integration", settled: ["none"] },
  { key: "egressGateway.installRoutes", settled: [false] },
  { key: "highScaleIPcache.enabled", settled: [false] },
  { key: "externalWorkloads.enabled", settled: [false] },
  { key: "customCalls.enabled", settled: [false] },
  { key: "enableTunnelBIGTCP", settled: [false] },
  { key: "operator.skipCNPStatusStartupClean", settled: [true, false] },
  { key: "preflight.tofqdnsPreCache", settled: [""] },
  {
    key: "hubble.redact.kafka.apiKey",
    settled: [true, false],
    went: "leave it out: flows show no Kafka now",
  },
  { key: "etcd.managed", settled: [false], went: "run an etcd of your own and name it in etcd.endpoints" },
  {
    key: "bgp.enabled",
    settled: [false],
    went: "turn bgpControlPlane.enabled on and describe the peers in its CRDs",
  },
  ...["ca.cert", "ca.key"].map((name) => ({
    key: `clustermesh.apiserver.tls.${name}`,
    settled: [""],
    went: `write tls.${name}, the one CA of Hubble and ClusterMesh`,
  })),
  ...["server", "admin", "remote", "client"].flatMap((name) =>
    ["cert", "key"].map((part) => ({
      key: `clustermesh.apiserver.tls.${name}.${part}`,
      settled: [""],
      went: bringSecrets,
    })),
  ),
];

const byKey = new Map(movedKeys.map((moved) => [moved.key, moved]));

/**
 * What says the same in a chart that has not got the key any more.
 * @returns values, empty where nothing need be said; undefined where it cannot be said, or is not known here
 */
export function movedValue(key: string, value: unknown, replacesKubeProxy: boolean): Values | undefined {
  const moved = byKey.get(key);
  if (!moved) return undefined;
  if (moved.settled?.includes(value)) return {};
  if (moved.partOfKubeProxyReplacement && replacesKubeProxy) return {};
  if (moved.to !== undefined) return nested(moved.to, value);
  return moved.instead?.(value);
}

/** Whether a key or one below it has moved. */
export const hasMoved = (key: string): boolean =>
  movedKeys.some((moved) => moved.key === key || moved.key.startsWith(`${key}.`));

/** Where a key went, as a remedy. */
export function whereItWent(key: string): string {
  const moved = byKey.get(key);
  if (moved?.went !== undefined) return moved.went;
  if (moved?.to !== undefined) return `write ${moved.to}`;
  if (moved?.partOfKubeProxyReplacement) return "leave it out: it comes with kubeProxyReplacement: true";
  return "leave it out";
}

/** What older charts call a key. */
export function formerName(key: string): string | undefined {
  return movedKeys.find(({ to }) => to === key)?.key;
}

function routingOf(tunnel: unknown): Values | undefined {
  if (tunnel === "" || tunnel === null) return {};
  if (tunnel === "disabled") return { routingMode: "native" };
  if (tunnel !== "vxlan" && tunnel !== "geneve") return undefined;
  return { routingMode: "tunnel", tunnelProtocol: tunnel };
}

/** A regular expression for one name. */
const exactly = (name: string): string => `^${name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}$`;
