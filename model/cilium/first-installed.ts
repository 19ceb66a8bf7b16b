import { parseChartVersion } from "./chart-version.ts";
import type { Values } from "./merge-values.ts";

/** What tells which version a cluster began with. */
export interface Beginnings {
  /** Chart version in the stack's record; undefined where there is none. */
  readonly recorded?: string | undefined;
  /** The release that is installed, if one ever was. */
  readonly installed?:
    { readonly chartVersion?: string | undefined; readonly values?: Values | undefined } | undefined;
  readonly wanted: string;
}

/**
 * The chart version that the cluster's Cilium was first installed with. The stack's record says it. Where
 * it does not, the release's own `upgradeCompatibility` does; and a release without one runs with the
 * defaults of the chart that it has now, so these are the ones to stay with.
 */
export function firstInstalled({ recorded, installed, wanted }: Beginnings): string {
  if (!installed) return wanted;
  const pinned = installed.values?.upgradeCompatibility;
  const candidates = [
    recorded,
    typeof pinned === "string" ? `${pinned.split(".").slice(0, 2).join(".")}.0` : undefined,
    installed.chartVersion,
  ];
  return candidates.find((version) => version !== undefined && parseChartVersion(version)) ?? wanted;
}

/**
 * The chart value `upgradeCompatibility`: the minor that the cluster began with, by which newer charts keep
 * the defaults of then. Undefined where it says nothing, because the wanted chart is of that minor or older.
 */
export function upgradeCompatibility(first: string, wanted: string): string | undefined {
  const [began, goesTo] = [parseChartVersion(first), parseChartVersion(wanted)];
  return began && goesTo && began.minor < goesTo.minor ? `1.${began.minor}` : undefined;
}
