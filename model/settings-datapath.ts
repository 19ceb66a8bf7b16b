import { z } from "zod";
import { network, registry } from "./settings-primitives.ts";

const flag = (describe: string) => z.boolean().default(false).describe(describe);
const filters = z.array(z.string().min(1)).default([]);

const routing = z
  .strictObject({
    mode: z
      .enum(["tunnel", "native"])
      .default("tunnel")
      .describe("How pods reach other nodes: wrapped up, or by the network's own routes"),
    tunnelProtocol: z
      .enum(["vxlan", "geneve"])
      .default("vxlan")
      .describe("What wraps packets in tunnel mode"),
    nativeCidr: network
      .optional()
      .describe("Range that the network routes by itself, so is not masqueraded. Default: cluster.podCidr"),
    autoDirectNodeRoutes: flag("Let each node add routes to the others; they must share one L2 network"),
  })
  .prefault({})
  .describe("How packets get from node to node");

const encryption = z
  .strictObject({
    type: z.enum(["none", "wireguard", "ipsec"]).default("none").describe("What encrypts between nodes"),
    nodes: flag("Encrypt traffic of the nodes themselves, too"),
    keySecret: z
      .string()
      .min(1)
      .default("cilium-ipsec-keys")
      .describe("Secret in kube-system with the keys of IPsec"),
    strict: z
      .strictObject({
        cidr: network
          .refine((text) => !text.includes(":"), "use an IPv4 range, such as 10.244.0.0/16")
          .describe("IPv4 range whose traffic must not leave a node in the clear"),
        allowRemoteNodes: flag("Let nodes' own addresses in that range pass; needed where pods share it"),
      })
      .optional()
      .describe("Drop what would leave in the clear; WireGuard, charts from 1.15 on"),
  })
  .prefault({})
  .describe("Encryption between nodes");

const clusterMesh = z
  .strictObject({
    id: z.int().min(1).max(511).describe("Number of this cluster; no other in the mesh may have it"),
    name: z
      .string()
      .regex(
        /^([a-z0-9][-a-z0-9]{0,30})?[a-z0-9]$/,
        "use lower-case letters, digits and -, at most 32 of them",
      )
      .optional()
      .describe("Name of this cluster in the mesh. Default: cluster.name"),
    maxConnectedClusters: z
      .union([z.literal(255), z.literal(511)])
      .default(255)
      .describe("Most clusters of the mesh; with 511 each has half the identities"),
    apiServer: flag("Serve this cluster's state to the others, by a Service of type LoadBalancer"),
  })
  .optional()
  .describe("Name and number in a mesh of clusters. To be set before the first pod runs");

const bandwidthManager = z
  .strictObject({
    enabled: flag("Pace pods by kubernetes.io/egress-bandwidth, and queue fairly"),
    bbr: flag("BBR congestion control for pods; kernel 5.18 or newer"),
  })
  .prefault({})
  .describe("Bandwidth manager");

const loadBalancer = z
  .strictObject({
    ipam: z
      .boolean()
      .default(true)
      .describe("Give Services of type LoadBalancer addresses from Cilium's pools"),
    l2Announcements: flag("Announce these addresses by ARP and NDP"),
  })
  .prefault({})
  .describe("Addresses for Services of type LoadBalancer");

const gatewayCrds = z
  .strictObject({
    path: z
      .string()
      .min(1)
      .optional()
      .describe("File or folder on this machine with the CRDs as YAML, relative to the program's folder"),
    url: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe("YAML file to download. Default: the release that the chart works with"),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, "write the 64 digits that sha256sum prints")
      .optional()
      .describe("SHA-256 that the file at url must have"),
    existing: flag("Install none: only check that the cluster has what the chart needs"),
  })
  .prefault({})
  .describe("Where CRDs that are missing come from; one of path, url, existing");

const gatewayApi = z
  .strictObject({
    enabled: flag("Gateway API; its CRDs are installed before Cilium, and stay"),
    hostNetwork: flag("Listen on the nodes' own ports instead of a Service; charts from 1.16 on"),
    crds: gatewayCrds,
  })
  .prefault({})
  .describe("Gateway API by Cilium's Envoy");

const ingressController = z
  .strictObject({
    enabled: flag("Serve Ingresses of class cilium"),
    default: flag("Serve Ingresses without a class, too"),
    loadBalancerMode: z
      .enum(["dedicated", "shared"])
      .default("dedicated")
      .describe("A load balancer for each Ingress, or one for all"),
    enforceHttps: z.boolean().default(true).describe("Redirect to HTTPS where there is a certificate"),
    hostNetwork: flag("Listen on the nodes' own ports instead of a Service; charts from 1.16 on"),
  })
  .prefault({})
  .describe("Ingress by Cilium's Envoy");

const flowExport = z
  .strictObject({
    enabled: flag("Write flows to a file on each node; charts from 1.15 on"),
    path: z
      .string()
      .startsWith("/")
      .default("/var/run/cilium/hubble/events.log")
      .describe("The file, as the agent sees it"),
    maxSizeMb: z.int().min(1).max(10_000).default(10).describe("Size at which the file is rotated"),
    maxBackups: z.int().min(0).max(1000).default(5).describe("Rotated files kept"),
    compress: flag("Compress rotated files; charts from 1.18 on"),
    allow: filters.describe("Flow filters, as JSON: only these are written. Default: all"),
    deny: filters.describe("Flow filters, as JSON: these are not written"),
    fields: filters.describe("Fields that are written. Default: all"),
    aggregationInterval: z
      .string()
      .regex(/^\d+(ms|s|m|h)$/, "write a number with its unit, such as 30s")
      .optional()
      .describe("Write equal flows once in so long; charts from 1.19 on. Default: every flow"),
  })
  .prefault({})
  .describe("Export of flows, for audits");

/** Flow visibility. */
export const hubble = z
  .strictObject({
    enabled: z.boolean().default(true).describe("Flow visibility in each agent"),
    relay: z.boolean().default(true).describe("Cluster-wide view; needs hubble.enabled"),
    ui: z.boolean().default(true).describe("Service map; needs hubble.relay"),
    certificates: z
      .enum(["stack", "chart"])
      .default("stack")
      .describe(
        "Who makes and renews the certificates between agents, relay and UI: this stack, or the chart, which never renews them in time",
      ),
    redact: flag("Leave query strings and passwords of URLs out of flows; charts from 1.15 on"),
    export: flowExport,
  })
  .prefault({})
  .describe("Hubble");

/** What the datapath can do besides the baseline: each option in terms that hold for every chart version. */
export const datapathOptions = {
  routing,
  encryption,
  clusterMesh,
  bandwidthManager,
  egressGateway: flag("Send chosen pods out by chosen nodes and addresses"),
  loadBalancer,
  bgp: flag("BGP control plane: announce pods and Services to routers"),
  gatewayApi,
  ingressController,
  envoyDaemonSet: z
    .boolean()
    .optional()
    .describe("Run Envoy in pods of its own instead of inside the agent. Default: the chart's"),
  endpointSlices: flag("Spread endpoints in slices (CiliumEndpointSlice): less load on the API server"),
  localRedirectPolicies: flag("Keep traffic to chosen Services on its node, as NodeLocal DNSCache needs it"),
  policyAuditMode: flag(
    "Only log what policies would deny. The whole cluster is open as long as it is on; stage: audit of a namespace turns it on",
  ),
  imageRegistry: registry
    .optional()
    .describe(
      "Registry that mirrors all images of the chart under their own paths, such as registry.example/mirror. Default: where upstream publishes them",
    ),
};
