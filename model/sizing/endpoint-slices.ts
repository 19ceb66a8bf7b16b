import type { Shape } from "./shape.ts";
import type { Size } from "./size.ts";

const endpointsPerSlice = 100;

/**
 * CiliumEndpointSlice objects that stand for a cluster's pods. Without them every agent watches one
 * CiliumEndpoint for each pod of the cluster.
 */
export function ciliumEndpointSlices({ load: { pods } }: Shape): Size {
  return {
    value: Math.ceil(pods.value / endpointsPerSlice),
    unit: "slices",
    because: `${pods.value} pods / ${endpointsPerSlice} a slice, if they are turned on`,
    source: "cilium-operator --ces-max-ciliumendpoints-per-ces",
  };
}
