import { formatProblem } from "../../problem.ts";
import { groupBy } from "../group-by.ts";
import type { MemberBlock } from "./difference.ts";
import type { NamespaceIsolation } from "./isolation.ts";
import { Naming, portWords } from "./naming.ts";
import type { Picture } from "./picture.ts";
import type { Survey } from "./survey.ts";

/** All flows as text for a terminal. */
export function describeSurvey(picture: Picture, { flows, uncertain, isolation, looseEnds }: Survey): string {
  const naming = new Naming(picture.world.pods);
  const sections: [string, string[]][] = [
    ["Isolation (what no policy allows is denied)", isolationLines(isolation)],
    ["Allowed flows", flowLines(flows, naming)],
    ["Only for some requests, or perhaps", flowLines(uncertain, naming)],
    ["Loose ends", looseEnds.map((problem) => `  - ${formatProblem(problem)}`)],
  ];
  return sections
    .filter(([title, lines]) => lines.length > 0 || title === "Allowed flows")
    .map(([title, lines]) => [title, ...(lines.length > 0 ? lines : ["  none"])].join("\n"))
    .join("\n\n");
}

/** Flows, those of the same sources under them. */
export function flowLines(flows: readonly MemberBlock[], naming: Naming): string[] {
  const bySource = groupBy(flows, ({ from }) => naming.words(from).join(", "));
  return [...bySource].flatMap(([from, its]) => [
    `  ${from}`,
    ...its.map(({ to, ports }) => `    → ${naming.words(to).join(", ")}: ${portWords(ports)}`),
  ]);
}

function isolationLines(isolation: readonly NamespaceIsolation[]): string[] {
  const rows = isolation.map((one) => [
    one.namespace,
    ...(["ingress", "egress"] as const).map((direction) => openWords(one, one.open[direction])),
    one.onHost === 0 ? "" : `${one.onHost} on the host's network, which no policy selects`,
  ]);
  const table = [["namespace", "ingress", "egress", ""], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => (row[column] ?? "").length)));
  return rows.length === 0
    ? []
    : table.map((row) => `  ${row.map((text, i) => text.padEnd(widths[i] ?? 0)).join("  ")}`.trimEnd());
}

function openWords({ workloads, namespace }: NamespaceIsolation, open: readonly string[]): string {
  if (workloads === 0) return "-";
  if (open.length === 0) return "isolated";
  if (open.length === workloads) return "OPEN";
  const names = open.map((name) => name.replace(`${namespace}/`, ""));
  return `OPEN: ${names.length > 3 ? `${names.length} of ${workloads}` : names.join(", ")}`;
}
