import type { Problem } from "../model/problem.ts";

/** The cluster cannot be used; carries what to tell the user. */
export class ClusterError extends Error {
  readonly problem: Problem;
  /** Status that the API server answered with; undefined where it did not answer, or something else is wrong. */
  readonly status: number | undefined;
  constructor(problem: Problem, status?: number) {
    super(problem.message);
    this.problem = problem;
    this.status = status;
  }
}

/** The first line of an error, with its deepest cause: fetch hides it there. */
export function firstLine(error: unknown): string {
  let deepest = error;
  while (deepest instanceof Error && deepest.cause instanceof Error) deepest = deepest.cause;
  const text = deepest instanceof Error ? deepest.message : String(deepest);
  return text.split("\n", 1)[0] ?? "";
}
