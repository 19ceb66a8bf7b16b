import { UNKNOWN, type Maybe } from "./verdict.ts";

/**
 * A document of which parts may not be known yet: JSON values, with {@link UNKNOWN} in
 * place of any value or subtree. These readers never throw: a value of the wrong type
 * reads as absent, because the API server refuses it before it can do harm.
 */
export type Tree = unknown;

/** The value at a path; undefined when absent or null; UNKNOWN when it or an ancestor is. */
export function at(tree: Tree, ...path: readonly string[]): unknown {
  let here = tree;
  for (const key of path) {
    if (here === UNKNOWN) return UNKNOWN;
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as Record<string, unknown>)[key];
  }
  return here ?? undefined;
}

/** {@link at} for a path in one string, `controller.service.type`. */
export function atPath(tree: Tree, path: string): unknown {
  return at(tree, ...path.split("."));
}

/** The text, or undefined for anything else. */
export function asText(value: unknown): Maybe<string | undefined> {
  return value === UNKNOWN || typeof value === "string" ? value : undefined;
}

/** The boolean, or undefined for anything else. */
export function asBoolean(value: unknown): Maybe<boolean | undefined> {
  return value === UNKNOWN || typeof value === "boolean" ? value : undefined;
}

/** The list's items, each of which may be UNKNOWN; empty for anything but a list. */
export function asList(value: unknown): Maybe<readonly unknown[]> {
  if (value === UNKNOWN) return UNKNOWN;
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** The object's entries; empty for anything but an object. */
export function asEntries(value: unknown): Maybe<readonly (readonly [string, unknown])[]> {
  if (value === UNKNOWN) return UNKNOWN;
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}
