import { type ChartVersion, compareVersions } from "./chart-version.ts";
import type { Span } from "./chart-keys.ts";

/** When a key is there, in words: "from chart 1.17.2 on", "up to chart 1.15.x". */
export function spanWords(spans: readonly Span[]): string {
  return spans
    .map(({ from, until }) => {
      if (until === undefined) return `from chart ${name(from)} on`;
      if (from.minor === 14 && from.patch === 0) return `up to chart ${lastBefore(until)}`;
      return `in charts ${name(from)} to ${lastBefore(until)}`;
    })
    .join(" and ");
}

/** The next version that has the key again, or for the first time. */
export function nextWith(spans: readonly Span[], version: ChartVersion): string | undefined {
  const next = spans.find(({ from }) => compareVersions(from, version) > 0);
  return next && name(next.from);
}

/** 1.17.2, but 1.17 for 1.17.0. */
const name = ({ minor, patch }: ChartVersion): string => `1.${minor}${patch === 0 ? "" : `.${patch}`}`;

const lastBefore = ({ minor, patch }: ChartVersion): string =>
  patch === 0 ? `1.${minor - 1}.x` : `1.${minor}.${patch - 1}`;
