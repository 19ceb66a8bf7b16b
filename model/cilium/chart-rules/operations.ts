import type { ChartValues } from "./chart-values.ts";
import type { ChartRule } from "./rule.ts";

const backoffVariables = ["KUBE_CLIENT_BACKOFF_BASE", "KUBE_CLIENT_BACKOFF_DURATION"];
/** What a ServiceMonitor scrapes. */
const scraped = ["prometheus", "operator.prometheus", "envoy.prometheus", "hubble.relay.prometheus"];

/** Up to 1.15 Envoy and relay are scraped only where `proxy.prometheus` is on, too. */
const isMuted = (key: string, values: ChartValues): boolean =>
  values.version.minor < 16 &&
  ["envoy.prometheus", "hubble.relay.prometheus"].includes(key) &&
  !values.is("proxy.prometheus.enabled");

export const operationsRules: readonly ChartRule[] = [
  ...scraped.map((key): ChartRule => ({
    check: (values) =>
      values.all(`${key}.enabled`, `${key}.serviceMonitor.enabled`) &&
      !isMuted(key, values) &&
      !values.is("prometheus.serviceMonitor.trustCRDsExist")
        ? {
            path: values.path(`${key}.serviceMonitor.enabled`),
            message:
              "true needs the CRD ServiceMonitor of the Prometheus operator, and nothing says that it is there",
            remedy: "install it, and set prometheus.serviceMonitor.trustCRDsExist: true",
          }
        : undefined,
  })),
  ...["ciliumEndpointSlice.enabled", "enableCiliumEndpointSlice"].map((key): ChartRule => ({
    check: (values) =>
      values.all(key, "disableEndpointCRD")
        ? {
            path: values.path(key),
            message: "true needs the CRD CiliumEndpoint, which disableEndpointCRD: true takes away",
            remedy: "set disableEndpointCRD: false",
          }
        : undefined,
  })),
  {
    check: (values) =>
      values.is("operator.setNodeTaints") && !values.is("operator.removeNodeTaints")
        ? {
            path: values.path("operator.setNodeTaints"),
            message: "true needs operator.removeNodeTaints: no node would ever take pods",
            remedy: "set operator.removeNodeTaints: true",
          }
        : undefined,
  },
  {
    check: (values) =>
      values.all("gke.enabled", "keepDeprecatedLabels")
        ? {
            path: values.path("keepDeprecatedLabels"),
            message: "true makes GKE remove Cilium's DaemonSet from kube-system",
            remedy: "set it false",
          }
        : undefined,
  },
  {
    until: "1.16.0",
    check: (values) =>
      values.is("endpointStatus.enabled") && !values.is("endpointStatus.status")
        ? {
            path: values.path("endpointStatus.status"),
            message: "Missing: endpointStatus.enabled needs it",
            remedy: "write some of policy, health, controllers, log and state, with a space between",
          }
        : undefined,
  },
  {
    since: "1.18.0",
    check: (values) => {
      const extra = values.at("extraEnv");
      const doubled = (Array.isArray(extra) ? extra : []).find(
        (entry: unknown) =>
          typeof entry === "object" &&
          entry !== null &&
          backoffVariables.includes((entry as { name?: string }).name ?? ""),
      ) as { name: string } | undefined;
      if (doubled === undefined || !values.is("k8sClientExponentialBackoff.enabled")) return undefined;
      return {
        path: values.path("extraEnv"),
        message: `${doubled.name} is set by k8sClientExponentialBackoff, too`,
        remedy: "leave it out, or set k8sClientExponentialBackoff.enabled: false",
      };
    },
  },
  {
    since: "1.19.0",
    check: (values) =>
      values.is("standaloneDnsProxy.enabled") && Number(values.at("dnsProxy.proxyPort")) === 0
        ? {
            path: values.path("standaloneDnsProxy.enabled"),
            message: "true needs a fixed dnsProxy.proxyPort",
            remedy: "set dnsProxy.proxyPort, to 10094 for one",
          }
        : undefined,
  },
];
