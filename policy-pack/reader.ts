import { UnknownValueError } from "@pulumi/policy";
import type { Tree } from "../model/tree.ts";
import { UNKNOWN } from "../model/verdict.ts";

/**
 * A plain copy of a resource's properties, with UNKNOWN in place of each value that the
 * deployment will decide.
 *
 * The SDK's proxy throws when such a value is read, and that throw ends the whole policy
 * with an advisory message, even if the policy is mandatory. So each field is read on its
 * own. Assets and archives are left out: they are not data.
 */
export function readTree(value: unknown): Tree {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, i) => readField(value, i));
  if (!isPlain(value)) return undefined;
  return Object.fromEntries(Object.keys(value).map((key) => [key, readField(value, key)]));
}

function readField(parent: object, key: string | number): Tree {
  try {
    return readTree((parent as Record<string | number, unknown>)[key]);
  } catch (error) {
    if (error instanceof UnknownValueError) return UNKNOWN;
    throw error;
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
