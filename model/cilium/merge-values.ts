/** Helm values: a tree of plain objects, lists and scalars. */
export type Values = Record<string, unknown>;

/** Lays `over` over `base` as Helm does: objects merge, anything else replaces. */
export function mergeValues(base: Values, over: Values): Values {
  const merged: Values = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isPlainObject(below) && isPlainObject(value) ? mergeValues(below, value) : value;
  }
  return merged;
}

/** Whether a value is an object with keys, and no list. */
export function isPlainObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `a.b` and 1 as `{ a: { b: 1 } }`. */
export function nested(path: string, value: unknown): Values {
  return path.split(".").reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as Values;
}
