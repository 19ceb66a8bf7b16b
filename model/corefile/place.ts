import type { Problem } from "../problem.ts";
import type { Position } from "./types.ts";

/** `Corefile:3:5`, the path of a problem. */
export function place(file: string, at: Position): string {
  return `${file}:${at.line}:${at.column}`;
}

/**
 * Problems in the order of the text, each once: a snippet that two blocks import is judged twice,
 * and the reader needs what is wrong with it once.
 */
export function inTextOrder(problems: readonly Problem[]): Problem[] {
  const unique = new Map(problems.map((problem) => [`${problem.path} ${problem.message}`, problem]));
  return [...unique.values()].sort((a, b) => a.path.localeCompare(b.path, "en", { numeric: true }));
}
