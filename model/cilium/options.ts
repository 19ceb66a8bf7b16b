import type { CiliumSettings } from "../settings.ts";
import { chartKeysNamed } from "./chart-keys.ts";
import type { ChartVersion } from "./chart-version.ts";
import type { Values } from "./merge-values.ts";
import { nested } from "./merge-values.ts";

/** A typed option in use, in terms of the chart. */
export interface Wish {
  /** The settings key. */
  readonly option: string;
  /** Values that say so, the newest form first: a chart gets the first of which it has all keys. */
  readonly forms: readonly Values[];
}

const wish = (option: string, ...forms: readonly Values[]): Wish => ({ option: `cilium.${option}`, forms });

/** What the settings ask for besides the baseline, in the order in which it stands in the values. */
export function wishesOf(settings: CiliumSettings, version: ChartVersion): Wish[] {
  const { bandwidthManager, loadBalancer } = settings;
  return [
    ...clusterMesh(settings),
    ...routing(settings),
    ...encryption(settings),
    ...(bandwidthManager.enabled
      ? [wish("bandwidthManager", { bandwidthManager: { enabled: true, bbr: bandwidthManager.bbr } })]
      : []),
    ...(settings.egressGateway ? [wish("egressGateway", { egressGateway: { enabled: true } })] : []),
    // Charts without the key give addresses, too, and cannot be told not to.
    ...(loadBalancer.ipam ? [] : [wish("loadBalancer.ipam", { enableLBIPAM: false })]),
    ...(loadBalancer.l2Announcements
      ? [wish("loadBalancer.l2Announcements", { l2announcements: { enabled: true } })]
      : []),
    ...(settings.bgp ? [wish("bgp", { bgpControlPlane: { enabled: true } })] : []),
    ...gatewayApi(settings),
    ...ingress(settings),
    ...(settings.envoyDaemonSet === undefined
      ? []
      : [wish("envoyDaemonSet", { envoy: { enabled: settings.envoyDaemonSet } })]),
    ...(settings.endpointSlices
      ? [
          wish(
            "endpointSlices",
            { ciliumEndpointSlice: { enabled: true } },
            { enableCiliumEndpointSlice: true },
          ),
        ]
      : []),
    ...(settings.localRedirectPolicies
      ? [
          wish(
            "localRedirectPolicies",
            { localRedirectPolicies: { enabled: true } },
            { localRedirectPolicy: true },
          ),
        ]
      : []),
    ...(settings.policyAuditMode ? [wish("policyAuditMode", { policyAuditMode: true })] : []),
    ...(settings.hubble.redact
      ? [
          wish("hubble.redact", {
            hubble: { redact: { enabled: true, http: { urlQuery: true, userInfo: true } } },
          }),
        ]
      : []),
    ...flowExport(settings),
    ...images(settings, version),
  ];
}

function clusterMesh({ clusterMesh: mesh }: CiliumSettings): Wish[] {
  if (!mesh) return [];
  const { id, name, maxConnectedClusters, apiServer } = mesh;
  return [
    wish("clusterMesh.name", { cluster: { name } }),
    wish("clusterMesh.id", { cluster: { id } }),
    ...(maxConnectedClusters === 511
      ? [wish("clusterMesh.maxConnectedClusters", nested("clustermesh.maxConnectedClusters", 511))]
      : []),
    // The chart's own default is a NodePort, which every node opens to everybody.
    ...(apiServer
      ? [
          wish("clusterMesh.apiServer", {
            clustermesh: { useAPIServer: true, apiserver: { service: { type: "LoadBalancer" } } },
          }),
        ]
      : []),
  ];
}

