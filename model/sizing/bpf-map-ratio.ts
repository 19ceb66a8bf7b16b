import { defaultMapRatio, neededRatio } from "./bpf-maps.ts";
import type { Shape } from "./shape.ts";
import { assumed, powerOfTwo, type Size } from "./size.ts";

/** A table that is fuller than this is about to lose connections; the alerts fire there, too. */
export const fullEnough = 0.75;
/** Seconds that the agent keeps a flow that is not TCP (`--bpf-ct-timeout-regular-any`). */
const anySeconds = 60;

/** Entries that a node's busiest moment takes of each map. */
export function mapDemand({ load }: Shape): Record<"ctTcp" | "ctAny", Size> {
  const { connections, dnsQueries, coreDnsReplicas } = load;
  return {
    ctTcp: connections,
    ctAny: {
      value: Math.ceil((dnsQueries.value * anySeconds) / coreDnsReplicas.value),
      unit: "flows",
      because: `${dnsQueries.value} DNS queries/s for ${anySeconds} s / ${coreDnsReplicas.value} CoreDNS`,
      source: dnsQueries.source,
    },
  };
}

/**
 * `bpf.mapDynamicSizeRatio`: the chart's own, doubled as often as declared connections and DNS queries
 * need on the node with the least memory. Another ratio makes the agent throw its maps away, and with
 * them connections: so a load that is only assumed changes nothing, and the steps are wide.
 */
export function bpfMapRatio(shape: Shape): Size {
  const unit = "of a node's memory";
  const demand = mapDemand(shape);
  const [most] = (["ctTcp", "ctAny"] as const)
    .filter((map) => demand[map].source !== assumed)
    .map((map) => ({ map, ratio: neededRatio(map, demand[map].value / fullEnough, shape.memoryBytes) }))
    .sort((a, b) => b.ratio - a.ratio);
  if (!most || most.ratio <= defaultMapRatio) {
    return {
      value: defaultMapRatio,
      unit,
      because: most
        ? "the chart's default holds the declared load"
        : "the chart's default; no load is declared",
      source: "cilium chart: bpf.mapDynamicSizeRatio",
    };
  }
  const { value, unit: what, because } = demand[most.map];
  const gib = Number((shape.memoryBytes / 2 ** 30).toFixed(2));
  return {
    value: Math.min(1, defaultMapRatio * powerOfTwo(most.ratio / defaultMapRatio)),
    unit,
    because: `the default doubled until ${value} ${what} (${because}) fill ${fullEnough * 100} % of a map on ${gib} GiB`,
    source: "cilium pkg/option getDynamicSizeCalculator",
  };
}
