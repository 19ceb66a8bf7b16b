import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { ownTag } from "../../model/cilium/chart-keys.ts";
import { templateUse, type TemplateUse } from "./templates.ts";

/** What one version of the chart says about one key. */
export interface KeyFact {
  /** Type names of `model/cilium/chart-keys.ts`; undefined where the chart does not tell. */
  readonly types: readonly string[] | undefined;
  /** The chart's default, where it is a short scalar. */
  readonly default?: string | number | boolean | undefined;
}

export interface ChartFacts {
  /** Such as 1.20.2. */
  readonly version: string;
  /** Whether the types are the chart's own (it has a schema from 1.16 on), or those of its defaults. */
  readonly typed: boolean;
  /** Whether templates were there to be read. */
  readonly templates: boolean;
  readonly keys: ReadonlyMap<string, KeyFact>;
}

interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}
type Tree = Readonly<Record<string, unknown>>;

/** Stands in the values for a key that only templates know. */
const HIDDEN = Symbol("hidden");
/** Templates that only complain. */
const complaining = new Set(["validate.yaml", "warnings.txt", "NOTES.txt"]);
const longestDefault = 40;

/**
 * Reads a chart's folder: values.yaml, values.schema.json, templates, and the files they include.
 * A folder without Chart.yaml is named by its version; one without templates tells nothing of keys that
 * values.yaml only has in comments.
 */
export function readChart(folder: string): ChartFacts {
  const text = readFileSync(join(folder, "values.yaml"), "utf8");
  const use = templateUse([...textsIn(join(folder, "templates")), ...textsIn(join(folder, "files"))]);
  const schemaFile = join(folder, "values.schema.json");
  const typed = existsSync(schemaFile);
  const schema = typed ? (JSON.parse(readFileSync(schemaFile, "utf8")) as Schema) : undefined;
  const version = versionOf(folder);
  const keys = new Map<string, KeyFact>();

  const visit = (tree: Tree, at: Schema | undefined, parent: string): void => {
    for (const [name, value] of Object.entries(tree)) {
      const path = parent === "" ? name : `${parent}.${name}`;
      const known = at?.properties?.[name];
      const free = isTree(value) && (use.printed.has(path) || Object.keys(value).length === 0);
      const types = known
        ? schemaTypes(known, free || !isTree(value))
        : valueTypes(value, free, path, text, use);
      keys.set(path, { types, default: shortDefault(path, value, version) });
      if (isTree(value) && !free) visit(value, known, path);
    }
  };
  visit(withHidden(parse(text) as Tree, use.read), schema, "");
  return { version, typed, templates: use.read.size > 0, keys };
}

/** The values, with those that only templates know. */
function withHidden(values: Tree, read: ReadonlySet<string>): Tree {
  const tree = structuredClone(values) as Record<string, unknown>;
  for (const path of [...read].sort()) {
    const names = path.split(".");
    let here = tree;
    for (const [i, name] of names.entries()) {
      const last = i === names.length - 1;
      if (!Object.hasOwn(here, name) || (here[name] === HIDDEN && !last)) here[name] = last ? HIDDEN : {};
      const next = here[name];
      if (!isTree(next)) break;
      here = next;
    }
  }
  return tree;
}

function schemaTypes(schema: Schema, free: boolean): string[] | undefined {
  if (schema.enum) return schema.enum.map((choice) => JSON.stringify(choice));
  const branches = schema.oneOf ?? schema.anyOf;
  if (branches) return branches.flatMap((branch) => schemaTypes(branch, free) ?? []);
  const names = typeof schema.type === "string" ? [schema.type] : (schema.type ?? []);
  return names.length === 0 ? undefined : names.map((name) => schemaType(name, schema, free)).sort();
}

function schemaType(name: string, { items }: Schema, free: boolean): string {
  switch (name) {
    case "boolean":
      return "bool";
    case "integer":
      return "int";
    case "number":
      return "num";
    case "string":
      return "str";
    case "array":
      return items?.anyOf?.every(({ type }) => type === "string") ? "strs" : "list";
    case "object":
      return free ? "map" : "obj";
    default:
      return name;
  }
}

/** The type of a default, of what templates print whole, or of an example: `# policyAuditMode: false`. */
function valueTypes(
  value: unknown,
  free: boolean,
  path: string,
  text: string,
  { printed }: TemplateUse,
): string[] | undefined {
  if (value === HIDDEN) {
    if (printed.has(path)) return ["list", "map"];
    const names = path.split(".");
    const example = `^${" ".repeat(2 * (names.length - 1))}# ?${names.at(-1) ?? ""}: (true|false)$`;
    return new RegExp(example, "m").test(text) ? ["bool"] : undefined;
  }
  if (value === null) return undefined;
  if (typeof value === "boolean") return ["bool"];
  if (typeof value === "number") return [Number.isInteger(value) ? "int" : "num"];
  if (typeof value === "string") return ["str"];
  return [Array.isArray(value) ? "list" : free ? "map" : "obj"];
}

/** Short scalars, and the tags of images. Digests are left out: they change with every patch. */
function shortDefault(path: string, value: unknown, version: string): KeyFact["default"] {
  if (/(^|\.)pullPolicy$|digest$/i.test(path)) return undefined;
  if (typeof value === "boolean" || typeof value === "number") return value;
  if (typeof value !== "string") return undefined;
  if (path.endsWith("mage.tag")) return value === `v${version}` ? ownTag : value;
  return value.length <= longestDefault ? value : undefined;
}

function versionOf(folder: string): string {
  const file = join(folder, "Chart.yaml");
  if (!existsSync(file)) return basename(folder);
  return (parse(readFileSync(file, "utf8")) as { version: string }).version;
}

function textsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => !complaining.has(file))
    .map((file) => join(folder, file))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, "utf8"));
}

const isTree = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
