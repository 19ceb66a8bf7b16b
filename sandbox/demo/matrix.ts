import { type Attempt, type Connection, nameOf, portOf, type Target } from "./connections.ts";
import type { Decided, Side } from "./decision.ts";
import { type Style, table } from "./terminal.ts";

/** A measurement, to be shown. */
export interface Measurement {
  /** All that there is to try. */
  readonly connections: readonly Connection[];
  readonly before: readonly Attempt[];
  readonly after: readonly Decided[];
  /** The policies that isolate a namespace on a side. */
  readonly denies: (namespace: string, side: Side) => readonly string[];
}

const legend = [
  "  ● open, declared   ○ open, not declared   ✗ denied, leaving (egress) or arriving (ingress)   · itself",
  "  – not tried: nothing here serves the Service of DNS before Cilium does",
].join("\n");

/** Both matrices, and who decided. */
export function measuredReport({ connections, before, after, denies }: Measurement, style: Style): string {
  const both = [matrix(connections, before), matrix(connections, after)];
  // As one table, so that the columns of both stand under each other.
  const lines = table(both.flat()).split("\n");
  const paint = ([head = "", ports = "", ...rows]: string[]): string =>
    [head, style.dim(ports), ...rows.map((row) => painted(row, style))].join("\n");
  const half = lines.length / 2;
  return [
    style.bold("Before: who reaches whom, measured (rows talk to columns)"),
    paint(lines.slice(0, half)),
    "",
    style.bold("After `pulumi up`, measured again"),
    paint(lines.slice(half)),
    "",
    painted(legend, style),
    "",
    style.bold("Who decided, told by Hubble"),
    decisions(after, denies, style),
  ].join("\n");
}

/**
 * Rows talk to columns, under two rows of heads.
 * @param all what there is to try, so that two matrices have the same columns
 * @param tried what was tried of it
 */
function matrix(all: readonly Connection[], tried: readonly (Attempt | Decided)[]): string[][] {
  const rows = [...new Set(all.map(({ from }) => nameOf(from)))];
  const columns = columnsOf(all);
  const find = <T extends Connection>(among: readonly T[], row: string, column: Target): T | undefined =>
    among.find(({ from, to }) => nameOf(from) === row && isSame(to, column));
  const cell = (row: string, column: Target): string => {
    const attempt = find(tried, row, column);
    if (attempt) return signOf(attempt);
    return find(all, row, column) ? "–" : "·";
  };
  return [
    ["from \\ to", ...columns.map(({ name }) => name)],
    ["", ...columns.map(portOf)],
    ...rows.map((row) => [row, ...columns.map((column) => cell(row, column))]),
  ];
}

/** Who decided about each connection: what a source's connections have in common is told once. */
function decisions(decided: readonly Decided[], denies: Measurement["denies"], style: Style): string {
  const sources = [...new Set(decided.map(({ from }) => nameOf(from)))];
  const rows = sources.flatMap((source) => {
    const groups = new Map<string, { sign: string; to: string[]; because: string }>();
    for (const attempt of decided.filter(({ from }) => nameOf(from) === source)) {
      const [sign = ""] = signOf(attempt);
      const because = reasonOf(attempt, denies);
      const group = groups.get(sign + because) ?? { sign, to: [], because };
      group.to.push(attempt.to.name);
      groups.set(sign + because, group);
    }
    const ordered = [...groups.values()].sort((a, b) => "●○✗!".indexOf(a.sign) - "●○✗!".indexOf(b.sign));
    return ordered.map(({ sign, to, because }, index) => [
      index === 0 ? source : "",
      `${sign} ${to.length > 3 && index > 0 && index === ordered.length - 1 ? "all else" : to.join(", ")}`,
      because,
    ]);
  });
  return table(rows)
    .split("\n")
    .map((line) => painted(line, style))
    .join("\n");
}

function reasonOf(
  { from, to, isOpen, isIsolated, decision }: Decided,
  denies: Measurement["denies"],
): string {
  if (isOpen) {
    const sides = (["egress", "ingress"] as const).filter((side) => decision[side].length > 0);
    if (sides.length === 0) {
      const isFree = !isIsolated.egress && !isIsolated.ingress;
      return isFree ? "no policy selects either end" : "Hubble names no policy";
    }
    return sides.map((side) => `${side} by ${decision[side].join(", ")}`).join("; ");
  }
  const { deniedOn } = decision;
  if (deniedOn === undefined) return "Hubble saw no policy deny it";
  const namespace = deniedOn === "egress" ? from.namespace : (to.namespace ?? "");
  return `POLICY_DENIED on ${deniedOn}, isolated by ${denies(namespace, deniedOn).join(", ")}`;
}

function signOf(attempt: Attempt | Decided): string {
  if (attempt.isOpen) return attempt.isDeclared ? "● open" : "○ open";
  const deniedOn = "decision" in attempt ? attempt.decision.deniedOn : undefined;
  return deniedOn ? `✗ ${deniedOn}` : `! ${attempt.outcome}`;
}

/** Every target once: the workloads in the order of the rows, then what is elsewhere. */
function columnsOf(all: readonly Connection[]): Target[] {
  const found: Target[] = [];
  for (const { to } of all) if (!found.some((column) => isSame(column, to))) found.push(to);
  const rows = [...new Set(all.map(({ from }) => nameOf(from)))];
  const place = ({ kind, namespace, name }: Target): number =>
    kind === "workload" ? rows.indexOf(`${namespace ?? ""}/${name}`) : rows.length;
  return found.sort((a, b) => place(a) - place(b));
}

const isSame = (one: Target, other: Target): boolean =>
  one.name === other.name && one.namespace === other.namespace && portOf(one) === portOf(other);

/** Colours signs with the word behind them; they stand for themselves where there are no colours. */
const painted = (text: string, { green, yellow, red, dim }: Style): string =>
  text
    .replace(/●( open)?/g, green)
    .replace(/○( open)?/g, yellow)
    .replace(/✗( egress| ingress)?/g, red)
    .replace(/! \w+/g, yellow)
    .replace(/ [·–](?= |$)/g, dim);
