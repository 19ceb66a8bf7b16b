import { atPath } from "../../tree.ts";
import { chartKey } from "../chart-keys.ts";
import { parseChartVersion } from "../chart-version.ts";
import type { Values } from "../merge-values.ts";

/** A release's values as chart and agent understand them, for what the datapath depends on. */
export interface EffectiveValues {
  /** 16 for a chart 1.16.5. */
  readonly minor: number;
  /** 5 for a chart 1.16.5. */
  readonly patch: number;
  /** The minor whose defaults hold: what upgradeCompatibility names, else the chart's own. */
  readonly compatibility: number;
  /** The value that was given; undefined where none was, or null. */
  readonly given: (path: string) => unknown;
  /** The value that was given, else the chart's default. */
  readonly at: (path: string) => unknown;
  /** {@link at} as a switch. Charts take true and "true" for the same. */
  readonly isOn: (path: string) => boolean;
  /** {@link at} as text; empty where there is nothing. */
  readonly text: (path: string) => string;
}

/** The oldest minor whose chart is known. */
const oldestKnown = 14;

/** Reads a release's values. `version` is the chart's; one that cannot be read counts as the oldest known. */
export function effectiveValues(version: string, values: Values): EffectiveValues {
  const { minor, patch } = parseChartVersion(version) ?? { minor: oldestKnown, patch: 0 };
  const given = (path: string): unknown => atPath(values, path);
  const known = { minor: Math.max(minor, oldestKnown), patch };
  const at = (path: string): unknown => given(path) ?? chartKey(path.split("."), known)?.default;
  return {
    minor,
    patch,
    compatibility: Math.min(minor, minorIn(given("upgradeCompatibility")) ?? minor),
    given,
    at,
    isOn: (path) => isOn(at(path)),
    text: (path) => textOf(at(path)),
  };
}

/** The minor in "1.15" or "1.15.3"; YAML may have made a number of the former. */
function minorIn(value: unknown): number | undefined {
  const [, minor] = /^v?1\.(\d+)/.exec(textOf(value)) ?? [];
  return minor === undefined ? undefined : Number(minor);
}

const isOn = (value: unknown): boolean => value === true || value === "true";

function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.map(textOf).join(" ");
  return typeof value === "string" ? value : JSON.stringify(value);
}
