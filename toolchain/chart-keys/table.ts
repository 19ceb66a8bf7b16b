import { compareVersions } from "../versions.ts";
import type { ChartFacts, KeyFact } from "./read-chart.ts";

/**
 * Prints what the charts say as the table of `model/cilium/chart-keys-table.ts`: a key a line, indented
 * below its parent, with what it was at first and each version that changed it.
 */
export function printTable(charts: readonly ChartFacts[]): string {
  const sorted = [...charts].sort((a, b) => compareVersions(a.version, b.version));
  const paths = new Set(sorted.flatMap(({ keys }) => [...keys.keys()]));
  return treeOrder([...paths])
    .map((path) => {
      const names = path.split(".");
      return `${" ".repeat(names.length - 1)}${names.at(-1) ?? ""} ${timeline(path, sorted)}`;
    })
    .join("\n");
}

/** Parents before their children, siblings by name. */
function treeOrder(paths: readonly string[]): string[] {
  const byNames = (a: string, b: string): number => {
    const [x, y] = [a.split("."), b.split(".")];
    const i = x.findIndex((name, j) => name !== y[j]);
    const [p, q] = [x[i], y[i]];
    if (i === -1 || q === undefined) return x.length - y.length;
    return p === undefined ? -1 : p < q ? -1 : 1;
  };
  return [...paths].sort(byNames);
}

/** `bool=false @17.2 -`: what the key was in the first version, and where that changed. */
function timeline(path: string, charts: readonly ChartFacts[]): string {
  const types = firstTyped(path, charts);
  const parent = path.includes(".") ? path.slice(0, path.lastIndexOf(".")) : undefined;
  const changes: string[] = [];
  let last: string | undefined;
  for (const { version, typed, keys } of charts) {
    // Where the parent is missing, so is the key: that needs no saying.
    if (parent !== undefined && !keys.has(parent)) continue;
    const fact = keys.get(path);
    const own = typed && fact?.types !== undefined;
    const spec = fact === undefined ? "-" : printFact(fact, own ? fact.types : adopted(fact, types));
    if (spec === last) continue;
    changes.push(changes.length === 0 ? spec : `@${shortVersion(version)} ${spec}`);
    last = spec;
  }
  return changes.join(" ");
}

/** The types that the first chart with a schema gives; older ones take them over. */
function firstTyped(path: string, charts: readonly ChartFacts[]): KeyFact["types"] {
  return charts.find(({ typed, keys }) => typed && keys.get(path)?.types)?.keys.get(path)?.types;
}

/** What a chart that does not tell takes: the later types, unless its own default is none of them. */
function adopted({ types: own }: KeyFact, later: KeyFact["types"]): KeyFact["types"] {
  if (own === undefined || later === undefined) return later ?? own;
  const wider: Record<string, string> = { int: "num", list: "strs" };
  return own.every((type) => later.includes(type) || later.includes(wider[type] ?? "")) ? later : own;
}

function printFact({ default: value }: KeyFact, types: KeyFact["types"]): string {
  const printed = (types ?? ["any"]).join("|");
  if (value === undefined) return printed;
  return `${printed}=${JSON.stringify(value).replaceAll(" ", String.raw`\u0020`)}`;
}

/** 1.17.2 is 17.2, 1.17.0 is 17. */
const shortVersion = (version: string): string => version.replace(/^1\./, "").replace(/\.0$/, "");
