import type { Settings } from "../settings.ts";
import type { Labels, Protocol } from "./flow.ts";

/** Part of Kubernetes, or of the datapath, that runs in kube-system on the pods' network. */
export interface SystemComponent {
  /** Its name as a workload: flows may end at `kube-system/coredns`. */
  readonly name: string;
  readonly labels: Labels;
  readonly ports: Readonly<Record<string, SystemPort>>;
  readonly allowances: readonly Allowance[];
  /** Whether it can be there, by the settings. Default: it can, for others may have put it there. */
  readonly applies?: (settings: Pick<Settings, "cilium">) => boolean;
}

interface SystemPort {
  readonly port: number;
  readonly protocol: Protocol;
}

/** Connections that a component cannot do without. */
export interface Allowance {
  /** `in`: the peer connects to the component; `out`: the component to the peer. */
  readonly direction: "in" | "out";
  /** The other end, as flows write it: `*` is every pod, a name is another component. */
  readonly peer: string;
  /** Ports of who answers: by name those of a component, `53/UDP` or the like of others; none: the peer's own. */
  readonly ports: readonly string[];
  readonly because: string;
  /** Where it can be read up. */
  readonly source: string;
}

/** What runs in kube-system on the network of its node, where no policy selects it. */
export interface HostComponent {
  readonly name: string;
  readonly because: string;
}

const tcp = (port: number): SystemPort => ({ port, protocol: "TCP" });
const udp = (port: number): SystemPort => ({ port, protocol: "UDP" });

const coreDnsManifest = "kubernetes/cluster/addons/dns/coredns/coredns.yaml.base";
const metricsManifest = "kubernetes/cluster/addons/metrics-server/metrics-server-deployment.yaml";
const chart = (file: string): string => `cilium/install/kubernetes/cilium/templates/${file}`;
const relayChart = chart("hubble-relay/deployment.yaml");
const uiChart = chart("hubble-ui/deployment.yaml");
const meshChart = chart("clustermesh-apiserver/deployment.yaml");

const asksApiServer = (because: string, source: string): Allowance => ({
  direction: "out",
  peer: "api-server",
  ports: [],
  because,
  source,
});
const scraped = (port: string, source: string): Allowance => ({
  direction: "in",
  peer: "monitoring",
  ports: [port],
  because: "its metrics are read",
  source,
});
const hubble = ({ cilium }: Pick<Settings, "cilium">): boolean => cilium.enabled && cilium.hubble.enabled;
const mesh = ({ cilium }: Pick<Settings, "cilium">): boolean =>
  cilium.enabled && cilium.clusterMesh?.apiServer === true;

/** Resolvers of nodes: anywhere, for what stands in a node's resolv.conf is the node's affair. */
const resolverPorts = ["53/UDP", "53/TCP", "853/TCP"];

const metricsServer = (name: string, labels: Labels): SystemComponent => ({
  name,
  labels,
  ports: { https: tcp(10250), "https-old": tcp(4443) },
  allowances: [
    {
      direction: "in",
      peer: "api-server",
      ports: ["https", "https-old"],
      because: "the API server passes on what is asked of metrics.k8s.io: `kubectl top`, autoscalers",
      source: metricsManifest,
    },
    {
      direction: "in",
      peer: "nodes",
      ports: ["https", "https-old"],
      because: "the kubelet's probes, and an API server whose requests come from a node's address",
      source: metricsManifest,
    },
    {
      direction: "out",
      peer: "nodes",
      ports: ["10250/TCP"],
      because: "every kubelet is asked for the metrics of its pods",
      source: metricsManifest,
    },
    asksApiServer("it lists nodes and pods", metricsManifest),
  ],
});

