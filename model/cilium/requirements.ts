import type { Problem } from "../problem.ts";
import type { ChartVersion } from "./chart-version.ts";

/** Oldest and newest minor version of the chart that the values are known for. */
const supportedMinors = { from: 14, to: 20 };

/** Whether the keys of a chart are known here. */
export function isKnownChart({ minor }: ChartVersion): boolean {
  return minor >= supportedMinors.from && minor <= supportedMinors.to;
}

interface Requirement {
  readonly what: string;
  readonly kernel: readonly [number, number];
  /** Chart minors 1.x that it applies to. */
  readonly since: number;
}

/** Kernels that the baseline needs; Cilium documents them under "System Requirements". */
const requirements: readonly Requirement[] = [
  { what: "the base kernel of this chart", kernel: [5, 10], since: 18 },
  { what: "the base kernel of this chart", kernel: [4, 19], since: 14 },
  { what: "bpf.tproxy", kernel: [5, 7], since: 14 },
];

/** Whether chart and kernel fit the baseline values. */
export function requirementProblems(version: string, kernel: string | undefined): Problem[] {
  const minor = Number(version.split(".")[1]);
  if (minor < supportedMinors.from || minor > supportedMinors.to) {
    return [
      {
        path: "cilium.version",
        message: `Chart ${version} is not known here`,
        remedy: `use 1.${supportedMinors.from}.0 to 1.${supportedMinors.to}.x`,
      },
    ];
  }
  if (kernel === undefined) return [];
  const [major = 0, patch = 0] = kernel.split(".").map(Number);
  const unmet = requirements.filter(
    (r) => minor >= r.since && (major < r.kernel[0] || (major === r.kernel[0] && patch < r.kernel[1])),
  );
  const first = [...unmet].sort((a, b) => b.kernel[0] - a.kernel[0] || b.kernel[1] - a.kernel[1])[0];
  if (!first) return [];
  return [
    {
      path: "cluster.node.kernel",
      message: `Kernel ${kernel} is older than ${first.kernel.join(".")}, which ${first.what} needs (chart ${version})`,
      remedy: "upgrade the nodes' kernel, or use an older chart",
    },
  ];
}
