import type { Problem } from "../problem.ts";
import { type ChartVersion, parseChartVersion } from "./chart-version.ts";

/** Oldest and newest minor version of the chart that the values are known for. */
const supportedMinors = { from: 14, to: 20 };

/** Whether the keys of a chart are known here. */
export function isKnownChart({ minor }: ChartVersion): boolean {
  return minor >= supportedMinors.from && minor <= supportedMinors.to;
}

/** Whether the values can be written for a chart; what its agents need of the cluster, the gate says. */
export function chartVersionProblems(version: string): Problem[] {
  const chart = parseChartVersion(version);
  if (chart && isKnownChart(chart)) return [];
  return [
    {
      path: "cilium.version",
      message: `Chart ${version} is not known here`,
      remedy: `use 1.${supportedMinors.from}.0 to 1.${supportedMinors.to}.x`,
    },
  ];
}
