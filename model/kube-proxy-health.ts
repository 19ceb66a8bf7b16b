import type { LiveCluster, ReleaseContent } from "./live.ts";
import type { Problem } from "./problem.ts";

/** Port of kube-proxy's /healthz, by which load balancers outside tell whether a node serves. */
const port = 10256;
const key = "kubeProxyReplacementHealthzBindAddr";

const listensAt = ({ values }: ReleaseContent): string => {
  const address = values[key];
  return typeof address === "string" ? address : "";
};

/**
 * Agents cannot take over kube-proxy's health port while it has it: older ones end at their start, newer
 * ones go without the port.
 * @see Cilium's kube_proxy_healthz.go, "kube-proxy should not be running nor listening"
 */
export function healthPortProblems(live: LiveCluster, wanted: ReleaseContent): Problem[] {
  const address = listensAt(wanted);
  const runs = live.deployedRelease?.content;
  const isNew = !runs || listensAt(runs) !== address;
  if (!isNew || !address.endsWith(`:${port}`)) return [];
  return [
    {
      path: `cilium.values.${key}`,
      message: `${address} is taken on the nodes, by kube-proxy's own health check, so agents cannot start with it`,
      remedy: "leave it out of the deployment that takes kube-proxy off the nodes, and set it in the next",
    },
  ];
}

/** Whoever asks kube-proxy about a node's health gets no answer once it is off. */
export function healthPortWarnings({ loadBalancers = [] }: LiveCluster, wanted: ReleaseContent): string[] {
  const [first, ...more] = loadBalancers;
  if (!first || listensAt(wanted) !== "") return [];
  const named = `${first.namespace}/${first.name}${more.length > 0 ? ` and ${more.length} more` : ""}`;
  return [
    `Nobody answers at port ${port} once kube-proxy is off the nodes, and a cloud's load balancers ask there whether a node serves (Services of type LoadBalancer: ${named}): set cilium.kubeProxy: keep, or ${key}: 0.0.0.0:${port} in cilium.values as soon as it is off (docs/operations.md)`,
  ];
}
