import type { Size } from "./size.ts";

/** Live nodes, and how many of them take an operator. */
export interface OperatorNodes {
  readonly live: number;
  readonly taking: number;
}

/** What the number of operators depends on. */
interface OperatorInput {
  readonly production: boolean;
  /** Nodes as they are declared. */
  readonly nodes: number;
  /** Those that are there, where there are any: they count. */
  readonly operatorNodes?: OperatorNodes | undefined;
  readonly wanted?: number | undefined;
}

/** Replicas of cilium-operator: two where one may fail, never more than nodes. */
export function operatorReplicas({ production, nodes, operatorNodes, wanted }: OperatorInput): Size {
  const source = "cilium chart: operator.affinity (podAntiAffinity by hostname)";
  const unit = "replicas";
  const asked = wanted ?? (production ? 2 : 1);
  // None at all is no size: the release then says what keeps its operator waiting.
  const value = Math.min(asked, operatorNodes ? Math.max(1, operatorNodes.taking) : nodes);
  if (value < asked) {
    return {
      value,
      unit,
      because: `${asked} asked for, but each needs a node of its own and ${operatorNodes ? `of ${operatorNodes.live} live ones ${operatorNodes.taking} take it` : `there is ${nodes}`}`,
      source,
    };
  }
  if (wanted !== undefined)
    return { value, unit, because: "set by cilium.operatorReplicas", source: "settings" };
  return {
    value,
    unit,
    because: production ? "production: one may fail" : "not production: one is enough",
    source,
  };
}
