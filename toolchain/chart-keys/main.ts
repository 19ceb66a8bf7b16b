/**
 * Writes the table of the chart's keys from the charts themselves: `npm run chart-keys -- <folder>`.
 * The folder holds charts of Cilium, unpacked or as .tgz, in any number of versions; all of them, down to
 * the patch, give the table as it is committed.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compareVersions } from "../versions.ts";
import { type ChartFacts, readChart } from "./read-chart.ts";
import { printTable } from "./table.ts";

const target = "model/cilium/chart-keys-table.ts";

function main(folder: string | undefined): void {
  if (folder === undefined) throw new Error("Say where the charts are: npm run chart-keys -- <folder>");
  const charts = readdirSync(folder).flatMap((name) => chartIn(join(folder, name)));
  if (charts.length === 0) throw new Error(`No charts in ${folder}: a folder or .tgz for each version`);
  const bare = charts.filter(({ templates }) => !templates).map(({ version }) => version);
  if (bare.length > 0) {
    console.error(
      `Without templates, so keys that values.yaml only comments are missing: ${bare.join(", ")}`,
    );
  }
  writeFileSync(target, source(charts));
  console.log(`${target}: ${charts.length} versions`);
}

function chartIn(path: string): ChartFacts[] {
  if (existsSync(join(path, "values.yaml"))) return [readChart(path)];
  if (!path.endsWith(".tgz")) return [];
  const unpacked = mkdtempSync(join(tmpdir(), "chart-keys-"));
  try {
    execFileSync("tar", ["xzf", path, "--strip-components=1", "-C", unpacked]);
    return [readChart(unpacked)];
  } finally {
    rmSync(unpacked, { recursive: true });
  }
}

function source(charts: readonly ChartFacts[]): string {
  return (
    "// Written by `npm run chart-keys`; what the lines mean stands in chart-keys.ts.\n" +
    `/** The charts that it was made from. */\nexport const chartsRead =\n  "${versions(charts)}";\n\n` +
    `export const chartKeysTable = String.raw\`\n${printTable(charts)}\n\`;\n`
  );
}

const versions = (charts: readonly ChartFacts[]): string =>
  charts
    .map(({ version }) => version)
    .sort(compareVersions)
    .join(" ");

try {
  main(process.argv[2]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
