import type { Problem } from "../../problem.ts";
import type { ChartValues } from "./chart-values.ts";

/** A combination that a chart refuses, or that it renders into something that cannot work. */
export interface ChartRule {
  /** The chart that has it first, such as 1.16.4. Default: 1.14.0. */
  readonly since?: string;
  /** The first chart without it. */
  readonly until?: string;
  readonly check: (values: ChartValues) => Problem | undefined;
}

/** `a` is on, and that needs `b`. */
export function needs(
  a: string,
  b: string,
  also: (values: ChartValues) => boolean = () => true,
): ChartRule["check"] {
  return (values) => {
    if (!values.is(a) || values.is(b) || !also(values)) return undefined;
    const needed = values.path(b);
    return {
      path: values.path(a),
      message: `${values.text(a)} needs ${needed}`,
      remedy: `turn ${needed} on, or this off`,
    };
  };
}
