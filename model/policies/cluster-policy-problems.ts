import { calicoMinor } from "../calico/chart-version.ts";
import { parseChartVersion } from "../cilium/chart-version.ts";
import { settledValues } from "../cilium/values.ts";
import type { LiveCluster } from "../live.ts";
import type { Problem } from "../problem.ts";
import type { Settings } from "../settings.ts";
import { atPath } from "../tree.ts";
import { policyApis } from "./policy-apis.ts";

const path = "policies.baseline";
/** The first datapaths that enforce it. */
const firstCilium = 20;
const firstCalico = 32;

const switchKey = "k8sClusterNetworkPolicy.enabled";
const cidrKey = "policyCIDRMatchMode";

/** Whether the settings ask for a ClusterNetworkPolicy. */
export const usesClusterPolicy = ({ policies }: Pick<Settings, "policies">): boolean =>
  policies.baseline === "cluster-network-policy";

/** A datapath that would take the baseline for nothing, and so let all of it pass. */
export function clusterPolicyProblems(settings: Pick<Settings, "policies" | "cilium" | "calico">): Problem[] {
  const { cilium, calico } = settings;
  if (!usesClusterPolicy(settings)) return [];
  const otherwise = `or leave ${path} out`;
  if (calico.enabled) {
    if ((calicoMinor(calico.version) ?? firstCalico) >= firstCalico) return [];
    return [
      {
        path,
        message: `Calico ${calico.version} does not enforce ClusterNetworkPolicy, so nothing would be denied`,
        remedy: `use a chart from v3.${firstCalico} on, ${otherwise}`,
      },
    ];
  }
  if (!cilium.enabled) return [];
  if ((parseChartVersion(cilium.version)?.minor ?? firstCilium) < firstCilium) {
    return [
      {
        path,
        message: `Cilium ${cilium.version} does not enforce ClusterNetworkPolicy, so nothing would be denied`,
        remedy: `use a chart from 1.${firstCilium} on, ${otherwise}`,
      },
    ];
  }
  const values = settledValues(cilium);
  const modes = [atPath(values, cidrKey)]
    .flat()
    .flatMap((one) => (typeof one === "string" ? one.split(/[ ,]+/) : []));
  return [
    ...(atPath(values, switchKey) === true
      ? []
      : [
          {
            path,
            message: "Cilium enforces ClusterNetworkPolicy only where it is turned on",
            remedy: `set cilium.values.${switchKey}: true, ${otherwise}`,
          },
        ]),
    ...(modes.includes("nodes")
      ? []
      : [
          {
            path,
            message:
              "For Cilium no range of addresses means nodes, so pods could still connect to every node",
            remedy: `set cilium.values.${cidrKey}: [nodes], ${otherwise}`,
          },
        ]),
  ];
}

/** A cluster that does not know ClusterNetworkPolicy. */
export function clusterPolicyApiProblems(
  settings: Pick<Settings, "policies">,
  { clusterPolicies }: Pick<LiveCluster, "clusterPolicies">,
): Problem[] {
  if (!usesClusterPolicy(settings) || clusterPolicies !== undefined) return [];
  return [
    {
      path,
      message: `The API server does not serve ClusterNetworkPolicy (${policyApis.ClusterNetworkPolicy.apiVersion})`,
      remedy:
        "install its definition, config/crd/standard of sigs.k8s.io/network-policy-api from v0.2.0 on, or use baseline: namespaces",
    },
  ];
}
