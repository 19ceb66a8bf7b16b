import type { Wish } from "./options.ts";
import { nested } from "./merge-values.ts";

/** Numbers that the chart is told, where somebody has sized them. */
export interface CiliumSizes {
  /** Share of a node's memory for the maps that grow with it. */
  readonly bpfMapRatio?: number | undefined;
  readonly ctTcpMax?: number | undefined;
  readonly ctAnyMax?: number | undefined;
  readonly natMax?: number | undefined;
  readonly neighMax?: number | undefined;
  readonly nodeMapMax?: number | undefined;
  readonly lbMapMax?: number | undefined;
  readonly policyMapMax?: number | undefined;
  /** Flows that each agent keeps, 2^n - 1. */
  readonly hubbleEventBuffer?: number | undefined;
  readonly hubbleEventQueue?: number | undefined;
  /** Requests a second to the API server, and how many at once. */
  readonly agentApiQps?: number | undefined;
  readonly agentApiBurst?: number | undefined;
  readonly operatorApiQps?: number | undefined;
  readonly operatorApiBurst?: number | undefined;
}

/** Where each number goes. Charts that cannot be told it go without: the agent then sizes by itself. */
export const sizeKeys: Readonly<Record<keyof CiliumSizes, string>> = {
  bpfMapRatio: "bpf.mapDynamicSizeRatio",
  ctTcpMax: "bpf.ctTcpMax",
  ctAnyMax: "bpf.ctAnyMax",
  natMax: "bpf.natMax",
  neighMax: "bpf.neighMax",
  nodeMapMax: "bpf.nodeMapMax",
  lbMapMax: "bpf.lbMapMax",
  policyMapMax: "bpf.policyMapMax",
  hubbleEventBuffer: "hubble.eventBufferCapacity",
  hubbleEventQueue: "hubble.eventQueueSize",
  agentApiQps: "k8sClientRateLimit.qps",
  agentApiBurst: "k8sClientRateLimit.burst",
  operatorApiQps: "k8sClientRateLimit.operator.qps",
  operatorApiBurst: "k8sClientRateLimit.operator.burst",
};

/** The numbers in terms of the chart, always in the same order. */
export function sizeWishes(sizes: CiliumSizes): Wish[] {
  return (Object.keys(sizeKeys) as (keyof CiliumSizes)[]).flatMap((name) => {
    const value = sizes[name];
    return value === undefined ? [] : [{ option: name, forms: [nested(sizeKeys[name], value)] }];
  });
}
