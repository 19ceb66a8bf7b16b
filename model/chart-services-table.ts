import { asBoolean, asEntries, asText } from "./tree.ts";
import { every, some, UNKNOWN, type Truth } from "./verdict.ts";

/** Reads a value of a release by its path, `controller.service.type`; UNKNOWN when it may be set to anything. */
export type ReadValue = (path: string) => unknown;

type Condition = (read: ReadValue) => Truth;

/** One Service that a Helm chart makes, by the values that shape it. */
export interface ChartService {
  /** What it is, for messages. */
  readonly name: string;
  /** Whether the chart makes it with these values. */
  readonly exists: Condition;
  /** Where its type stands; of several the first that is set. */
  readonly type: readonly string[];
  /** Its type when nothing is set. */
  readonly defaultType: string;
  /** Where `allocateLoadBalancerNodePorts` stands; absent where the chart cannot set it. */
  readonly allocate?: string;
  /** The first chart version that renders it. */
  readonly allocateSince?: string;
  readonly externalTrafficPolicy?: string;
  readonly healthCheckNodePort?: string;
  /** Node ports that the chart renders whatever the type is. */
  readonly nodePorts?: readonly string[];
}

const always: Condition = () => true;

/** A switch of the values that is true, or is not set and true by default. */
function on(path: string, byDefault: boolean): Condition {
  return (read) => asBoolean(read(path)) ?? byDefault;
}

/** A switch of the values that is not true. */
function off(path: string): Condition {
  return (read) => {
    const value = asBoolean(read(path));
    return value === UNKNOWN ? UNKNOWN : value !== true;
  };
}

function equals(path: string, wanted: string, byDefault: string): Condition {
  return (read) => {
    const value = asText(read(path));
    return value === UNKNOWN ? UNKNOWN : (value ?? byDefault) === wanted;
  };
}

function notEmpty(path: string): Condition {
  return (read) => {
    const entries = asEntries(read(path));
    return entries === UNKNOWN ? UNKNOWN : entries.length > 0;
  };
}

const allOf = (...conditions: readonly Condition[]): Condition => {
  return (read) => every(conditions.map((condition) => condition(read)));
};
const oneOf = (...conditions: readonly Condition[]): Condition => {
  return (read) => some(conditions.map((condition) => condition(read)));
};

/** The common shape: `<path>.type`, ClusterIP by default, `<path>.externalTrafficPolicy`. */
function clusterIp(name: string, path: string, exists: Condition): ChartService {
  return {
    name,
    exists,
    type: [`${path}.type`],
    defaultType: "ClusterIP",
    externalTrafficPolicy: `${path}.externalTrafficPolicy`,
  };
}

/** Charts 1.14.0 to 1.20.2: templates `cilium-ingress-service`, `hubble-*`, `clustermesh-apiserver`, `spire`. */
const CILIUM: readonly ChartService[] = [
  {
    name: "the ingress controller's Service",
    // On the host network (from 1.16 on) it is a ClusterIP.
    exists: allOf(on("ingressController.enabled", false), off("ingressController.hostNetwork.enabled")),
    type: ["ingressController.service.type"],
    defaultType: "LoadBalancer",
    allocate: "ingressController.service.allocateLoadBalancerNodePorts",
    externalTrafficPolicy: "ingressController.service.externalTrafficPolicy",
    nodePorts: ["ingressController.service.insecureNodePort", "ingressController.service.secureNodePort"],
  },
  clusterIp(
    "hubble-relay",
    "hubble.relay.service",
    allOf(on("hubble.enabled", true), on("hubble.relay.enabled", false)),
  ),
  clusterIp(
    "hubble-ui",
    "hubble.ui.service",
    allOf(
      oneOf(on("hubble.enabled", true), on("hubble.ui.standalone.enabled", false)),
      on("hubble.ui.enabled", false),
    ),
  ),
  {
    ...clusterIp(
      "clustermesh-apiserver",
      "clustermesh.apiserver.service",
      allOf(
        on("clustermesh.useAPIServer", false),
        off("clustermesh.apiserver.service.externallyCreated"),
        equals("clustermesh.apiserver.kvstoremesh.kvstoreMode", "internal", "internal"),
      ),
    ),
    defaultType: "NodePort",
  },
  clusterIp(
    "spire-server",
    "authentication.mutual.spire.install.server.service",
    allOf(
      on("authentication.mutual.spire.enabled", false),
      on("authentication.mutual.spire.install.enabled", true),
    ),
  ),
];

