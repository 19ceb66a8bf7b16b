import type { ReadPolicy } from "./rules.ts";

export type Labels = Readonly<Record<string, string>>;
export type Protocol = "TCP" | "UDP" | "SCTP";

/** A container's port. */
export interface NamedPort {
  readonly name?: string | undefined;
  readonly port: number;
  readonly protocol: Protocol;
}

/** Pods that no policy can tell apart: those of a workload, or of a template. */
export interface PodGroup {
  /** For messages: `shop/api-gateway`. */
  readonly name: string;
  readonly namespace: string;
  readonly labels: Labels;
  /** Default: `default`. */
  readonly serviceAccount?: string | undefined;
  readonly ports: readonly NamedPort[];
  /** Addresses of its pods, where they are known. */
  readonly addresses?: readonly string[] | undefined;
  /** Its pods are on the node's network, where no policy selects them. */
  readonly hostNetwork?: boolean | undefined;
}

/**
 * How the datapath reads policies. In Cilium's reading an `ipBlock` matches neither pods nor nodes, SCTP passes
 * only where it is turned on, and a pod does not always reach its own node.
 */
export type Dialect = "kubernetes" | "cilium";

/** What is known of the cluster's addresses. */
export interface WorldNetwork {
  readonly podCidrs?: readonly string[] | undefined;
  readonly serviceCidrs?: readonly string[] | undefined;
  readonly nodeAddresses?: readonly string[] | undefined;
  /** Addresses at which the API server answers, behind its Service. */
  readonly apiServerAddresses?: readonly string[] | undefined;
}

/** All that decides who may connect to whom. */
export interface World {
  readonly namespaces: readonly { readonly name: string; readonly labels: Labels }[];
  readonly pods: readonly PodGroup[];
  readonly policies: readonly ReadPolicy[];
  readonly dialect: Dialect;
  readonly network?: WorldNetwork | undefined;
  /** Cilium's `sctp.enabled`. Default: false in Cilium's dialect. */
  readonly sctp?: boolean | undefined;
  /** Cilium's `policyCIDRMatchMode: [nodes]`. Default: false in Cilium's dialect. */
  readonly cidrsMatchNodes?: boolean | undefined;
}
