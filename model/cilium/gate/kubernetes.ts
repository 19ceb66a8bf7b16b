import type { Problem } from "../../problem.ts";
import type { ChartVersion } from "../chart-version.ts";
import { compareVersions, versionOf } from "./kernel.ts";

/**
 * The versions 1.x of Kubernetes that each minor of Cilium is tested with, to the end of its life.
 * @see Documentation/network/kubernetes/compatibility.rst of 1.14.19, 1.15.19, 1.16.19, 1.18.5, 1.19.1 and
 * 1.20.2. 1.17's lies between its neighbours'
 */
const tested: Readonly<Record<number, readonly [number, number]>> = {
  14: [19, 27],
  15: [26, 29],
  16: [27, 30],
  17: [29, 32],
  18: [30, 33],
  19: [31, 34],
  20: [33, 36],
};

/** The oldest that the chart installs on. @see kubeVersion in Chart.yaml of the same versions */
const oldestFor = ({ minor }: ChartVersion): number => (minor < 16 ? 16 : 21);

/**
 * Judges the cluster's Kubernetes under a chart.
 * @param kubernetes - its version, such as v1.34.1
 * @param path - where that comes from
 */
export function judgeKubernetes(
  chart: ChartVersion,
  kubernetes: string,
  path: string,
): { problems: readonly Problem[]; warnings: readonly Problem[] } {
  const [, minor = NaN] = versionOf(kubernetes);
  const oldest = oldestFor(chart);
  const [from, to] = tested[chart.minor] ?? [oldest, Infinity];
  const said = kubernetes.replace(/^v/, "");
  if (compareVersions(versionOf(kubernetes), [1, oldest]) < 0) {
    return {
      problems: [
        {
          path,
          message: `Helm refuses chart 1.${chart.minor} on Kubernetes ${said}: it is for 1.${oldest} and newer`,
          remedy: chart.minor < 16 ? "upgrade Kubernetes" : "upgrade Kubernetes, or use chart 1.15",
        },
      ],
      warnings: [],
    };
  }
  if (minor >= from && minor <= to) return { problems: [], warnings: [] };
  const fitting = Object.entries(tested).flatMap(([cilium, [least, most]]) =>
    minor >= least && minor <= most ? `1.${cilium}` : [],
  );
  return {
    problems: [],
    warnings: [
      {
        path,
        message: `Kubernetes ${said} is ${minor < from ? "older" : "newer"} than what Cilium 1.${chart.minor} is tested with (1.${from} to 1.${to})`,
        remedy:
          fitting.length > 0
            ? `use chart ${fitting.join(" or ")}, which ${fitting.length > 1 ? "are" : "is"}`
            : "try it on a cluster that nobody needs first",
      },
    ],
  };
}
