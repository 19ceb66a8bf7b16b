import type { Problem } from "../problem.ts";
import type { ChartKey, KeyType } from "./chart-keys.ts";
import type { ChartVersion } from "./chart-version.ts";
import { isPlainObject } from "./merge-values.ts";

/** The first chart with a schema, by which Helm refuses values of another type. */
const firstSchema = 16;

/**
 * What is wrong with a value's type. Helm takes null for "without the default", which templates stand for
 * a scalar but not for an object whose keys they read.
 */
export function typeProblem(
  path: readonly string[],
  value: unknown,
  key: ChartKey,
  version: ChartVersion,
): Problem | undefined {
  const loose = version.minor < firstSchema;
  if (value === null && !key.types.includes("obj")) return undefined;
  if (key.types.some((type) => fits(value, type, loose))) return undefined;
  const wanted = key.types.filter((type) => type !== "null");
  const where = `cilium.values.${path.join(".")}`;
  if (wanted.length === 0) {
    const message = `${shown(path, value)} is refused by the schema of this chart, which allows null alone`;
    return { path: where, message, remedy: "leave it out, or use a newer chart" };
  }
  return {
    path: where,
    message: `${shown(path, value)} is not ${wanted.map(typeName).join(" or ")}`,
    remedy: remedyFor(wanted, key),
  };
}

/** Templates of charts without a schema print numbers and texts alike. */
function fits(value: unknown, type: KeyType, loose: boolean): boolean {
  switch (type) {
    case "any":
      return true;
    case "bool":
      return typeof value === "boolean";
    case "int":
      return Number.isInteger(value) || (loose && isNumeric(value));
    case "num":
      return typeof value === "number" || (loose && isNumeric(value));
    case "str":
      return typeof value === "string" || (loose && typeof value === "number");
    case "list":
      return Array.isArray(value);
    case "strs":
      return Array.isArray(value) && value.every((item) => typeof item === "string");
    case "obj":
    case "map":
      return isPlainObject(value);
    case "null":
      return value === null;
    default:
      return JSON.stringify(value) === type;
  }
}

const isNumeric = (value: unknown): boolean => typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value);

const typeNames: Readonly<Record<string, string>> = {
  null: "null",
  bool: "true or false",
  int: "a whole number",
  num: "a number",
  str: "a text",
  list: "a list",
  strs: "a list of texts",
  obj: "an object",
  map: "an object",
};
const typeName = (type: KeyType): string => typeNames[type] ?? type;

function remedyFor(wanted: readonly KeyType[], key: ChartKey): string {
  const use = `use ${wanted.map(typeName).join(" or ")}`;
  return key.default === undefined ? use : `${use}; the chart's default is ${JSON.stringify(key.default)}`;
}

/** Whether a key of that name may hold a secret. */
const mayBeSecret = (name: string): boolean => /key$|cert|password|token|secret$/i.test(name);

/** A value for a message: short, and never one that may be secret. */
export function shown(path: readonly string[], value: unknown): string {
  if (path.some(mayBeSecret) && !["boolean", "number"].includes(typeof value)) return "What is given";
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return "Nothing";
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
