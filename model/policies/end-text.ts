import type { Labels, Peer } from "./flow.ts";
import { isInternet } from "./flow-cidr.ts";

/** Ranges that are left out and still said one by one. */
const saidExcepts = 3;

/**
 * An end of a flow in words: shop/api-gateway, payments/*, 10.0.0.0/8 without 10.244.0.0/16.
 * @param within - namespace that goes without saying
 */
export function endText(end: Peer, within?: string): string {
  switch (end.kind) {
    case "pods":
      return podsText(end, within);
    case "cidr": {
      if (isInternet(end)) return `internet (${end.cidr.includes(":") ? "IPv6" : "IPv4"})`;
      const { cidr, except } = end;
      if (except.length === 0) return cidr;
      const left = except.length > saidExcepts ? `${except.length} ranges in it` : except.join(", ");
      return `${cidr} without ${left}`;
    }
    case "fqdn":
      return end.pattern;
    case "entity":
      return end.entity === "ingress" ? "ingress-controller" : end.entity;
  }
}

function podsText(
  { namespace, labels, workload }: { namespace?: string; labels: Labels; workload?: string },
  within: string | undefined,
): string {
  if (namespace === undefined) return "every pod of the cluster";
  const prefix = namespace === within ? "" : `${namespace}/`;
  if (workload !== undefined) return `${prefix}${workload}`;
  const selected = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return selected.length > 0 ? `${prefix}{${selected.join(",")}}` : `${namespace}/*`;
}
