import type { ClusterReader } from "../components/cluster-reader.ts";
import type { LiveCluster } from "../model/live.ts";
import { usesClusterPolicy } from "../model/policies/cluster-policy-problems.ts";
import { policyApis } from "../model/policies/policy-apis.ts";
import type { Settings } from "../model/settings.ts";

const { apiVersion, plural } = policyApis.ClusterNetworkPolicy;

/** ClusterNetworkPolicies; undefined where the API serves none, or none is asked for. */
export async function readClusterPolicies(
  cluster: ClusterReader,
  settings: Pick<Settings, "policies">,
): Promise<LiveCluster["clusterPolicies"]> {
  if (!usesClusterPolicy(settings)) return undefined;
  const api = `/apis/${apiVersion}`;
  // A group may be served without it: the same one had other kinds before.
  const served = await cluster.get<{ resources?: { name: string }[] }>(api);
  if (!served?.resources?.some(({ name }) => name === plural)) return undefined;
  const found = await cluster.list(`${api}/${plural}`);
  return found.map(({ metadata }) => ({ name: metadata?.name ?? "", labels: metadata?.labels ?? {} }));
}
