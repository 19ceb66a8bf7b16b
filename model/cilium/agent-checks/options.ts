import { printed } from "../chart-numbers.ts";
import type { ChartValues } from "../chart-rules/index.ts";
import type { ChartVersion } from "../chart-version.ts";

/** Where the chart takes an option of the agent from. */
interface Source {
  /** Path in the chart's values. */
  readonly key: string;
  /** The agent's own default, which holds where the chart has none; undefined where it works it out. */
  readonly otherwise: string | undefined;
  /** The chart takes 0, "" and false as left out. */
  readonly skipsEmpty?: true;
}

const option = (key: string, otherwise?: string): Source => ({ key, otherwise });
const unlessEmpty = (key: string, otherwise?: string): Source => ({ key, otherwise, skipsEmpty: true });

/**
 * The options that the checks look at, by the agent's name for each.
 * @see install/kubernetes/cilium/templates/cilium-configmap.yaml and values.yaml of 1.15.19 and 1.20.2
 */
const sources = {
  "auto-direct-node-routes": option("autoDirectNodeRoutes"),
  "bpf-auth-map-max": unlessEmpty("bpf.authMapMax"),
  "bpf-ct-global-any-max": unlessEmpty("bpf.ctAnyMax"),
  "bpf-ct-global-tcp-max": unlessEmpty("bpf.ctTcpMax"),
  "bpf-distributed-lru": option("bpf.distributedLRU.enabled"),
  "bpf-lb-acceleration": option("loadBalancer.acceleration", "disabled"),
  "bpf-lb-algorithm": option("loadBalancer.algorithm", "random"),
  "bpf-lb-dsr-dispatch": option("loadBalancer.dsrDispatch", "opt"),
  "bpf-lb-maglev-table-size": option("maglev.tableSize", "16381"),
  "bpf-lb-map-max": option("bpf.lbMapMax"),
  "bpf-lb-mode": option("loadBalancer.mode", "snat"),
  "bpf-lb-sock": option("socketLB.enabled"),
  "bpf-lb-sock-hostns-only": option("socketLB.hostNamespaceOnly"),
  "bpf-map-dynamic-size-ratio": unlessEmpty("bpf.mapDynamicSizeRatio", "0.0025"),
  "bpf-nat-global-max": unlessEmpty("bpf.natMax"),
  "bpf-neigh-global-max": unlessEmpty("bpf.neighMax"),
  "bpf-node-map-max": unlessEmpty("bpf.nodeMapMax"),
  "bpf-policy-map-max": option("bpf.policyMapMax"),
  "cluster-id": option("cluster.id"),
  "cluster-name": option("cluster.name"),
  "datapath-mode": option("bpf.datapathMode", "veth"),
  "egress-masquerade-interfaces": option("egressMasqueradeInterfaces"),
  "enable-bandwidth-manager": option("bandwidthManager.enabled"),
  "enable-bbr": option("bandwidthManager.bbr"),
  "enable-bpf-masquerade": option("bpf.masquerade"),
  "enable-bpf-tproxy": option("bpf.tproxy"),
  "enable-host-legacy-routing": option("bpf.hostLegacyRouting"),
  "enable-hubble": option("hubble.enabled"),
  "enable-ip-masq-agent": option("ipMasqAgent.enabled"),
  "enable-ipv4": option("ipv4.enabled"),
  "enable-ipv4-big-tcp": option("enableIPv4BIGTCP"),
  "enable-ipv4-egress-gateway": option("egressGateway.enabled"),
  "enable-ipv4-masquerade": option("enableIPv4Masquerade", "true"),
  "enable-ipv6": option("ipv6.enabled"),
  "enable-ipv6-big-tcp": option("enableIPv6BIGTCP"),
  "enable-ipv6-masquerade": option("enableIPv6Masquerade"),
  "enable-masquerade-to-route-source": option("enableMasqueradeRouteSource"),
  "enable-node-port": option("nodePort.enabled"),
  "enable-sctp": option("sctp.enabled"),
  "enable-tcx": option("bpf.enableTCX", "true"),
  "enable-vtep": option("vtep.enabled"),
  "hubble-event-buffer-capacity": option("hubble.eventBufferCapacity", "4095"),
  "install-no-conntrack-iptables-rules": option("installNoConntrackIptablesRules"),
  ipam: unlessEmpty("ipam.mode"),
  "ipv4-native-routing-cidr": unlessEmpty("ipv4NativeRoutingCIDR"),
  "ipv6-native-routing-cidr": unlessEmpty("ipv6NativeRoutingCIDR"),
  // No chart has a value for it.
  "keep-config": option("extraConfig.keep-config"),
  "kube-proxy-replacement": option("kubeProxyReplacement"),
  "max-connected-clusters": option("clustermesh.maxConnectedClusters"),
  "multicast-enabled": option("extraConfig.multicast-enabled"),
  "policy-audit-mode": option("policyAuditMode"),
  "routing-mode": unlessEmpty("routingMode", "tunnel"),
  "service-no-backend-response": option("serviceNoBackendResponse", "reject"),
  "tunnel-protocol": unlessEmpty("tunnelProtocol", "vxlan"),
} as const satisfies Record<string, Source>;

