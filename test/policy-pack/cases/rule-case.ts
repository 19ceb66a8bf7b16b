import type { TestResource } from "../harness.ts";

/** Each rule has cases of each kind. */
export const KINDS = ["pass", "fail", "unknown", "not-applicable"] as const;

/** One stack and what a rule says of it. */
export interface RuleCase {
  readonly kind: (typeof KINDS)[number];
  readonly title: string;
  readonly resources: readonly TestResource[];
  readonly config?: Record<string, unknown>;
  /** The messages of the violations, in any order: all of them, and no others. */
  readonly says?: readonly RegExp[];
  /** What could not be judged, likewise. */
  readonly open?: readonly RegExp[];
  /** The resources at which the violations are shown. Default: the stack's only one, or not looked at. */
  readonly at?: readonly string[];
}
