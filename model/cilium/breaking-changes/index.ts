import type { BreakingChange, Concern, Situation } from "./change.ts";
import { changesTo17 } from "./to-1-17.ts";
import { changesTo20 } from "./to-1-20.ts";

/** All that are known. What an upgrade needs of the Gateway API is read from the cluster (model/gateway-api). */
export const changes: readonly BreakingChange[] = [...changesTo17, ...changesTo20];

/** A breaking change on the way, and what it means for this configuration. */
export interface ChangeOnTheWay {
  /** The minor that it came with, such as 1.16. */
  readonly version: string;
  readonly what: string;
  /** Undefined when this configuration has nothing to do with it. */
  readonly concern: Concern | undefined;
  readonly remedy: string;
}

/** The breaking changes between two versions, in their order. */
export function changesOnTheWay(situation: Situation): ChangeOnTheWay[] {
  const { before, after } = situation;
  return changes
    .filter(({ minor, on }) =>
      on === "down"
        ? minor <= before.minor && minor > after.minor
        : minor > before.minor && minor <= after.minor,
    )
    .sort((a, b) => a.minor - b.minor)
    .map(({ minor, what, concerns, remedy }) => ({
      version: `1.${minor}`,
      what,
      concern: concerns(situation),
      remedy,
    }));
}
