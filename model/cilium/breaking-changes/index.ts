import { type BreakingChange, type Concern, look, type Situation } from "./change.ts";
import { changesTo17 } from "./to-1-17.ts";
import { changesTo20 } from "./to-1-20.ts";

/** Gateway API whose CRDs each minor works with; they have to be there before the operator. */
const gatewayApi: Readonly<Record<number, string>> = {
  15: "1.0",
  16: "1.1",
  17: "1.2",
  18: "1.3",
  19: "1.4.1",
  20: "1.6.1",
};

/** All that are known. */
export const changes: readonly BreakingChange[] = [
  ...changesTo17,
  ...changesTo20,
  ...Object.entries(gatewayApi).map(([minor, version]) => ({
    minor: Number(minor),
    what: `Gateway API needs the CRDs of ${version}`,
    concerns: look("gatewayAPI.enabled is on", ({ isOn }) => isOn("gatewayAPI.enabled")),
    remedy: `apply the CRDs of Gateway API ${version} first${
      minor === "20" ? ", TLSRoute from the experimental channel where it is in use" : ""
    }`,
  })),
];

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
