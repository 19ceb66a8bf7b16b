import type { LiveCluster } from "../live.ts";
import { formatProblem, type Problem } from "../problem.ts";
import type { Settings } from "../settings.ts";
import { clusterDns } from "./dns-flow.ts";
import { withPolicies } from "./stages.ts";

const label = "k8s-app";
const service = `Service ${clusterDns.namespace}/kube-dns`;
const allowed = `pods of ${clusterDns.namespace} with ${label}=${clusterDns.labels[label]}`;

/**
 * Whether those that policies let every pod ask are those that answer for the cluster's DNS. In a cluster that
 * has its DNS elsewhere, default-deny would leave pods without any.
 */
export function judgeClusterDns(
  settings: Settings,
  { dnsService }: Pick<LiveCluster, "dnsService">,
): { problems: Problem[]; warnings: string[] } {
  const [first] = withPolicies(settings).namespaces;
  if (first === undefined || dnsService === undefined) return { problems: [], warnings: [] };
  const path = `namespaces[${settings.namespaces.indexOf(first)}]`;
  const warn = (message: string, remedy: string) => ({
    problems: [],
    warnings: [formatProblem({ path, message, remedy })],
  });
  const otherwise = `declare who answers, such as { from: ${first.name}/*, to: { namespace: …, labels: … }, port: [53/UDP, 53/TCP] }`;
  if (dnsService === null) {
    return warn(
      `There is no ${service}, and of DNS policies allow ${allowed} alone: pods that ask others would resolve nothing`,
      otherwise,
    );
  }
  const { [label]: value } = dnsService.selector;
  if (value === clusterDns.labels[label]) return { problems: [], warnings: [] };
  if (value === undefined) {
    return warn(
      `${service} does not say that it leads to ${allowed}, and policies allow no other DNS`,
      `see that its pods have that label, or ${otherwise}`,
    );
  }
  const problem = {
    path,
    message: `${service} leads to pods with ${label}=${value}, and policies let pods ask ${allowed} alone: no pod under default-deny would resolve a name`,
    remedy: `give them the label ${label}: ${clusterDns.labels[label]} and let the Service select by it (k8sAppLabelOverride of CoreDNS' chart), or set stage: observe`,
  };
  return { problems: [problem], warnings: [] };
}
