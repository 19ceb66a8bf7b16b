import { kernelNeighbours } from "./sizing/neighbours.ts";
import type { Size } from "./sizing/size.ts";

/** A kernel parameter that node tuning sets on every node. */
export interface Sysctl {
  /** Dotted name, as sysctl(8) writes it. */
  readonly key: string;
  readonly value: number;
  readonly because: string;
}

/** The parameters of a node, in the order they are written. */
export function nodeSysctls(sizes: {
  conntrackMax: Size;
  conntrackBuckets: Size;
  neighbours1: Size;
  neighbours2: Size;
  neighbours3: Size;
  tcpTwReuse: number;
}): Sysctl[] {
  return [
    {
      key: "net.netfilter.nf_conntrack_buckets",
      value: sizes.conntrackBuckets.value,
      because: sizes.conntrackBuckets.because,
    },
    {
      key: "net.netfilter.nf_conntrack_max",
      value: sizes.conntrackMax.value,
      because: sizes.conntrackMax.because,
    },
    {
      key: "net.ipv4.tcp_tw_reuse",
      value: sizes.tcpTwReuse,
      because: "outgoing connections of the host may reuse ports in TIME_WAIT; pods have their own value",
    },
    ...neighbours(sizes),
  ];
}

/** Thresholds of the neighbour table, where the kernel's own are not enough. */
function neighbours(sizes: Record<`neighbours${1 | 2 | 3}`, Size>): Sysctl[] {
  if (sizes.neighbours3.value <= kernelNeighbours) return [];
  return ([1, 2, 3] as const).map((n) => {
    const { value, because } = sizes[`neighbours${n}`];
    return { key: `net.ipv4.neigh.default.gc_thresh${n}`, value, because };
  });
}
