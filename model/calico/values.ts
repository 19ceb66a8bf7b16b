import { mergeValues, type Values } from "../cilium/merge-values.ts";
import { parseCidr } from "../cidr.ts";
import type { CalicoSettings } from "../settings.ts";
import { calicoMinor, knownMinors } from "./chart-version.ts";

const dataplanes = { iptables: "Iptables", nftables: "Nftables", ebpf: "BPF" } as const;

/** Addresses of a block, as the operator chooses where nothing is said (its pkg/controller/ippool/defaults.go). */
const defaultBlockSize = { ipv4: 26, ipv6: 122 } as const;

/** What the chart's values follow from, besides the settings. */
export interface CalicoInput {
  readonly settings: CalicoSettings;
  /** `cluster.podCidr`. */
  readonly podCidr: string;
  /** API server as every node reaches it; needed where nobody serves its ClusterIP. */
  readonly apiServer?: { readonly host: string; readonly port: number } | undefined;
}

/** Values of the tigera-operator chart: the derived ones, the user's own laid over them. */
export function calicoValues({ settings, podCidr, apiServer }: CalicoInput): Values {
  const { dataplane, encapsulation, mtu, flows, imageRegistry, values } = settings;
  const minor = calicoMinor(settings.version) ?? knownMinors.to;
  const cidr = settings.podCidr ?? podCidr;
  const derived: Values = {
    installation: {
      cni: { type: "Calico", ipam: { type: "Calico" } },
      calicoNetwork: {
        linuxDataplane: dataplanes[dataplane],
        // Between nodes VXLAN needs no routes from anybody: a daemon and its sessions less.
        bgp: encapsulation.startsWith("VXLAN") ? "Disabled" : "Enabled",
        ...(mtu !== undefined && { mtu }),
        ipPools: [
          {
            cidr,
            encapsulation,
            natOutgoing: "Enabled",
            nodeSelector: "all()",
            blockSize: settings.blockSize ?? defaultBlockSize[parseCidr(cidr)?.[0].kind() ?? "ipv4"],
          },
        ],
      },
      ...(imageRegistry !== undefined && { registry: imageRegistry }),
    },
    ...(imageRegistry !== undefined && { tigeraOperator: { registry: imageRegistry } }),
    // Charts that have them run them unless told otherwise.
    ...(!flows && minor >= 30 && { goldmane: { enabled: false }, whisker: { enabled: false } }),
    ...(dataplane === "ebpf" &&
      apiServer && { kubernetesServiceEndpoint: { host: apiServer.host, port: String(apiServer.port) } }),
  };
  return mergeValues(derived, values);
}
