import { atPath } from "../tree.ts";
import { given, type Size } from "./size.ts";

/** A number that the user's own chart values hold, and where. */
interface Chosen {
  readonly value: number;
  readonly path: string;
}

/**
 * What the user's own chart values say of a size; they win over every formula.
 * @param values - `cilium.values`
 * @param key - path in the chart's values, such as bpf.lbMapMax
 */
export function chosen(values: Readonly<Record<string, unknown>>, key: string): Chosen | undefined {
  const found = atPath(values, key);
  const value = typeof found === "string" && found !== "" ? Number(found) : found;
  // The chart takes 0 as left out.
  if (typeof value !== "number" || !Number.isFinite(value) || value === 0) return undefined;
  return { value, path: `cilium.values.${key}` };
}

/** A size, unless the user's own chart values hold another. */
export function ownOr(size: Size, values: Readonly<Record<string, unknown>>, key: string): Size {
  const own = chosen(values, key);
  return own ? given(own.value, size.unit, own.path) : size;
}
