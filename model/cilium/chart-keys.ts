import { chartKeysTable } from "./chart-keys-table.ts";
import { type ChartVersion, compareVersions } from "./chart-version.ts";

/**
 * What a key may hold: `bool`, `int`, `num`, `str`, `list`, `strs` (a list of texts), `null`, a quoted
 * choice, `obj` (an object whose keys stand in the table, too), `map` (one with any keys), or `any`.
 */
export type KeyType = string;

/** A key of the chart, in one version. */
export interface ChartKey {
  readonly types: readonly KeyType[];
  /** The chart's default; undefined where it has none, or one that is no short scalar. */
  readonly default?: string | number | boolean | undefined;
}

/** Stands for the tag of an image that is the chart's own version. */
export const ownTag = "v*";

/** Versions that have a key; without `until` those to come have it, too. */
export interface Span {
  readonly from: ChartVersion;
  /** The first version without it. */
  readonly until?: ChartVersion;
}

/**
 * A line of the table with what is indented below it: `distributedLRU - @17.2 obj` is absent at first and
 * an object from 1.17.2 on. Nothing is parsed before it is asked for: a preview asks for a few keys of 1,600.
 */
interface Node {
  readonly changes: readonly { readonly since: ChartVersion; readonly spec: string }[];
  readonly depth: number;
  /** Where its children stand in the table. */
  readonly start: number;
  readonly end: number;
}

const oldest: ChartVersion = { minor: 14, patch: 0 };
const absent = "-";
const root: Node = {
  changes: [{ since: oldest, spec: "obj" }],
  depth: -1,
  start: 0,
  end: chartKeysTable.length,
};

/**
 * The key at a path, as a version of the chart has it, values.yaml and templates taken together.
 * @returns undefined where no template reads it
 */
export function chartKey(path: readonly string[], version: ChartVersion): ChartKey | undefined {
  let here = root;
  let key: ChartKey = { types: ["obj"] };
  for (const name of path) {
    if (holdsAnything(key)) return { types: ["any"] };
    const next = childOf(here, name);
    const spec = next ? specAt(next.changes, version) : absent;
    if (next === undefined || spec === absent) return undefined;
    [here, key] = [next, parseSpec(spec)];
  }
  return key;
}

/** Names of the keys below a path, in one version. */
export function chartKeyNames(path: readonly string[], version: ChartVersion): string[] {
  const nodes = nodesOf(path);
  const node = nodes.at(-1);
  if (node === undefined || nodes.length <= path.length) return [];
  const lines = chartKeysTable.slice(node.start, node.end).matchAll(lineAt(node.depth + 1));
  return [...lines].flatMap(([, name = "", words = ""]) =>
    specAt(parseChanges(words), version) === absent ? [] : [name],
  );
}

/** Paths and defaults of all keys of one name, in one version. */
export function chartKeysNamed(wanted: string, version: ChartVersion): { path: string[]; key: ChartKey }[] {
  const path: string[] = [];
  return [...chartKeysTable.matchAll(/^( *)(\S+) .*$/gm)].flatMap(([, indent = "", name = ""]) => {
    path.length = indent.length;
    path.push(name);
    const key = name === wanted ? chartKey(path, version) : undefined;
    return key ? [{ path: [...path], key }] : [];
  });
}

/** The versions that have a key, the oldest first; none where no version from 1.14 on does. */
export function spansOf(path: readonly string[]): Span[] {
  const nodes = nodesOf(path);
  if (nodes.length <= path.length) return [];
  const moments = nodes.flatMap(({ changes }) => changes.map(({ since }) => since)).sort(compareVersions);
  const spans: Span[] = [];
  let from: ChartVersion | undefined;
  for (const moment of moments) {
    const there = nodes.every(({ changes }) => specAt(changes, moment) !== absent);
    if (there) from ??= moment;
    else if (from) {
      spans.push({ from, until: moment });
      from = undefined;
    }
  }
  return from ? [...spans, { from }] : spans;
}

/** The nodes on the way to a path, the root first, as far as the table goes. */
function nodesOf(path: readonly string[]): Node[] {
  const nodes = [root];
  for (const name of path) {
    const next = childOf(nodes.at(-1) ?? root, name);
    if (next === undefined) break;
    nodes.push(next);
  }
  return nodes;
}

const found = new Map<string, Node | undefined>();

function childOf(parent: Node, name: string): Node | undefined {
  const key = `${parent.start} ${name}`;
  if (!found.has(key)) found.set(key, findChild(parent, name));
  return found.get(key);
}

function findChild(parent: Node, name: string): Node | undefined {
  if (!/^\w+$/.test(name)) return undefined;
  const depth = parent.depth + 1;
  const head = `\n${" ".repeat(depth)}${name} `;
  const at = chartKeysTable.indexOf(head, parent.start);
  if (at === -1 || at >= parent.end) return undefined;
  const start = chartKeysTable.indexOf("\n", at + 1);
  const next = new RegExp(`\n(?! {${depth + 1}})`, "g");
  next.lastIndex = start;
  const end = next.exec(chartKeysTable)?.index ?? chartKeysTable.length;
  return { changes: parseChanges(chartKeysTable.slice(at + head.length, start)), depth, start, end };
}

/** A line of that depth: its name, and what it was when. */
const lineAt = (depth: number): RegExp => new RegExp(`^ {${depth}}(\\S+) (.*)$`, "gm");

const holdsAnything = ({ types }: ChartKey): boolean => types.includes("map") || types.includes("any");

function specAt(changes: Node["changes"], version: ChartVersion): string {
  return changes.findLast(({ since }) => compareVersions(since, version) <= 0)?.spec ?? absent;
}

const specs = new Map<string, ChartKey>();

function parseSpec(spec: string): ChartKey {
  const known = specs.get(spec);
  if (known) return known;
  const [, types = "", value] = /^([^=]*)(?:=(.*))?$/.exec(spec) ?? [];
  const key = {
    types: types.split("|"),
    default: value === undefined ? undefined : (JSON.parse(value) as string | number | boolean),
  };
  specs.set(spec, key);
  return key;
}

/** `bool=false @17.2 -`: what a key is in 1.14.0, and from which version on it is something else. */
function parseChanges(words: string): Node["changes"] {
  const [first = absent, ...rest] = words.split(" ");
  const changes = [{ since: oldest, spec: first }];
  for (let i = 0; i + 1 < rest.length; i += 2) {
    const [minor = 0, patch = 0] = (rest[i] ?? "").slice(1).split(".").map(Number);
    changes.push({ since: { minor, patch }, spec: rest[i + 1] ?? absent });
  }
  return changes;
}
