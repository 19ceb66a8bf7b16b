import type { OpenQuestion } from "./rule.ts";

/**
 * What the rules could not judge in this run. Each rule reports here as it runs, with its
 * own configuration; COV-BLIND, which runs last, tells the reader.
 *
 * An update judges a resource again when its inputs are known, so what a rule says of a
 * resource replaces what it said before.
 */
export class Coverage {
  private readonly questions = new Map<string, readonly (OpenQuestion & { rule: string })[]>();

  /** @param subject - the resource's URN, or another name of what was judged */
  record(rule: string, subject: string, unknowns: readonly OpenQuestion[]): void {
    this.questions.set(
      JSON.stringify([rule, subject]),
      unknowns.map((unknown) => ({ ...unknown, rule })),
    );
  }

  /** All that is open now, in the order in which it was met first. */
  list(): readonly (OpenQuestion & { readonly rule: string })[] {
    return [...this.questions.values()].flat();
  }
}
