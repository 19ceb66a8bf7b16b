import type { Flow } from "../policies/flow.ts";
import type { Problem } from "../problem.ts";
import { toCidrs } from "./addresses.ts";
import type { CompiledRule, CompiledWorld } from "./compile.ts";
import { holds } from "./intervals.ts";
import { formatPorts, portNumber, portRanges, type PortSet } from "./ports.ts";
import { type Direction, policyTitle } from "./rules.ts";
import type { Unit } from "./units.ts";
import type { UnitSet } from "./unit-set.ts";
import { judgeSide } from "./verdict.ts";

/** Where the policies are not what was meant. */
export type Broken =
  | { readonly kind: "matches nobody"; readonly flow: Flow; readonly end: "from" | "to" }
  | {
      readonly kind: "does not pass";
      readonly flow: Flow;
      readonly direction: Direction;
      readonly self: number;
      readonly peer: number;
      readonly ports: PortSet;
    }
  | { readonly kind: "names unseen"; readonly flow: Flow; readonly self: number }
  | { readonly kind: "not narrowed"; readonly flow: Flow; readonly from: number; readonly to: number }
  | {
      readonly kind: "not isolated";
      readonly direction: Direction;
      readonly self: number;
      readonly path: string;
    }
  | TooWide;

interface TooWide {
  readonly kind: "too wide";
  readonly direction: Direction;
  readonly self: number;
  readonly rule: CompiledRule;
  readonly peers: UnitSet;
  readonly ports: PortSet;
  readonly path: string;
  /** Set where it is this request that nobody declared. */
  readonly request?: string;
}

/** More than this nobody reads: what stands first is the cause of the rest, most likely. */
const screenful = 20;

export function explainBroken(compiled: CompiledWorld, broken: readonly Broken[]): Problem[] {
  return summarised(grouped(broken).map(({ first, more }) => explain(compiled, first, more)));
}

/** The same of policies that are not ours: the path is the policy. */
export function explainForeign(compiled: CompiledWorld, broken: readonly Broken[]): Problem[] {
  return summarised(
    grouped(broken).map(({ first, more }) => ({
      ...explain(compiled, first, more),
      ...(first.kind === "too wide" && { path: policyTitle(first.rule.policy) }),
      remedy: "it is not of this stack: take it away, or declare the flow",
    })),
  );
}

/** One for each cause: a rule that is too wide is so for many pods. */
function grouped(broken: readonly Broken[]): { first: Broken; more: number }[] {
  const byCause = new Map<string, { first: Broken; more: number }>();
  for (const one of broken) {
    const cause = causeOf(one);
    const same = byCause.get(cause);
    if (same === undefined) byCause.set(cause, { first: one, more: 0 });
    else same.more++;
  }
  return [...byCause.values()];
}

function causeOf(one: Broken): string {
  switch (one.kind) {
    case "matches nobody":
      return `${one.flow.path} ${one.end}`;
    case "does not pass":
      return `${one.flow.path} ${one.flow.text} ${one.direction}`;
    case "names unseen":
    case "not narrowed":
      return `${one.flow.path} ${one.kind}`;
    case "not isolated":
      return `${one.path} ${one.direction}`;
    case "too wide":
      return `${policyTitle(one.rule.policy)} ${one.rule.rule.path} ${one.request ?? ""}`;
  }
}

function summarised(problems: readonly Problem[]): Problem[] {
  if (problems.length <= screenful) return [...problems];
  return [
    ...problems.slice(0, screenful),
    {
      path: "namespaces",
      message: `There are ${problems.length - screenful} more problems with who reaches whom`,
      remedy: "mend those above first",
    },
  ];
}

