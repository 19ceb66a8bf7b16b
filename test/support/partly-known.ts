import fc from "fast-check";
import { UNKNOWN, type Verdict } from "../../model/verdict.ts";

/** A copy of a document in which the given share of its values is not known. */
function hide(tree: unknown, isHidden: () => boolean): unknown {
  if (isHidden()) return UNKNOWN;
  if (Array.isArray(tree)) return tree.map((item) => hide(item, isHidden));
  if (typeof tree !== "object" || tree === null) return tree;
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, hide(value, isHidden)]));
}

/** Pairs of a document and the same with parts of it hidden. */
export function partlyKnown<T>(
  documents: fc.Arbitrary<T>,
): fc.Arbitrary<readonly [full: T, partial: unknown]> {
  const choices = fc.infiniteStream(fc.integer({ min: 0, max: 9 }));
  return fc.tuple(documents, choices).map(([document, stream]) => {
    const hidden = (): boolean => stream.next().value === 0;
    return [document, hide(document, hidden)] as const;
  });
}

/**
 * Whether a verdict on a partly known document stays true once all is known: what it blames is
 * wrong, and what it says nothing about is right.
 */
export function staysTrue(partial: Verdict, full: Verdict): boolean {
  const isBlamed = partial.problems.length > 0;
  const isSilent = !isBlamed && partial.unknowns.length === 0;
  return (!isBlamed || full.problems.length > 0) && (!isSilent || full.problems.length === 0);
}