export type OptionName = keyof typeof sources;

/** The agent's configuration, as the chart makes it out of its values. */
export class AgentOptions {
  readonly values: ChartValues;

  constructor(values: ChartValues) {
    this.values = values;
  }

  get version(): ChartVersion {
    return this.values.version;
  }

  /** What the option is set to, or defaults to; undefined where the agent works it out. */
  text(name: OptionName): string | undefined {
    const source: Source = sources[name];
    const value = this.values.at(this.#key(name)) ?? undefined;
    const isLeftOut = value === undefined || (source.skipsEmpty && !value);
    return isLeftOut ? source.otherwise : printed(value, this.version);
  }

  isOn(name: OptionName): boolean {
    return /^(1|t|true)$/i.test(this.text(name) ?? "");
  }

  /** A number, NaN for text that the agent does not read as one; undefined where it works it out. */
  number(name: OptionName): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  }

  /** The settings key that decides the option. */
  path(name: OptionName): string {
    return this.values.path(this.#key(name));
  }

  /** `extraConfig` comes last in the ConfigMap, so it wins over what the chart wrote before. */
  #key(name: OptionName): string {
    const extra = `extraConfig.${name}`;
    return (this.values.at(extra) ?? undefined) === undefined ? sources[name].key : extra;
  }
}

/** What the agent turns on by itself, or because of other options. */
export interface AgentState {
  readonly tunnel: boolean;
  readonly kubeProxyReplacement: boolean;
  /** Services at node ports, served by eBPF. */
  readonly nodePort: boolean;
  readonly socketLb: boolean;
  readonly masquerades: boolean;
  readonly ipsec: boolean;
  readonly wireguard: boolean;
}

/** @see daemon/cmd/kube_proxy_replacement.go of 1.15.19, `initKubeProxyReplacementOptions` */
export function agentState(options: AgentOptions): AgentState {
  const kind = options.text("kube-proxy-replacement") ?? "";
  const kubeProxyReplacement = ["true", "strict"].includes(kind);
  const isOff = kind === "disabled";
  const family = (v: 4 | 6): boolean =>
    options.isOn(`enable-ipv${v}`) && options.isOn(`enable-ipv${v}-masquerade`);
  const ipsec = encrypts(options.values, "ipsec");
  // From 1.19 on there is no node port without the replacement of kube-proxy.
  const nodePortAlone =
    options.version.minor < 19 &&
    !isOff &&
    (options.isOn("enable-node-port") || (usesEnvoyConfig(options.values) && !ipsec));
  return {
    tunnel: options.text("routing-mode") === "tunnel",
    kubeProxyReplacement,
    nodePort: kubeProxyReplacement || nodePortAlone,
    socketLb: kubeProxyReplacement || (!isOff && options.isOn("bpf-lb-sock")),
    masquerades: family(4) || family(6),
    ipsec,
    wireguard: encrypts(options.values, "wireguard"),
  };
}

const encrypts = (values: ChartValues, type: string): boolean =>
  values.is("encryption.enabled") && values.text("encryption.type") === type;

const usesEnvoyConfig = (values: ChartValues): boolean =>
  ["envoyConfig.enabled", "ingressController.enabled", "gatewayAPI.enabled"].some((key) => values.is(key)) ||
  values.text("loadBalancer.l7.backend") === "envoy";

/** Values with which the chart sets routing and masquerading by rules of a cloud or of another plugin. */
export const isForCloudOrChain = (values: ChartValues): boolean =>
  ["eni", "gke", "aksbyocni", "azure", "alibabacloud"].some((name) => values.is(`${name}.enabled`)) ||
  !["", "none"].includes(values.text("cni.chainingMode")) ||
  values.is("cni.chainingTarget");