/** Chart 4.15.1. */
const INGRESS_NGINX: readonly ChartService[] = [
  {
    name: "the controller's Service",
    exists: allOf(on("controller.service.enabled", true), on("controller.service.external.enabled", true)),
    type: ["controller.service.type"],
    defaultType: "LoadBalancer",
    allocate: "controller.service.allocateLoadBalancerNodePorts",
    allocateSince: "4.8.3",
    externalTrafficPolicy: "controller.service.externalTrafficPolicy",
    healthCheckNodePort: "controller.service.healthCheckNodePort",
  },
  {
    name: "the controller's internal Service",
    exists: allOf(
      on("controller.service.enabled", true),
      on("controller.service.internal.enabled", false),
      notEmpty("controller.service.internal.annotations"),
    ),
    type: ["controller.service.internal.type", "controller.service.type"],
    defaultType: "LoadBalancer",
    allocate: "controller.service.internal.allocateLoadBalancerNodePorts",
    allocateSince: "4.8.3",
    externalTrafficPolicy: "controller.service.internal.externalTrafficPolicy",
    healthCheckNodePort: "controller.service.internal.healthCheckNodePort",
  },
  clusterIp(
    "the controller's metrics Service",
    "controller.metrics.service",
    allOf(on("controller.metrics.enabled", false), on("controller.metrics.service.enabled", true)),
  ),
  clusterIp(
    "the admission webhook's Service",
    "controller.admissionWebhooks.service",
    on("controller.admissionWebhooks.enabled", true),
  ),
  clusterIp("the default backend's Service", "defaultBackend.service", on("defaultBackend.enabled", false)),
];

/** Charts up to 39 read `service.type`, from 40 on `service.spec.type`; `service.spec` is passed through by both. */
const TRAEFIK: readonly ChartService[] = [
  {
    name: "the proxy's Service",
    exists: on("service.enabled", true),
    type: ["service.spec.type", "service.type"],
    defaultType: "LoadBalancer",
    allocate: "service.spec.allocateLoadBalancerNodePorts",
    externalTrafficPolicy: "service.spec.externalTrafficPolicy",
    healthCheckNodePort: "service.spec.healthCheckNodePort",
    nodePorts: ["ports.web.nodePort", "ports.websecure.nodePort"],
  },
];

/** Chart 88.5.3 and the subcharts it brings. */
const KUBE_PROMETHEUS_STACK: readonly ChartService[] = [
  ...["prometheus", "alertmanager"].flatMap((part) => [
    clusterIp(
      `${part}'s Service`,
      `${part}.service`,
      allOf(on(`${part}.enabled`, true), on(`${part}.service.enabled`, true)),
    ),
    clusterIp(
      `${part}'s Services per replica`,
      `${part}.servicePerReplica`,
      allOf(on(`${part}.enabled`, true), on(`${part}.servicePerReplica.enabled`, false)),
    ),
  ]),
  clusterIp(
    "the Thanos sidecar's Service",
    "prometheus.thanosService",
    allOf(on("prometheus.enabled", true), on("prometheus.thanosService.enabled", false)),
  ),
  {
    ...clusterIp(
      "the Thanos sidecar's external Service",
      "prometheus.thanosServiceExternal",
      allOf(on("prometheus.enabled", true), on("prometheus.thanosServiceExternal.enabled", false)),
    ),
    defaultType: "LoadBalancer",
  },
  clusterIp(
    "the Thanos ruler's Service",
    "thanosRuler.service",
    allOf(on("thanosRuler.enabled", false), on("thanosRuler.service.enabled", true)),
  ),
  clusterIp("the operator's Service", "prometheusOperator.service", on("prometheusOperator.enabled", true)),
  clusterIp(
    "the operator's webhook Service",
    "prometheusOperator.admissionWebhooks.deployment.service",
    allOf(
      on("prometheusOperator.enabled", true),
      on("prometheusOperator.admissionWebhooks.deployment.enabled", false),
    ),
  ),
  clusterIp(
    "Grafana's Service",
    "grafana.service",
    allOf(on("grafana.enabled", true), on("grafana.service.enabled", true)),
  ),
  clusterIp("kube-state-metrics", "kube-state-metrics.service", on("kubeStateMetrics.enabled", true)),
  clusterIp(
    "the node exporter's Service",
    "prometheus-node-exporter.service",
    allOf(on("nodeExporter.enabled", true), on("prometheus-node-exporter.service.enabled", true)),
  ),
];

/** Chart 1.46.2: the type stands outside `service`. */
const COREDNS: readonly ChartService[] = [
  {
    name: "the DNS Service",
    exists: always,
    type: ["serviceType"],
    defaultType: "ClusterIP",
    externalTrafficPolicy: "service.externalTrafficPolicy",
  },
];

/**
 * The charts whose Services are known, with the chart versions that were read. The
 * Services of Gateways are made by controllers at run time and stand in no chart.
 */
export const CHARTS: Readonly<Record<string, readonly ChartService[]>> = {
  cilium: CILIUM,
  "ingress-nginx": INGRESS_NGINX,
  traefik: TRAEFIK,
  "kube-prometheus-stack": KUBE_PROMETHEUS_STACK,
  coredns: COREDNS,
  // Its operator makes the Services, all of them ClusterIP.
  "tigera-operator": [],
};
