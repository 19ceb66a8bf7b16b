import { formatProblem } from "../../problem.ts";
import type { Picture } from "./picture.ts";

/** What was read, in a line or a few. */
export function describePicture(picture: Picture): string {
  const { inventory, world, dialectBecause, notes } = picture;
  const { groups, ignored } = inventory;
  const passedOver = Object.entries(ignored).map(([kind, found]) => `${found} ${kind}`);
  return [
    `${countsOf(picture)}; read as ${dialectNames[world.dialect]}: ${dialectBecause}`,
    ...(passedOver.length > 0 ? [`Without effect here: ${passedOver.join(", ")}`] : []),
    ...(groups.length === 0 ? ["No pods or workloads are given: what policies select cannot be told"] : []),
    ...notes,
  ].join("\n");
}

/** What was read on both sides of a comparison. */
export const describeComparison = (before: Picture, after: Picture): string =>
  [
    `before: ${countsOf(before)}`,
    `after:  ${countsOf(after)}`,
    `read as ${dialectNames[after.world.dialect]}`,
  ].join("\n");

function countsOf({ inventory: { namespaces, groups, policies } }: Picture): string {
  const pods = groups.reduce((sum, group) => sum + group.pods.length, 0);
  const seen = pods > 0 ? ` (${counted(pods, "pod")} seen)` : "";
  return `${counted(namespaces.length, "namespace")}, ${counted(groups.length, "workload")}${seen}, ${counted(policies.length, "policy", "policies")}`;
}

const dialectNames = { kubernetes: "Kubernetes does", cilium: "Cilium does" } as const;

/** The loud part: policies that were not understood. */
export function describeDoubts({ doubts }: Pick<Picture, "doubts">): string | undefined {
  if (doubts.length === 0) return undefined;
  const spaces = [...new Set(doubts.map(({ namespace }) => namespace ?? "every namespace"))];
  return [
    `NOT UNDERSTOOD: what passes in ${spaces.join(", ")} is not known for certain, because of`,
    ...doubts.map(({ problem }) => `  - ${formatProblem(problem)}`),
  ].join("\n");
}

const counted = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;
