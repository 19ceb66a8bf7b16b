import type { Problem } from "../../problem.ts";
import type { ChartVersion } from "../chart-version.ts";
import { versionOf } from "../../version.ts";

/**
 * For each minor of Cilium, the oldest version 1.x of Kubernetes that its chart installs on, and those it is
 * tested with to the end of its life.
 * @see kubeVersion in Chart.yaml, and Documentation/network/kubernetes/compatibility.rst, of 1.14.19, 1.15.19,
 * 1.16.19, 1.18.5, 1.19.1 and 1.20.2. 1.17's lie between its neighbours'
 */
export const kubernetesFor: readonly {
  readonly chart: number;
  readonly oldest: number;
  readonly tested: readonly [from: number, to: number];
}[] = [
  { chart: 14, oldest: 16, tested: [19, 27] },
  { chart: 15, oldest: 16, tested: [26, 29] },
  { chart: 16, oldest: 21, tested: [27, 30] },
  { chart: 17, oldest: 21, tested: [29, 32] },
  { chart: 18, oldest: 21, tested: [30, 33] },
  { chart: 19, oldest: 21, tested: [31, 34] },
  { chart: 20, oldest: 21, tested: [33, 36] },
];

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
  const nothing = { problems: [], warnings: [] };
  const known = kubernetesFor.find((row) => row.chart === chart.minor);
  const [major, minor] = versionOf(kubernetes);
  if (known === undefined || major !== 1 || minor === undefined) return nothing;
  const said = kubernetes.replace(/^v/, "");
  const { oldest, tested } = known;
  const lower = kubernetesFor.filter((row) => row.oldest <= minor).at(-1);
  if (minor < oldest) {
    return {
      ...nothing,
      problems: [
        {
          path,
          message: `Helm refuses chart 1.${chart.minor} on Kubernetes ${said}: it is for 1.${oldest} and newer`,
          remedy: `upgrade Kubernetes${lower ? `, or use chart 1.${lower.chart}` : ""}`,
        },
      ],
    };
  }
  const [from, to] = tested;
  if (minor >= from && minor <= to) return nothing;
  const fitting = kubernetesFor
    .filter((row) => minor >= row.tested[0] && minor <= row.tested[1])
    .map((row) => `1.${row.chart}`);
  return {
    ...nothing,
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
