import { documentsAt } from "../components/gateway-api/source.ts";
import { chooseCrds } from "../model/gateway-api/choose.ts";
import type { LiveCluster } from "../model/live.ts";
import type { Plan } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import type { CiliumSettings } from "../model/settings.ts";

/**
 * Whether the CRDs that the settings name by path are what the chart needs.
 * @throws ClusterError when there are none, or they cannot be read
 */
export function localCrdProblems(
  { gatewayApi: { crds } }: CiliumSettings,
  { gatewayApi: plan }: Plan,
  { gatewayApi: live }: LiveCluster,
): readonly Problem[] {
  if (!plan || crds.path === undefined) return [];
  // To read them whole takes half a second: only where something is to be applied.
  if (plan.complete) return [];
  return chooseCrds(documentsAt(crds.path), plan, live?.crds ?? [], crds.path).problems;
}
