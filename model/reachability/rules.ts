import type { PortMatch } from "./ports.ts";
import type { Selector } from "./selector.ts";
import type { Dialect, Labels } from "./world.ts";

export type PolicyKind =
  "NetworkPolicy" | "CiliumNetworkPolicy" | "CiliumClusterwideNetworkPolicy" | "ClusterNetworkPolicy";

/** A policy of any dialect, in one form for all. */
export interface ReadPolicy {
  readonly kind: PolicyKind;
  /** Absent for cluster-wide kinds. */
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly labels: Labels;
  /** `specs` of a Cilium policy are several, else there is one. */
  readonly parts: readonly PolicyPart[];
}

/** When a policy has its say: the first tier that decides is the last that is asked. */
export type Tier = "admin" | "policy" | "baseline";

export interface PolicyPart {
  readonly tier: Tier;
  /** Within the tiers of administrators: the lowest comes first. */
  readonly priority: number;
  /** The pods that it holds for; undefined where it is for nodes. */
  readonly subject: PodSelection | undefined;
  readonly ingress: DirectionRules;
  readonly egress: DirectionRules;
}

export type Direction = "ingress" | "egress";

export interface DirectionRules {
  /** What no rule allows is denied. */
  readonly isolates: boolean;
  readonly rules: readonly Rule[];
  /** A NetworkPolicy's policyTypes leave the direction out, though it has rules for it. */
  readonly leftOut?: boolean | undefined;
}

/** What of it holds in a dialect: Cilium goes by the rules, whatever policyTypes say. */
export function inForce(given: DirectionRules, dialect: Dialect): DirectionRules {
  if (!given.leftOut) return given;
  return dialect === "cilium" ? { isolates: true, rules: given.rules } : { isolates: false, rules: [] };
}

export interface Rule {
  /** `spec.ingress[0]`. */
  readonly path: string;
  readonly action: "allow" | "deny" | "pass";
  /** Undefined: everybody. */
  readonly peers: readonly PeerMatch[] | undefined;
  /** Undefined: every port. */
  readonly ports: readonly PortMatch[] | undefined;
  /** It lets only some of the requests pass, such as GET /v1: of these, a line each. */
  readonly requests?: readonly string[] | undefined;
  /** It sends DNS through Cilium's proxy, which so learns the addresses of names. */
  readonly seesDns?: boolean | undefined;
  /** What of it was not understood: it may allow less than it seems to, or nothing. */
  readonly doubt?: string | undefined;
}

/** Pods by their labels and those of their namespace. */
export interface PodSelection {
  /** The one namespace that it looks at; undefined for all. */
  readonly namespace?: string | undefined;
  readonly namespaces: Selector;
  readonly pods: Selector;
}

export type PeerMatch =
  | ({ readonly kind: "pods" } & PodSelection)
  | {
      readonly kind: "cidr";
      readonly cidr: string;
      readonly except: readonly string[];
      /** Cilium's own CIDR rules never match pods and nodes, whatever the dialect. */
      readonly external: boolean;
    }
  | { readonly kind: "entity"; readonly entity: CiliumEntity }
  | { readonly kind: "fqdn"; readonly pattern: string };

export type CiliumEntity =
  | "all"
  | "world"
  | "world-ipv4"
  | "world-ipv6"
  | "cluster"
  | "host"
  | "remote-node"
  | "kube-apiserver"
  | "ingress"
  | "health"
  | "init"
  | "unmanaged"
  | "none";

/** A policy by kind and name, for messages: `NetworkPolicy shop/allow-dns`. */
export const policyTitle = ({ kind, namespace, name }: ReadPolicy): string =>
  `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
