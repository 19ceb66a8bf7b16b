import { cidrsOverlap } from "../cidr.ts";
import type { LiveCluster, ReleaseContent } from "../live.ts";
import type { Problem } from "../problem.ts";
import type { Settings } from "../settings.ts";
import { atPath } from "../tree.ts";
import { replacesKubeProxy } from "./replaces-kube-proxy.ts";

/**
 * An agent that replaces kube-proxy must reach the API server without it. A Service's address is one that
 * nobody serves until the agent runs, and the agent does not run until it has reached the API server.
 */
export function apiServerAddressProblems(
  settings: Settings,
  live: LiveCluster,
  wanted: ReleaseContent | undefined,
): Problem[] {
  if (!wanted || !replacesKubeProxy(wanted)) return [];
  const host = textAt(wanted, "k8sServiceHost");
  const isNamedElsewhere =
    textAt(wanted, "k8sServiceHostRef.name") !== "" || textAt(wanted, "k8s.apiServerURLs") !== "";
  if (host === "" ? isNamedElsewhere : !isServiceAddress(host, settings, live)) return [];
  const what =
    host === "" ? '"" stands for the address of the kubernetes Service' : `${host} is a Service's address`;
  return [
    {
      path: pathOf(settings),
      message: `${what}, which nobody serves without kube-proxy while an agent starts, and it does not start before it reaches the API server`,
      remedy:
        "name an address that the nodes reach by themselves, such as a control plane node's or the load balancer's before them",
    },
  ];
}

const textAt = ({ values }: ReleaseContent, path: string): string => {
  const value = atPath(values, path);
  return typeof value === "string" ? value : "";
};

/** Where the address comes from. */
const pathOf = ({ cilium, cluster }: Settings): string =>
  typeof cilium.values.k8sServiceHost === "string"
    ? "cilium.values.k8sServiceHost"
    : cluster.apiServer === "auto"
      ? "cluster.apiServer"
      : "cluster.apiServer.host";

function isServiceAddress(
  host: string,
  { cluster }: Settings,
  { serviceAddresses = [] }: LiveCluster,
): boolean {
  if (/^kubernetes(\.default(\.svc(\..+)?)?)?$/.test(host) || serviceAddresses.includes(host)) return true;
  const inRange = (address: string): boolean =>
    cidrsOverlap(cluster.serviceCidr, `${address}/${address.includes(":") ? 128 : 32}`);
  // A declared range that is not the cluster's says nothing.
  return inRange(host) && serviceAddresses.some(inRange);
}
