import type { Size } from "./size.ts";

/** What the number of operators depends on. */
interface OperatorInput {
  readonly production: boolean;
  readonly nodes: number;
  readonly wanted?: number | undefined;
}

/** Replicas of cilium-operator: two where one may fail, never more than nodes. */
export function operatorReplicas({ production, nodes, wanted }: OperatorInput): Size {
  const source = "cilium chart: operator.affinity (podAntiAffinity by hostname)";
  const unit = "replicas";
  const asked = wanted ?? (production ? 2 : 1);
  const value = Math.min(asked, nodes);
  if (value < asked) {
    return {
      value,
      unit,
      because: `${asked} asked for, but each needs a node of its own and there is ${nodes}`,
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