function explain(compiled: CompiledWorld, one: Broken, more: number): Problem {
  const name = (unit: number): string => unitName(compiled.units.all[unit]);
  switch (one.kind) {
    case "matches nobody":
      return {
        path: `${one.flow.path}.${one.end}`,
        message: `${one.flow.text} matches no pod at its ${one.end === "from" ? "source" : "destination"}`,
        remedy: "correct its labels, or declare the workload that has them",
      };
    case "does not pass": {
      const [range] = portRanges(one.ports);
      const { protocol, from } = range ?? { protocol: "TCP" as const, from: 0 };
      const where = { path: one.flow.path, message: `${one.flow.text} does not pass` };
      if (!holds(compiled.carried, portNumber(protocol, from))) {
        return {
          ...where,
          message: `${where.message}: Cilium carries no ${protocol} unless it is told to`,
          remedy: "set sctp.enabled: true in cilium.values",
        };
      }
      const verdict = judgeSide(compiled, one.direction, one.self, one.peer, { protocol, port: from });
      const denying = verdict.deniedBy.map(({ policy, path }) => `${policy} ${path}`);
      const preposition = one.direction === "egress" ? "to" : "from";
      return {
        ...where,
        message: `${where.message}, ${one.direction} of ${name(one.self)} (${lowered(verdict.reason)})`,
        remedy:
          denying.length > 0
            ? `take ${denying.join(", ")} away, or narrow it`
            : `add ${one.direction} ${preposition} ${name(one.peer)} by ${formatPorts(one.ports)} to a policy that selects it`,
      };
    }
    case "names unseen":
      return {
        path: one.flow.path,
        message: `${one.flow.text} does not pass: no rule shows Cilium the answers of DNS that ${name(one.self)} gets`,
        remedy: 'add rules.dns with matchPattern: "*" to its rule for DNS',
      };
    case "not narrowed":
      return {
        path: one.flow.path,
        message: `${one.flow.text} lets every request from ${name(one.from)} to ${name(one.to)} pass, not only the declared ones`,
        remedy: "take the rule for these ports away that has no http",
      };
    case "not isolated":
      return {
        path: one.path,
        message: `No policy isolates ${name(one.self)} for ${one.direction}${andMore(more, "pod")}`,
        remedy: `add a policy that selects every pod of the namespace and has ${one.direction === "egress" ? "Egress" : "Ingress"} among its policyTypes`,
      };
    case "too wide": {
      const peer = name(one.peers[0] ?? -1);
      const others = one.peers.length > 1 ? ` and ${one.peers.length - 1} more` : "";
      const rule = `${policyTitle(one.rule.policy)} ${one.rule.rule.path}`;
      const what =
        one.request === undefined ? formatPorts(one.ports) : `${formatPorts(one.ports)} (${one.request})`;
      const says =
        one.direction === "egress"
          ? `lets ${name(one.self)} reach ${peer}${others} by ${what}`
          : `lets ${peer}${others} reach ${name(one.self)} by ${what}`;
      return {
        path: one.path,
        message: `${rule} ${says}, which no flow declares${andMore(more, "pod")}`,
        remedy: "narrow the rule, or declare the flow",
      };
    }
  }
}

const andMore = (count: number, what: string): string =>
  count === 0 ? "" : ` (and the same for ${count} more ${what}${count === 1 ? "" : "s"})`;

const lowered = (text: string): string =>
  /^[A-Z][a-z]* /.test(text) ? text.slice(0, 1).toLowerCase() + text.slice(1) : text;

const entityNames = {
  "own-node": "its own node",
  nodes: "the nodes",
  "api-server": "the API server",
  ingress: "the ingress controller",
} as const;

function unitName(unit: Unit | undefined): string {
  switch (unit?.kind) {
    case "pods":
      return unit.group.name;
    case "entity":
      return entityNames[unit.entity];
    case "addresses": {
      const [first = "", ...others] = toCidrs([unit.from, unit.to]);
      return others.length > 0 ? `${first} and beyond` : first;
    }
    case "name":
      return unit.name;
    case undefined:
      return "nobody";
  }
}
