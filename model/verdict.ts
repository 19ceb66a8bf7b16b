import type { Problem } from "./problem.ts";

/** Stands where a value will be decided only by the deployment: an output of a resource that does not exist yet. */
export const UNKNOWN: unique symbol = Symbol("not known yet");

/** The type of {@link UNKNOWN}. */
export type Unknown = typeof UNKNOWN;
/** A value, or not known yet. */
export type Maybe<T> = T | Unknown;
/** Kleene's three truth values. */
export type Truth = Maybe<boolean>;

/** The opposite; unknown stays unknown. */
export function not(truth: Truth): Truth {
  return truth === UNKNOWN ? UNKNOWN : !truth;
}

/** False as soon as one is false, else unknown as soon as one is unknown; true of nothing. */
export function every(truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false;
  return truths.includes(UNKNOWN) ? UNKNOWN : true;
}

/** True as soon as one is true, else unknown as soon as one is unknown; false of nothing. */
export function some(truths: readonly Truth[]): Truth {
  if (truths.includes(true)) return true;
  return truths.includes(UNKNOWN) ? UNKNOWN : false;
}

/** Something that cannot be judged yet. */
export interface Doubt {
  /** Where: an object, or a field of it. */
  readonly path: string;
  /** Why it cannot be judged. Capital first letter, no final period. */
  readonly reason: string;
}

/**
 * What a rule says of one thing. Both lists may have entries: a broken port is found
 * although another port is not known yet.
 */
export interface Verdict {
  readonly problems: readonly Problem[];
  readonly unknowns: readonly Doubt[];
}

/** Nothing is wrong and nothing is open. */
export const HOLDS: Verdict = { problems: [], unknowns: [] };

/** All that several verdicts say. */
export function combine(verdicts: readonly Verdict[]): Verdict {
  return {
    problems: verdicts.flatMap(({ problems }) => problems),
    unknowns: verdicts.flatMap(({ unknowns }) => unknowns),
  };
}

/** The verdict in one word: a problem outweighs what is not known. */
export function outcome({ problems, unknowns }: Verdict): "holds" | "broken" | "unknown" {
  if (problems.length > 0) return "broken";
  return unknowns.length > 0 ? "unknown" : "holds";
}
