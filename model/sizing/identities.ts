import { chartDefaults } from "./chart-sizes.ts";
import type { Shape } from "./shape.ts";
import { powerOfTwo, type Size } from "./size.ts";

/** Identities that the operator can hand out, by the number of clusters that a mesh may have. */
const identityLimits = { 255: 65_280, 511: 32_512 };
const policyMap = { minimum: chartDefaults().policyMapMax, maximum: 65_536 };
/** Ports on which one endpoint lets the same peer in. */
const portsPerPeer = 2;

/**
 * Most security identities of a cluster.
 * @param maxConnectedClusters - of a mesh: 255, or 511, which takes a bit of the identities
 */
export function identityLimit(maxConnectedClusters: 255 | 511 = 255): Size {
  return {
    value: identityLimits[maxConnectedClusters],
    unit: "identities",
    because: `${maxConnectedClusters === 255 ? 16 : 15} bits, without the 256 that are reserved`,
    source: "cilium pkg/identity: GetMaximumAllocationIdentity",
  };
}

/**
 * `bpf.policyMapMax`: entries of one endpoint's policy.
 */
export function policyMapMax(shape: Shape): Size {
  const unit = "entries of an endpoint";
  const identities = shape.load.identities.value;
  const entries = powerOfTwo(identities * portsPerPeer);
  const all = `every one of ${identities} identities on ${portsPerPeer} ports`;
  const source = "cilium pkg/option PolicyMapMax; chart: bpf.policyMapMax";
  if (entries <= policyMap.minimum) {
    return { value: policyMap.minimum, unit, because: `the chart's default holds ${all}`, source };
  }
  const value = Math.min(policyMap.maximum, entries);
  return {
    value,
    unit,
    because: value < entries ? `the agent's most; ${all} would take ${entries}` : all,
    source,
  };
}
