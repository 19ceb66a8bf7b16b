import { diffLines } from "diff";
import { type Flow, type Peer, portText } from "../../model/policies/flow.ts";
import type { Size } from "../../model/sizing/size.ts";
import type { Violation } from "../events.ts";
import { type Style, table, wrap } from "./terminal.ts";

/** What a deployment has to show, read from the stack's outputs and from the cluster. */
export interface Deployed {
  readonly chartVersion: string;
  readonly agentsReady: string;
  readonly policies: Readonly<Record<string, string>>;
  readonly proof: string;
  readonly sizes: Readonly<Record<string, Size>>;
  readonly warnings: readonly string[];
  /** Lines of the Corefile that differ from the one before, marked + and -. */
  readonly corefileChanges: readonly string[];
  readonly sysctls: readonly string[];
}

/** The rules that stopped a preview, with the object and the remedy. */
export function violationReport(found: readonly Violation[], style: Style): string {
  return found
    .map(({ rule, level, resource, message }) => {
      const head = `${style.red("✗")} ${style.bold(rule)} ${style.dim(level)}${resource && `  ${resource}`}`;
      return `  ${head}\n${wrap(message.trim(), "    ")}`;
    })
    .join("\n");
}

/** What was deployed, and why, for somebody who sees it for the first time. */
export function deploymentReport(deployed: Deployed, style: Style): string {
  const section = (title: string, body: string): string => `${style.bold(title)}\n${body}\n`;
  return [
    section(
      "What was deployed",
      table([
        [
          "datapath",
          `Cilium ${deployed.chartVersion}: kube-proxy replaced, BPF masquerade, Hubble; agents ${deployed.agentsReady}`,
        ],
        [
          "policies",
          `${Object.keys(deployed.policies).length} in ${namespacesOf(deployed.policies).join(", ")}`,
        ],
        ["proof", deployed.proof],
        ["dns", "the Corefile below, over the one that was there (kept in coredns-before-cluster-network)"],
        ["nodes", deployed.sysctls.join(", ")],
      ]),
    ),
    section("Policies, and why", reasons(deployed.policies)),
    section("Corefile: what changed", colourDiff(deployed.corefileChanges, style)),
    section("Numbers, and why", sizeTable(deployed.sizes)),
    ...(deployed.warnings.length > 0
      ? [section("Worth a look", deployed.warnings.map((w) => wrap(w, "  ")).join("\n"))]
      : []),
  ].join("\n");
}

/** The declared flows: rows talk to columns. */
export function declaredMatrix(flows: readonly Flow[], style: Style): string {
  const ends = [...new Set(flows.flatMap(({ from, to }) => [endName(from), endName(to)]))];
  const cell = (from: string, to: string): string =>
    flows
      .filter((f) => endName(f.from) === from && endName(f.to) === to)
      .map(({ port }) => portText(port))
      .join(", ") || "·";
  const text = table([
    ["from \\ to", ...ends],
    ...ends.map((from) => [from, ...ends.map((to) => cell(from, to))]),
  ]);
  const painted = text.replace(/(TCP|UDP|SCTP) \d+/g, style.green).replace(/·/g, style.dim("·"));
  return `${style.bold("Who may talk to whom (everything else is denied)")}\n${painted}`;
}

/** A workload by its name alone; what is none, by what it is. */
function endName(end: Peer): string {
  switch (end.kind) {
    case "pods":
      return end.workload ?? `${end.namespace ?? "*"}/*`;
    case "cidr":
      return end.cidr;
    case "fqdn":
      return end.pattern;
    case "entity":
      return end.entity;
  }
}

function reasons(policies: Readonly<Record<string, string>>): string {
  return table(Object.entries(policies).map(([name, because]) => [name, because]));
}

function sizeTable(sizes: Readonly<Record<string, Size>>): string {
  return table(
    Object.entries(sizes).map(([name, { value, unit, because }]) => [
      name,
      value.toLocaleString("en"),
      unit,
      because,
    ]),
  );
}

function colourDiff(lines: readonly string[], style: Style): string {
  return lines.map((line) => `  ${line.startsWith("+") ? style.green(line) : style.red(line)}`).join("\n");
}

const namespacesOf = (policies: object): string[] => [
  ...new Set(Object.keys(policies).map((name) => name.split("/")[0] ?? "")),
];

/** Lines that only one of two texts has, in order, marked + and -. */
export function lineChanges(before: string, after: string): string[] {
  return diffLines(before, after).flatMap(({ added, removed, value }) => {
    if (!added && !removed) return [];
    const lines = value.replace(/\n$/, "").split("\n");
    return lines.map((line) => `${added ? "+" : "-"} ${line}`);
  });
}
