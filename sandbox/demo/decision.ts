import type { V1NetworkPolicy } from "@kubernetes/client-node";
import type { Flow } from "../data-plane/index.ts";
import type { Attempt, Connection } from "./connections.ts";

/** A side of a connection, by which policies are divided. */
export type Side = "egress" | "ingress";

/** Who decided about a connection, as Cilium told Hubble. */
export interface Decision {
  /** Policies that let it out of its source, as "namespace/name". */
  readonly egress: readonly string[];
  /** Policies that let it into its target. */
  readonly ingress: readonly string[];
  /** The side on which a policy denied it. */
  readonly deniedOn?: Side;
}

/** An attempt with the decision behind it. */
export interface Decided extends Attempt {
  readonly decision: Decision;
}

/** Where the ends of a connection are at the moment. */
export interface Ends {
  /** The pod that connects, as "namespace/name". */
  readonly pod: string;
  /** Address that it connects to; of DNS, what answers behind the Service tells. */
  readonly address: string;
}

/** Finds in Hubble's flows what was decided about a connection. */
export function decisionOf({ to }: Connection, { pod, address }: Ends, flows: readonly Flow[]): Decision {
  const own = flows.filter(
    (flow) =>
      !flow.isReply &&
      `${flow.from.namespace ?? ""}/${flow.from.pod ?? ""}` === pod &&
      flow.to.port === to.port &&
      to.protocols.some((protocol) => protocol === flow.protocol) &&
      (to.kind === "dns" ? flow.to.namespace === "kube-system" : flow.to.address === address),
  );
  const allowed = (direction: string): string[] => {
    const passed = own.filter((flow) => flow.direction === direction && flow.verdict === "FORWARDED");
    return [...new Set(passed.flatMap(({ allowedBy }) => allowedBy))].sort();
  };
  const denied = own.find(({ dropReason }) => dropReason === "POLICY_DENIED")?.direction;
  return {
    egress: allowed("EGRESS"),
    ingress: allowed("INGRESS"),
    ...(denied !== undefined && { deniedOn: denied === "EGRESS" ? "egress" : "ingress" }),
  };
}

/** Whether a decision explains how the attempt ended: Hubble tells of a packet a moment after it passed. */
export function isExplained({ isOpen, isIsolated, decision }: Decided): boolean {
  if (!isOpen) return decision.deniedOn !== undefined;
  return (["egress", "ingress"] as const).every((side) => !isIsolated[side] || decision[side].length > 0);
}

/** The policies that isolate every pod of a namespace on a side and allow nothing there, as "namespace/name". */
export function defaultDenies(policies: readonly V1NetworkPolicy[], namespace: string, side: Side): string[] {
  const type = side === "egress" ? "Egress" : "Ingress";
  return policies
    .filter(({ metadata, spec }) => {
      const { matchLabels, matchExpressions } = spec?.podSelector ?? {};
      const selectsAll = Object.keys(matchLabels ?? {}).length === 0 && (matchExpressions ?? []).length === 0;
      const allowsNothing = (spec?.[side] ?? []).length === 0;
      return (
        metadata?.namespace === namespace && selectsAll && allowsNothing && spec?.policyTypes?.includes(type)
      );
    })
    .map(({ metadata }) => `${namespace}/${metadata?.name ?? ""}`);
}
