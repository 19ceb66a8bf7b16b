/** A version 1.x.y of the Cilium chart. */
export interface ChartVersion {
  readonly minor: number;
  readonly patch: number;
}

/** Reads a chart's version, such as 1.15.19; undefined for anything but 1.x.y. */
export function parseChartVersion(text: string): ChartVersion | undefined {
  const [, minor, patch] = /^v?1\.(\d+)\.(\d+)/.exec(text) ?? [];
  return minor === undefined || patch === undefined
    ? undefined
    : { minor: Number(minor), patch: Number(patch) };
}

/** Negative where `a` is older than `b`, 0 where they are the same. */
export const compareVersions = (a: ChartVersion, b: ChartVersion): number =>
  a.minor - b.minor || a.patch - b.patch;
