import { chartDefaults } from "./chart-sizes.ts";
import type { Shape } from "./shape.ts";
import { powerOfTwo, type Size } from "./size.ts";

const chartDefault = chartDefaults().lbMapMax;
/** Growth, and front ends besides the cluster IP: a load balancer's address has entries of its own. */
const headroom = 2;

/** Entries that ClusterIP Services take of the load-balancer maps. */
export function loadBalancerEntries({ services, servicePorts, load: { endpoints } }: Shape): Size {
  return {
    value: (services + endpoints.value) * servicePorts,
    unit: "entries",
    because: `(${services} Services' master slots + ${endpoints.value} endpoints) × ${servicePorts} ports`,
    source: "cilium bpf/lib/lb.h: slot 0 is the Service, one more for each backend",
  };
}

/**
 * `bpf.lbMapMax`. A power of two, because another size throws the map away, and with it connections.
 */
export function lbMapMax(shape: Shape): Size {
  const unit = "entries";
  const { value: entries } = loadBalancerEntries(shape);
  const value = Math.max(chartDefault, powerOfTwo(entries * headroom));
  return {
    value,
    unit,
    because:
      value === chartDefault
        ? `the chart's default holds ${headroom} × ${entries} entries`
        : `${headroom} × ${entries} entries, as a power of two`,
    source: "Cilium documentation, Service LB Map Sizing",
  };
}
