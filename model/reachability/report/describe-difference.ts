import type { PodGroup } from "../world.ts";
import { flowLines } from "./describe-survey.ts";
import type { Difference } from "./difference.ts";
import { Naming } from "./naming.ts";

/** A comparison as text for a terminal. */
export function describeDifference(
  { opens, closes, perhapsOpens, perhapsCloses, unchangedPairs }: Difference,
  pods: readonly PodGroup[],
  changes: WorkloadChanges,
): string {
  const naming = new Naming(pods);
  const part = (title: string, flows: Difference["opens"]): string =>
    [`${title}${flows.length === 0 ? ": nothing" : ""}`, ...flowLines(flows, naming)].join("\n");
  return [
    part("OPENS", opens),
    part("CLOSES", closes),
    ...(perhapsOpens.length > 0 ? [part("OPENS for more requests, or perhaps", perhapsOpens)] : []),
    ...(perhapsCloses.length > 0 ? [part("CLOSES for some requests, or perhaps", perhapsCloses)] : []),
    [
      `Unchanged: ${unchangedPairs} ${unchangedPairs === 1 ? "pair" : "pairs"} of workloads`,
      ...(changes.added.length > 0 ? [`New workloads: ${changes.added.join(", ")}`] : []),
      ...(changes.removed.length > 0 ? [`Workloads that go: ${changes.removed.join(", ")}`] : []),
    ].join("\n"),
  ].join("\n\n");
}

/** Workloads that are there on one side alone. */
export interface WorkloadChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

export function workloadChanges(before: readonly PodGroup[], after: readonly PodGroup[]): WorkloadChanges {
  const names = (groups: readonly PodGroup[]): Set<string> => new Set(groups.map(({ name }) => name));
  const [was, is] = [names(before), names(after)];
  return {
    added: [...is].filter((name) => !was.has(name)),
    removed: [...was].filter((name) => !is.has(name)),
  };
}