/** Allowances for kube-system: all that may pass there under default-deny, but for DNS of its own pods. */
export const systemComponents: readonly SystemComponent[] = [
  {
    name: "coredns",
    labels: { "k8s-app": "kube-dns" },
    ports: {
      dns: udp(53),
      "dns-tcp": tcp(53),
      metrics: tcp(9153),
      health: tcp(8080),
      ready: tcp(8181),
    },
    allowances: [
      {
        direction: "in",
        peer: "*",
        ports: ["dns", "dns-tcp"],
        because: "every pod of the cluster resolves names here; TCP for answers that no datagram holds",
        source: coreDnsManifest,
      },
      {
        direction: "in",
        peer: "nodes",
        ports: ["dns", "dns-tcp"],
        because:
          "pods on the host's network resolve names here, NodeLocal DNSCache for all pods of its node among them",
        source: "kubernetes/cluster/addons/dns/nodelocaldns/nodelocaldns.yaml",
      },
      {
        direction: "in",
        peer: "nodes",
        ports: ["health", "ready"],
        because: "the kubelet's probes; said for datapaths that do not let a node reach its own pods anyway",
        source: coreDnsManifest,
      },
      scraped("metrics", coreDnsManifest),
      asksApiServer("it watches Services and EndpointSlices", "coredns plugin/kubernetes"),
      {
        direction: "out",
        peer: "0.0.0.0/0",
        ports: resolverPorts,
        because: "names of the outside are asked of the node's resolvers, or of those the Corefile names",
        source: "coredns plugin/forward",
      },
      {
        direction: "out",
        peer: "::/0",
        ports: resolverPorts,
        because: "the same by IPv6",
        source: "coredns plugin/forward",
      },
      {
        direction: "out",
        peer: "169.254.169.254",
        ports: ["53/UDP", "53/TCP"],
        because:
          "Google's machines have their resolver at this address; their credentials are at another port",
        source: "cloud.google.com/compute/docs/internal-dns",
      },
      {
        direction: "out",
        peer: "nodes",
        ports: ["53/UDP", "53/TCP"],
        because: "a resolver may run on the nodes themselves",
        source: "coredns plugin/forward",
      },
    ],
  },
  {
    name: "kube-dns-autoscaler",
    labels: { "k8s-app": "kube-dns-autoscaler" },
    ports: {},
    allowances: [
      asksApiServer(
        "it counts nodes and scales CoreDNS",
        "kubernetes/cluster/addons/dns-horizontal-autoscaler/dns-horizontal-autoscaler.yaml",
      ),
    ],
  },
  metricsServer("metrics-server", { "k8s-app": "metrics-server" }),
  // Its Helm chart labels the pods in another way than its manifests do.
  metricsServer("metrics-server-chart", { "app.kubernetes.io/name": "metrics-server" }),
  {
    name: "hubble-relay",
    labels: { "k8s-app": "hubble-relay" },
    ports: { grpc: tcp(4245), metrics: tcp(9966) },
    applies: hubble,
    allowances: [
      {
        direction: "in",
        peer: "hubble-ui",
        ports: ["grpc"],
        because: "the UI shows the flows that the relay collects",
        source: relayChart,
      },
      {
        direction: "in",
        peer: "nodes",
        ports: ["grpc"],
        because:
          "`hubble` on somebody's machine comes by a port-forward, which ends on the pod's node; probes",
        source: relayChart,
      },
      scraped("metrics", relayChart),
      {
        direction: "out",
        peer: "nodes",
        ports: ["4244/TCP"],
        because: "every agent is asked for the flows of its node",
        source: chart("hubble/peer-service.yaml"),
      },
    ],
  },
  {
    name: "hubble-ui",
    labels: { "k8s-app": "hubble-ui" },
    ports: { http: tcp(8081), backend: tcp(8090) },
    applies: hubble,
    allowances: [
      {
        direction: "in",
        peer: "ingress-controller",
        ports: ["http"],
        because: "people look at it through an Ingress",
        source: uiChart,
      },
      {
        direction: "in",
        peer: "nodes",
        ports: ["http", "backend"],
        because: "or by a port-forward, which ends on the pod's node; probes",
        source: uiChart,
      },
      asksApiServer("its backend lists namespaces and pods", uiChart),
    ],
  },
  {
    name: "hubble-generate-certs",
    labels: { "k8s-app": "hubble-generate-certs" },
    ports: {},
    applies: hubble,
    allowances: [
      asksApiServer("it writes certificates into Secrets", chart("hubble/tls-cronjob/_job-spec.tpl")),
    ],
  },
  {
    name: "clustermesh-apiserver",
    labels: { "k8s-app": "clustermesh-apiserver" },
    ports: { etcd: tcp(2379), metrics: tcp(9962), "etcd-metrics": tcp(9963), "mesh-metrics": tcp(9964) },
    applies: mesh,
    allowances: [
      {
        direction: "in",
        peer: "nodes",
        ports: ["etcd"],
        because: "agents of this cluster read from it what the others say",
        source: meshChart,
      },
      {
        direction: "in",
        peer: "0.0.0.0/0",
        ports: ["etcd"],
        because: "agents of other clusters read this one's state; certificates tell who they are",
        source: meshChart,
      },
      scraped("metrics", meshChart),
      scraped("etcd-metrics", meshChart),
      scraped("mesh-metrics", meshChart),
      asksApiServer("it publishes Services and identities of this cluster", meshChart),
      {
        direction: "out",
        peer: "0.0.0.0/0",
        ports: ["2379/TCP", "32379/TCP"],
        because: "it mirrors the state of other clusters",
        source: meshChart,
      },
    ],
  },
  {
    name: "clustermesh-generate-certs",
    labels: { "k8s-app": "clustermesh-apiserver-generate-certs" },
    ports: {},
    applies: mesh,
    allowances: [
      asksApiServer(
        "it writes certificates into Secrets",
        chart("clustermesh-apiserver/tls-cronjob/_job-spec.tpl"),
      ),
    ],
  },
];

/** What needs no allowance, for policies do not reach it. */
export const hostComponents: readonly HostComponent[] = [
  { name: "kube-apiserver, etcd, kube-controller-manager, kube-scheduler", because: "static pods" },
  { name: "kube-proxy", because: "it writes the node's own rules" },
  { name: "cilium, cilium-envoy", because: "agent and proxy are the datapath of their node" },
  {
    name: "cilium-operator",
    because: "it must work before pods have a network; charts from 1.20 on let `operator.hostNetwork` say no",
  },
  { name: "calico-node, calico-typha", because: "they are the datapath of their node; in calico-system" },
  { name: "node-local-dns", because: "it answers at an address of the node; its queries come from the node" },
  { name: "cluster-network-node-tuning", because: "it sets sysctls of the node, and connects to nobody" },
];