function routing({
  routing: { mode, tunnelProtocol, nativeCidr, autoDirectNodeRoutes },
}: CiliumSettings): Wish[] {
  if (mode === "tunnel") {
    return tunnelProtocol === "vxlan" ? [] : [wish("routing.tunnelProtocol", { tunnelProtocol })];
  }
  const range = nativeCidr?.includes(":") ? "ipv6NativeRoutingCIDR" : "ipv4NativeRoutingCIDR";
  return [
    wish("routing.mode", { routingMode: "native", ...(nativeCidr !== undefined && { [range]: nativeCidr }) }),
    ...(autoDirectNodeRoutes ? [wish("routing.autoDirectNodeRoutes", { autoDirectNodeRoutes })] : []),
  ];
}

function encryption({ encryption: { type, nodes, keySecret, strict } }: CiliumSettings): Wish[] {
  if (type === "none") return [];
  return [
    wish("encryption.type", {
      encryption: { enabled: true, type, ...(type === "ipsec" && { ipsec: { secretName: keySecret } }) },
    }),
    ...(nodes ? [wish("encryption.nodes", { encryption: { nodeEncryption: true } })] : []),
    ...(strict ? [strictEncryption(strict)] : []),
  ];
}

function strictEncryption({ cidr, allowRemoteNodes }: { cidr: string; allowRemoteNodes: boolean }): Wish {
  const mode = { enabled: true, cidr, allowRemoteNodeIdentities: allowRemoteNodes };
  return wish(
    "encryption.strict",
    { encryption: { strictMode: { egress: mode } } },
    { encryption: { strictMode: mode } },
  );
}

function gatewayApi({ gatewayApi: { enabled, hostNetwork } }: CiliumSettings): Wish[] {
  if (!enabled) return [];
  return [
    // The operator reads its settings once, and the chart restarts it for them only when told to.
    wish("gatewayApi", { gatewayAPI: { enabled }, operator: { rollOutPods: true } }),
    ...(hostNetwork
      ? [wish("gatewayApi.hostNetwork", { gatewayAPI: { hostNetwork: { enabled: true } } })]
      : []),
  ];
}

function ingress({ ingressController }: CiliumSettings): Wish[] {
  const { enabled, default: isDefault, loadBalancerMode, enforceHttps, hostNetwork } = ingressController;
  if (!enabled) return [];
  return [
    wish("ingressController", {
      ingressController: { enabled, default: isDefault, loadbalancerMode: loadBalancerMode, enforceHttps },
    }),
    ...(hostNetwork
      ? [
          wish("ingressController.hostNetwork", {
            ingressController: { hostNetwork: { enabled: true } },
          }),
        ]
      : []),
  ];
}

function flowExport({ hubble }: CiliumSettings): Wish[] {
  const { enabled, path, maxSizeMb, maxBackups, compress, allow, deny, fields, aggregationInterval } =
    hubble.export;
  if (!enabled) return [];
  const what = { enabled, filePath: path, fieldMask: fields, allowList: allow, denyList: deny };
  const sizes = { fileMaxSizeMb: maxSizeMb, fileMaxBackups: maxBackups };
  const file = (extra: Values): Values => ({ hubble: { export: { static: extra } } });
  return [
    wish(
      "hubble.export",
      file({ ...what, ...sizes }),
      // Up to 1.17 one size held for all exports.
      { hubble: { export: { ...sizes, static: what } } },
    ),
    ...(compress ? [wish("hubble.export.compress", file({ fileCompress: true }))] : []),
    ...(aggregationInterval === undefined
      ? []
      : [wish("hubble.export.aggregationInterval", file({ aggregationInterval }))]),
  ];
}

/** Every image of the chart, whether it is used or not: nothing turned on later is fetched from elsewhere. */
function images({ imageRegistry }: CiliumSettings, version: ChartVersion): Wish[] {
  if (imageRegistry === undefined) return [];
  return chartKeysNamed("repository", version).flatMap(({ path, key }) => {
    const [, mirrored] = /^[^/]+\/(.+)$/.exec(String(key.default ?? "")) ?? [];
    if (mirrored === undefined) return [];
    return [wish("imageRegistry", nested(path.join("."), `${imageRegistry}/${mirrored}`))];
  });
}
