import type { z } from "zod";
import { didYouMean } from "./did-you-mean.ts";
import type { Problem } from "./problem.ts";

type Issue = z.core.$ZodIssue;
type JsonSchema = Record<string, unknown>;

/** Turns zod's issues into problems that show the value given and say what to write instead. */
export function explainIssues(issues: readonly Issue[], raw: unknown, schema: JsonSchema): Problem[] {
  return issues.flatMap((issue) => explainIssue(issue, raw, schema));
}

function explainIssue(issue: Issue, raw: unknown, schema: JsonSchema): Problem[] {
  const path = formatPath(issue.path);
  const given = valueAt(raw, issue.path);
  const at = schemaAt(schema, issue.path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        path: formatPath([...issue.path, key]),
        message: `Unknown key ${key}`,
        remedy: didYouMean(key, Object.keys(properties(at))),
      }));
    case "invalid_type":
      return given === undefined
        ? [{ path, message: "Missing", remedy: `set it (${describe(at) ?? issue.expected})` }]
        : [{ path, message: `${show(given)} is not ${typeName(issue.expected)}`, remedy: wanted(at) }];
    case "too_small":
    case "too_big":
      return [{ path, message: `${show(given)} is out of range`, remedy: wanted(branchFor(given, at)) }];
    case "invalid_value":
      return [
        {
          path,
          message: `${show(given)} is not a choice`,
          remedy: didYouMean(String(given), issue.values.map(String)),
        },
      ];
    case "invalid_union":
      return explainUnion(issue, raw, at, path);
    case "invalid_key":
      return [
        {
          path,
          message: `${show(issue.path.at(-1))} is no name that may stand here`,
          remedy: lowerFirst(issue.issues[0]?.message ?? issue.message),
        },
      ];
    case "invalid_format":
    case "invalid_element":
    case "not_multiple_of":
    case "custom":
      return [{ path, message: `${show(given)} is not valid`, remedy: lowerFirst(issue.message) }];
  }
}

/** Of a union's branches, the one that comes nearest: whose first complaint lies deepest, or that fits the type. */
function explainUnion(
  issue: Extract<Issue, { code: "invalid_union" }>,
  raw: unknown,
  at: JsonSchema,
  path: string,
): Problem[] {
  const given = valueAt(raw, issue.path);
  const branches = issue.errors.map((errors, i) => ({
    errors,
    schema: (at.anyOf as JsonSchema[] | undefined)?.[i] ?? {},
  }));
  const near = branches.find(({ schema }) => isObject(given) === (schema.type === "object"));
  if (isObject(given) && near) {
    return explainIssues(near.errors, given, near.schema).map((problem) => ({
      ...problem,
      path: [path, problem.path].filter(Boolean).join("."),
    }));
  }
  return [{ path, message: `${show(given)} is not valid`, remedy: wanted(at) }];
}

/** Of several forms the one that was meant, by its type; where that does not tell, all of them. */
function branchFor(given: unknown, schema: JsonSchema): JsonSchema {
  if (!Array.isArray(schema.anyOf) || typeof given !== "number") return schema;
  const numbers = (schema.anyOf as JsonSchema[]).filter(
    ({ type }) => type === "integer" || type === "number",
  );
  return numbers[0] ?? schema;
}

/** What may be written at a place, in words: its type, range or choices. */
function wanted(schema: JsonSchema): string {
  const { type, minimum, maximum, minItems, maxItems, minLength, maxLength, anyOf } = schema;
  if (Array.isArray(anyOf)) return anyOf.map((s) => wanted(s as JsonSchema)).join(", or ");
  if ("const" in schema) return `use ${String(schema.const)}`;
  if (Array.isArray(schema.enum)) return `use one of ${schema.enum.join(", ")}`;
  const range = (low: unknown, high: unknown, what: string): string => {
    const [from, to] = [low as number | undefined, high as number | undefined];
    if (from === undefined) return `use at most ${to}${what}`;
    return to === undefined ? `use at least ${from}${what}` : `use ${from} to ${to}${what}`;
  };
  switch (type) {
    case "integer":
    case "number":
      return range(minimum, maximum, "");
    case "array":
      return (minItems ?? maxItems) ? range(minItems, maxItems, " entries") : "write a list";
    case "string":
      return (minLength ?? maxLength) ? range(minLength, maxLength, " characters") : "write a text";
    case "boolean":
      return "use true or false";
    case "object":
      return `write an object with ${Object.keys(properties(schema)).join(", ") || "key: value pairs"}`;
    default:
      return describe(schema) ?? "see docs/settings.schema.json";
  }
}

const typeNames: Record<string, string> = {
  int: "a whole number",
  number: "a number",
  string: "a text",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};
const typeName = (expected: string): string => typeNames[expected] ?? `a ${expected}`;

/** A value, short enough for a message; a secret never comes this far in the clear, objects are cut. */
function show(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) =>
      typeof key === "number" ? `${text}[${key}]` : text === "" ? String(key) : `${text}.${String(key)}`,
    "",
  );
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (isObject(value) ? (value as Record<PropertyKey, unknown>)[key] : undefined),
    root,
  );
}

function schemaAt(root: JsonSchema, path: readonly PropertyKey[]): JsonSchema {
  return path.reduce<JsonSchema>((schema, key) => {
    const next =
      typeof key === "number"
        ? schema.items
        : (properties(schema)[String(key)] ?? schema.additionalProperties);
    return isObject(next) ? (next as JsonSchema) : {};
  }, root);
}

/** An object's own keys, or those of the one object among a union's branches. */
function properties(schema: JsonSchema): JsonSchema {
  if (isObject(schema.properties)) return schema.properties as JsonSchema;
  const branch = (schema.anyOf as JsonSchema[] | undefined)?.find(({ type }) => type === "object");
  return branch ? properties(branch) : {};
}
const describe = (schema: JsonSchema): string | undefined => schema.description as string | undefined;
const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
