import type { Problem } from "../../problem.ts";
import { compareVersions, parseChartVersion } from "../chart-version.ts";
import type { ChartValues } from "./chart-values.ts";
import type { ChartRule } from "./rule.ts";

/** What goes through Envoy. */
const envoyUsers = ["ingressController.enabled", "gatewayAPI.enabled"];

export const northSouthRules: readonly ChartRule[] = [
  ...envoyUsers.map((key): ChartRule => ({
    check: (values) => (values.is(key) ? needsProxy(values, key) : undefined),
  })),
  {
    since: "1.14.2",
    check: (values) =>
      values.text("loadBalancer.l7.backend") === "envoy"
        ? needsProxy(values, "loadBalancer.l7.backend")
        : undefined,
  },
  {
    since: "1.16.0",
    check: (values) =>
      values.is("ingressController.enabled") &&
      ["LoadBalancer", "NodePort"].includes(values.text("ingressController.service.type"))
        ? trafficPolicy(values, "ingressController.service.externalTrafficPolicy")
        : undefined,
  },
  {
    since: "1.16.0",
    check: (values) =>
      values.is("gatewayAPI.enabled") ? trafficPolicy(values, "gatewayAPI.externalTrafficPolicy") : undefined,
  },
  {
    check: (values) => {
      const user = [...envoyUsers, "envoyConfig.enabled"].find((key) => values.is(key));
      const setting = values.text("kubeProxyReplacement");
      if (user === undefined || (setting === "" ? !beganBefore114(values) : setting !== "disabled"))
        return undefined;
      return {
        path: values.path(user),
        message: `true needs a kubeProxyReplacement that is true or false, not ${setting === "" ? "missing" : setting}`,
        remedy: "set kubeProxyReplacement: true",
      };
    },
  },
  {
    check: (values) =>
      values.is("authentication.mutual.spire.enabled") && !values.is("authentication.enabled")
        ? {
            path: values.path("authentication.mutual.spire.enabled"),
            message: "true needs authentication.enabled, which is false in charts from 1.19 on",
            remedy: "set authentication.enabled: true, or turn SPIRE off",
          }
        : undefined,
  },
  {
    since: "1.16.0",
    check: (values) => {
      const id = Number(values.at("envoy.baseID"));
      if (id >= 0 && id <= 4_294_967_295) return undefined;
      return {
        path: values.path("envoy.baseID"),
        message: `${values.text("envoy.baseID")} is out of range`,
        remedy: "use 0 to 4294967295",
      };
    },
  },
];

function needsProxy(values: ChartValues, key: string): Problem | undefined {
  if (values.is("l7Proxy")) return undefined;
  const path = values.path("l7Proxy");
  return {
    path: values.path(key),
    message: `${values.text(key)} goes through Envoy, which ${path}: false turns off`,
    remedy: `set ${path}: true, or turn this off`,
  };
}

function trafficPolicy(values: ChartValues, key: string): Problem | undefined {
  const policy = values.text(key);
  if (policy === "Cluster" || policy === "Local") return undefined;
  return { path: values.path(key), message: `"${policy}" is not a choice`, remedy: "use Cluster or Local" };
}

function beganBefore114(values: ChartValues): boolean {
  const began = parseChartVersion(`${values.text("upgradeCompatibility")}.0`);
  return began !== undefined && compareVersions(began, { minor: 14, patch: 0 }) < 0;
}
