import type { Ending } from "./ending.ts";
import type { Steps } from "./steps.ts";
import type { Style } from "./terminal.ts";

export const defaultName = "demo";

/** What every part of the demo is given. */
export interface Stage {
  /** Of its cluster, which tells demos on this machine apart. */
  readonly name: string;
  /** Where the cluster and the engines live. */
  readonly folder: string;
  /** The cluster outlives the demo. */
  readonly keep: boolean;
  readonly steps: Steps;
  readonly style: Style;
  readonly ending: Ending;
}
