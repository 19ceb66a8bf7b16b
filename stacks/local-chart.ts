import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Problem } from "../model/problem.ts";
import type { CiliumSettings, Settings } from "../model/settings.ts";

/** Whether the chart that the settings name by path is there, and of the version they say. */
export function localChartProblems(
  datapath: Settings["datapath"],
  { enabled, version, chart: { path } }: Pick<CiliumSettings, "enabled" | "version" | "chart">,
): Problem[] {
  if (!enabled || path === undefined) return [];
  if (path.endsWith(".tgz")) return existsSync(path) ? [] : [missing(datapath, path, "no such file")];
  const file = join(path, "Chart.yaml");
  if (!existsSync(file)) return [missing(datapath, path, "there is no Chart.yaml")];
  const found = (parse(readFileSync(file, "utf8")) as { version?: string } | null)?.version ?? "none";
  if (found === version) return [];
  return [
    {
      path: `${datapath}.version`,
      message: `The chart at ${path} is of version ${found}, not ${version}`,
      remedy: `set ${datapath}.version to ${found}, or point ${datapath}.chart.path at ${version}`,
    },
  ];
}

const missing = (datapath: string, path: string, why: string): Problem => ({
  path: `${datapath}.chart.path`,
  message: `No chart at ${path} (${why})`,
  remedy: "name the chart's folder or .tgz, relative to the program's folder",
});
