import { nearest } from "../did-you-mean.ts";
import type { Problem } from "../problem.ts";
import { type ChartKey, chartKey, chartKeyNames, chartKeysNamed, spansOf } from "./chart-keys.ts";
import { type ChartVersion, parseChartVersion } from "./chart-version.ts";
import { nextWith, spanWords } from "./key-spans.ts";
import { shown, typeProblem } from "./key-types.ts";
import { isPlainObject, mergeValues, type Values } from "./merge-values.ts";
import { formerName, hasMoved, movedValue, whereItWent } from "./moved-keys.ts";

/** Keys that articles print and no chart has; Helm takes them without a word. */
const imaginary: Readonly<Record<string, string>> = {
  "bpf.conntrack":
    "eBPF connection tracking is always on; its size is bpf.ctTcpMax and bpf.ctAnyMax, its accounting bpf.ctAccounting (from 1.17), its clean-up conntrackGCInterval",
};

interface Checked {
  /** What to hand to the chart: keys in order, moved ones in their new place. */
  readonly values: Values;
  readonly problems: readonly Problem[];
  /** Keys that were translated: what to write in the long run. */
  readonly translated: readonly Problem[];
}

/**
 * Checks chart values that somebody wrote by hand against the keys of a version. A key that this version
 * has dropped is translated where that is safe; keys it has not, and values of another type, are refused.
 * @param version - of the chart, such as 1.16.4
 */
export function checkUserValues(values: Values, version: string): Checked {
  const chart = parseChartVersion(version);
  if (!chart || Object.keys(values).length === 0) return { values, problems: [], translated: [] };
  const replacesKubeProxy = isOn(values.kubeProxyReplacement ?? true);
  const problems: Problem[] = [];
  const translated: Problem[] = [];
  let moved: Values = {};

  const checkAll = (all: Values, parent: readonly string[]): Values => {
    const kept: Values = {};
    for (const name of Object.keys(all).sort()) {
      const value = checkOne(all[name], [...parent, name]);
      // An object of which nothing is left says nothing.
      const emptied = isPlainObject(value) && isEmpty(value) && !isEmpty(all[name]);
      if (value !== undefined && !emptied) kept[name] = value;
    }
    return kept;
  };
  const checkOne = (value: unknown, path: readonly string[]): unknown => {
    const key = chartKey(path, chart);
    if (!key) {
      moveOrRefuse(value, path);
      return undefined;
    }
    if (isPlainObject(value) && key.types.includes("obj")) return checkAll(value, path);
    const problem = typeProblem(path, value, key, chart);
    if (problem) problems.push(withNames(problem, path, key, chart));
    return path.join(".") === "kubeProxyReplacement" ? wordOfOld(value, chart) : value;
  };
  /** Nothing is kept of a key that is not there; what it says may go elsewhere. */
  const moveOrRefuse = (value: unknown, path: readonly string[]): void => {
    const key = path.join(".");
    const instead = movedValue(key, value, replacesKubeProxy);
    if (instead) {
      moved = mergeValues(moved, instead);
      translated.push(translation(key, instead, version));
    } else if (isPlainObject(value) && !isEmpty(value) && hasMoved(key)) checkAll(value, path);
    else if (value !== null || spansOf(path).length === 0)
      problems.push(absentProblem(path, value, chart, version));
  };

  const kept = checkAll(values, []);
  return { values: mergeValues(moved, kept), problems, translated };
}

function translation(key: string, instead: Values, version: string): Problem {
  const given = isEmpty(instead) ? "nothing" : JSON.stringify(instead);
  return {
    path: `cilium.values.${key}`,
    message: `Chart ${version} has no ${key} any more and is given ${given} instead`,
    remedy: isEmpty(instead) ? "leave it out" : whereItWent(key),
  };
}

function absentProblem(
  path: readonly string[],
  value: unknown,
  chart: ChartVersion,
  version: string,
): Problem {
  const key = path.join(".");
  const where = `cilium.values.${key}`;
  const unreal = imaginary[key];
  if (unreal !== undefined) {
    const message = `No version of the chart has ${key} (given: ${shown(path, value)})`;
    return { path: where, message, remedy: unreal };
  }
  const spans = spansOf(path);
  if (spans.length === 0) {
    return { path: where, message: `No version of the chart has ${key}`, remedy: suggestion(path, chart) };
  }
  const next = nextWith(spans, chart);
  const former = formerName(key);
  const here = former !== undefined && chartKey(former.split("."), chart) ? `write ${former} here, or ` : "";
  return {
    path: where,
    message: `${key} exists ${spanWords(spans)}, and this is ${version}`,
    remedy: next === undefined ? whereItWent(key) : `${here}use chart ${next} or newer, or leave it out`,
  };
}

/** The key that was probably meant: one of its name elsewhere, or a similar one beside it. */
function suggestion(path: readonly string[], chart: ChartVersion): string {
  const [name = "", parent] = [path.at(-1), path.slice(0, -1)];
  const elsewhere = chartKeysNamed(name, chart).map((found) => found.path.join("."));
  if (elsewhere.length > 0 && elsewhere.length <= 3) return `did you mean ${elsewhere.join(" or ")}?`;
  const beside = chartKeyNames(parent, chart);
  const near = nearest(name, beside);
  if (near !== undefined) return `did you mean ${[...parent, near].join(".")}?`;
  return parent.length > 0 && beside.length <= 12
    ? `use one of ${beside.sort().join(", ")}, or leave it out`
    : "leave it out, or look it up in the chart's values.yaml";
}

/** Where an object is wanted, its keys are what helps. */
function withNames(
  problem: Problem,
  path: readonly string[],
  { types }: ChartKey,
  chart: ChartVersion,
): Problem {
  if (!types.includes("obj")) return problem;
  const names = chartKeyNames(path, chart);
  return {
    ...problem,
    remedy: `write an object with ${names.slice(0, 8).join(", ")}${names.length > 8 ? ", …" : ""}`,
  };
}

/** The words that charts up to 1.15 had for true and false; `partial` has no successor. */
function wordOfOld(value: unknown, { minor }: ChartVersion): unknown {
  if (minor < 16) return value;
  return value === "strict" ? true : value === "disabled" ? false : value;
}

const isEmpty = (value: unknown): boolean => isPlainObject(value) && Object.keys(value).length === 0;

const isOn = (value: unknown): boolean => value === true || value === "true" || value === "strict";
