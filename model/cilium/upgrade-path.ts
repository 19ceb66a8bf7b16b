import type { Problem } from "../problem.ts";
import { type ChartVersion, compareVersions, parseChartVersion } from "./chart-version.ts";

/** Which way a change of version goes; `same` also where only values change. */
export type Direction = "up" | "down" | "same";

/** The way between two versions; same where either cannot be read. */
export function directionOf(from: string, to: string): Direction {
  const [a, b] = [parseChartVersion(from), parseChartVersion(to)];
  const order = a && b ? compareVersions(b, a) : 0;
  return order === 0 ? "same" : order > 0 ? "up" : "down";
}

/**
 * Why one cannot get from the installed version to the wanted one in a single step. Upstream tests
 * upgrades and rollbacks between consecutive minor versions only ("Upgrade Guide", docs.cilium.io);
 * patch releases of one minor go both ways.
 */
export function pathProblems(from: string, to: string): Problem[] {
  const [installed, wanted] = [parseChartVersion(from), parseChartVersion(to)];
  if (!installed || !wanted) return [unreadable(installed ? to : from)];
  const steps = wanted.minor - installed.minor;
  if (Math.abs(steps) <= 1) return [];
  return [steps > 0 ? skips(from, to, installed, wanted) : fallsBack(from, to, installed)];
}

const unreadable = (version: string): Problem => ({
  path: "cilium.version",
  message: `Cannot tell how to get from or to chart version ${version}: it is no version 1.x.y`,
  remedy: "upgrade by hand as Cilium's upgrade guide says, and describe the result here afterwards",
});

function skips(from: string, to: string, installed: ChartVersion, wanted: ChartVersion): Problem {
  const skipped = minors(installed.minor + 1, wanted.minor - 1);
  return {
    path: "cilium.version",
    message: `Cilium ${from} is installed, and ${to} skips ${skipped.join(", ")}: only upgrades to the next minor version are tested upstream`,
    remedy: `set the newest ${next(installed, 1)} first, deploy, and go on from there${
      skipped.length > 1 ? ` by ${skipped.slice(1).join(", ")}` : ""
    } to ${to}`,
  };
}

function fallsBack(from: string, to: string, installed: ChartVersion): Problem {
  return {
    path: "cilium.version",
    message: `Cilium ${from} is installed, and ${to} is more than one minor version back: its agents may not read the state that the newer ones left on the nodes`,
    remedy: `set the newest ${next(installed, -1)} first and deploy, or stay at ${from}`,
  };
}

const next = ({ minor }: ChartVersion, step: 1 | -1): string => `1.${minor + step}.x`;

const minors = (first: number, last: number): string[] =>
  Array.from({ length: last - first + 1 }, (_, i) => `1.${first + i}`);
