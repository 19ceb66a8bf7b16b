import { knownMinors } from "./chart-version.ts";

/** What a key may hold: a type, `open` for an object with keys of its owner's choice, or words to choose from. */
export type KeyType = "bool" | "int" | "str" | "scalar" | "list" | "open" | readonly string[];

interface ChartKey {
  readonly type: KeyType;
  /** The first chart 3.x that has it. Default: the oldest that is known. */
  readonly since?: number;
  /** The last one. Default: the newest that is known. */
  readonly until?: number;
}

const onOff = ["Enabled", "Disabled"] as const;
const is = (type: KeyType, since?: number, until?: number): ChartKey => ({
  type,
  ...(since !== undefined && { since }),
  ...(until !== undefined && { until }),
});

/**
 * Keys of the tigera-operator chart: those of its values.yaml and templates, and, below `installation`,
 * those of the Installation that its CRD has, for the chart copies that section into the object's spec.
 * Read from the charts v3.28.5, v3.29.7, v3.30.7, v3.31.7 and v3.32.1; what lies below an `open` key is left
 * to the API server.
 */
export const chartKeys: Readonly<Record<string, ChartKey>> = {
  additionalLabels: is("open", 29),
  affinity: is("open"),
  apiServer: is("open"),
  "calicoctl.image": is("str"),
  "calicoctl.tag": is("str"),
  "certs.node.cert": is("str"),
  "certs.node.commonName": is("str"),
  "certs.node.key": is("str"),
  "certs.typha.caBundle": is("str"),
  "certs.typha.cert": is("str"),
  "certs.typha.commonName": is("str"),
  "certs.typha.key": is("str"),
  defaultFelixConfiguration: is("open"),
  dnsConfig: is("open", 29),
  dnsPolicy: is("str", 32),
  goldmane: is("open", 30),
  imagePullSecrets: is("open"),
  "installation.azure": is("open", 29),
  "installation.calicoKubeControllersDeployment": is("open"),
  "installation.calicoNetwork.bgp": is(onOff),
  "installation.calicoNetwork.bpfNetworkBootstrap": is(onOff, 31),
  "installation.calicoNetwork.clusterRoutingMode": is(["BIRD", "Felix"], 32),
  "installation.calicoNetwork.containerIPForwarding": is(onOff),
  "installation.calicoNetwork.hostPorts": is(onOff),
  "installation.calicoNetwork.ipPools": is("list"),
  "installation.calicoNetwork.kubeProxyManagement": is(onOff, 31),
  "installation.calicoNetwork.linuxDataplane": is(["Iptables", "BPF", "VPP", "Nftables"]),
  "installation.calicoNetwork.linuxPolicySetupTimeoutSeconds": is("int"),
  "installation.calicoNetwork.mtu": is("int"),
  "installation.calicoNetwork.multiInterfaceMode": is(["None", "Multus"]),
  "installation.calicoNetwork.nodeAddressAutodetectionV4": is("open"),
  "installation.calicoNetwork.nodeAddressAutodetectionV6": is("open"),
  "installation.calicoNetwork.sysctl": is("list"),
  "installation.calicoNetwork.windowsDataplane": is(["HNS", "Disabled"]),
  "installation.calicoNodeDaemonSet": is("open"),
  "installation.calicoNodeWindowsDaemonSet": is("open"),
  "installation.calicoWindowsUpgradeDaemonSet": is("open"),
  "installation.certificateManagement": is("open"),
  "installation.cni.binDir": is("str", 31),
  "installation.cni.confDir": is("str", 31),
  "installation.cni.ipam.type": is(["Calico", "HostLocal", "AmazonVPC", "AzureVNET"]),
  "installation.cni.specVersion": is(["Auto", "0.3.1", "0.4.0", "1.0.0"], 31, 31),
  "installation.cni.type": is(["Calico", "GKE", "AmazonVPC", "AzureVNET"]),
  "installation.componentResources": is("list"),
  "installation.controlPlaneNodeSelector": is("open"),
  "installation.controlPlaneReplicas": is("int"),
  "installation.controlPlaneTolerations": is("list"),
  "installation.csiNodeDriverDaemonSet": is("open"),
  "installation.enabled": is("bool"),
  "installation.fipsMode": is(onOff),
  "installation.flexVolumePath": is("str"),
  "installation.imagePath": is("str"),
  "installation.imagePrefix": is("str"),
  "installation.imagePullSecrets": is("list"),
  "installation.kubeletVolumePluginPath": is("str", 31),
  "installation.kubernetesProvider": is("str"),
  "installation.logging": is("open"),
  "installation.nodeMetricsPort": is("int"),
  "installation.nodeUpdateStrategy": is("open"),
  "installation.nonPrivileged": is("str"),
  "installation.proxy": is("open", 30),
  "installation.registry": is("str"),
  "installation.serviceCIDRs": is("list"),
  "installation.tlsCipherSuites": is("list", 31),
  "installation.typhaAffinity": is("open"),
  "installation.typhaDeployment": is("open"),
  "installation.typhaMetricsPort": is("int"),
  "installation.variant": is(["Calico", "TigeraSecureEnterprise"]),
  "installation.windowsNodes": is("open"),
  // Charts up to 3.30 overwrite the one below `installation` with it.
  kubeletVolumePluginPath: is("str", knownMinors.from, 30),
  "kubernetesServiceEndpoint.host": is("str"),
  "kubernetesServiceEndpoint.port": is("scalar"),
  manageCRDs: is("bool", 30),
  nodeSelector: is("open"),
  podAnnotations: is("open"),
  podLabels: is("open"),
  priorityClassName: is("str"),
  resources: is("open"),
  "tigeraOperator.env": is("list", 32),
  "tigeraOperator.image": is("str"),
  "tigeraOperator.registry": is("str"),
  "tigeraOperator.version": is("str"),
  tolerations: is("list"),
  whisker: is("open", 30),
};

/** Whether a chart 3.x has a key. */
export const hasKey = ({ since = knownMinors.from, until = knownMinors.to }: ChartKey, minor: number) =>
  minor >= since && minor <= until;

/** In which charts a key is, in words. */
export const spanWords = ({ since = knownMinors.from, until = knownMinors.to }: ChartKey): string =>
  until === knownMinors.to ? `from v3.${since} on` : since === until ? `in v3.${since}` : `up to v3.${until}`;

/** The names below a place, such as `installation` or ``, that a chart has. */
export function namesBelow(parent: string, minor: number): string[] {
  const prefix = parent === "" ? "" : `${parent}.`;
  const below = Object.entries(chartKeys)
    .filter(([path, key]) => path.startsWith(prefix) && hasKey(key, minor))
    .map(([path]) => path.slice(prefix.length).split(".")[0] ?? "");
  return [...new Set(below)].sort();
}
