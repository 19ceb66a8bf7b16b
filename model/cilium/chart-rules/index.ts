import type { Problem } from "../../problem.ts";
import { compareVersions, parseChartVersion } from "../chart-version.ts";
import type { ChartValues } from "./chart-values.ts";
import { clusterMeshRules } from "./cluster-mesh.ts";
import { datapathRules } from "./datapath.ts";
import { hubbleRules } from "./hubble.ts";
import { northSouthRules } from "./north-south.ts";
import { operationsRules } from "./operations.ts";
import type { ChartRule } from "./rule.ts";

/** Combinations that charts refuse. @see the charts' templates/validate.yaml and cilium-configmap.yaml */
export const rules: readonly ChartRule[] = [
  ...hubbleRules,
  ...northSouthRules,
  ...clusterMeshRules,
  ...datapathRules,
  ...operationsRules,
];

/** What the chart would refuse in values that are given to it. */
export function chartRuleProblems(values: ChartValues): Problem[] {
  const applies = ({ since, until }: ChartRule): boolean =>
    !isBefore(values, since) && (until === undefined || isBefore(values, until));
  return rules.filter(applies).flatMap(({ check }) => check(values) ?? []);
}

function isBefore({ version }: ChartValues, text: string | undefined): boolean {
  const other = text === undefined ? undefined : parseChartVersion(text);
  return other !== undefined && compareVersions(version, other) < 0;
}

export { ChartValues } from "./chart-values.ts";
