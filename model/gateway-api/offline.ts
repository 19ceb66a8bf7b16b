import type { Problem } from "../problem.ts";
import type { CiliumSettings } from "../settings.ts";
import type { GatewayApiPlan } from "./judge.ts";

/**
 * A site that brings images or the chart from a place of its own has perhaps no way out, and the CRDs are
 * downloaded unless a source is named. Where nothing is to be applied, nothing is downloaded.
 */
export function offlineWarnings(
  { imageRegistry, chart, gatewayApi: { crds } }: CiliumSettings,
  { bundle, complete }: Pick<GatewayApiPlan, "bundle" | "complete">,
): Problem[] {
  const own = Object.entries({ imageRegistry, "chart.path": chart.path, "chart.oci": chart.oci }).flatMap(
    ([name, value]) => (value === undefined ? [] : [`cilium.${name}: ${value}`]),
  );
  if (complete || own.length === 0 || crds.path !== undefined || crds.url !== undefined) return [];
  return [
    {
      path: "cilium.gatewayApi.crds",
      message: `The CRDs of Gateway API ${bundle} are downloaded from its project, though other things come from a place of this site's own (${own.join(", ")})`,
      remedy:
        "where there is no way out, bring them here and name the file or folder by cilium.gatewayApi.crds.path, or a mirror by cilium.gatewayApi.crds.url",
    },
  ];
}
