import { agentsSecret } from "../hubble-certificates/chart-values.ts";
import type { ReleaseContent } from "../live.ts";
import type { Problem } from "../problem.ts";
import { restartsToAudit } from "./audit.ts";
import { changesOnTheWay, type ChangeOnTheWay } from "./breaking-changes/index.ts";
import { type DatapathEffect, datapathEffects, effectiveValues } from "./datapath/index.ts";
import { isAuditAlone } from "./datapath/policy.ts";
import type { Values } from "./merge-values.ts";
import { restartsToReplace } from "./replaces-kube-proxy.ts";
import { directionOf, pathProblems } from "./upgrade-path.ts";

/** A revision of the release as it stands in the cluster. */
export interface Installed {
  readonly revision: number;
  /** Helm's word: deployed, or failed and pending-… for one whose values only some nodes may have. */
  readonly status: string;
  readonly chartVersion: string;
  /** The values it was given, without the chart's defaults. */
  readonly values: Values;
}

export interface UpgradeInput {
  /**
   * The revisions that may be running, newest first: the one that is deployed, and one that failed or was
   * interrupted after it. Empty when Cilium is not installed.
   */
  readonly installed: readonly Installed[];
  readonly wanted: ReleaseContent;
  /** `allowDatapathChange`. */
  readonly consent: boolean;
  /** Whether the namespaces' stages say that an audit begins or ends: setting them is agreeing to it. */
  readonly auditIsStaged: boolean;
  /** Oldest kernel among the nodes, where it is declared. */
  readonly kernel?: string | undefined;
}

/** What a deployment changes of the Cilium that runs; a stack output. */
export interface UpgradeReport {
  readonly from: string;
  readonly to: string;
  /** When the nodes take it up. */
  readonly takesEffect: string;
  readonly effects: readonly DatapathEffect[];
  readonly breakingChanges: readonly {
    readonly version: string;
    readonly what: string;
    readonly concerns: string;
    readonly remedy: string;
  }[];
}

export interface Judgement {
  /** What stands in the step's way. */
  readonly problems: readonly Problem[];
  /** What deserves a look, but stops nothing. */
  readonly warnings: readonly string[];
  /** What it changes; undefined when that is neither the version nor running traffic. */
  readonly report?: UpgradeReport | undefined;
}

/** Judges the step from what is installed to what is wanted. */
export function judgeUpgrade(input: UpgradeInput): Judgement {
  const { installed, wanted, consent, auditIsStaged } = input;
  const steps = installed.map((from) => judgeStep(from, input));
  const path = distinct(steps.flatMap((step) => step.path));
  const effects = distinct(steps.flatMap((step) => step.effects));
  const changes = distinct(steps.flatMap((step) => step.changes));
  const notes = distinct(steps.flatMap((step) => step.notes));

  const toAgreeTo = effects.filter(
    (effect) => effect.needsConsent && !(auditIsStaged && isAuditAlone(effect)),
  );
  const broken = changes.filter(({ concern }) => concern?.verdict === "breaks");
  const toLookAt = changes.filter(({ concern }) => concern?.verdict === "look");
  const changesVersion = installed.some(({ chartVersion }) => chartVersion !== wanted.chartVersion);
  const restarts = installed.some((from) => restartsAgents(from, wanted));
  const problems = [
    ...path,
    ...broken.map(breakingProblem),
    ...(consent ? [] : toAgreeTo.map(consentProblem)),
  ];
  const idleConsent = consent && installed.length > 0 && toAgreeTo.length === 0;
  return {
    problems,
    warnings: [
      ...notes,
      ...toLookAt.map(lookWarning),
      ...effects.map(sayEffect),
      ...(idleConsent ? [consentIsLeft] : []),
    ],
    report:
      changesVersion || effects.length > 0
        ? {
            from: installed.map(described).join(", over "),
            to: wanted.chartVersion,
            takesEffect: takesEffect(restarts, wanted.values),
            effects,
            breakingChanges: changes.map(listed),
          }
        : undefined,
  };
}

/** One step, from one of the revisions that may be running. */
function judgeStep(from: Installed, { installed, wanted, kernel }: UpgradeInput) {
  const before = effectiveValues(from.chartVersion, from.values);
  const after = effectiveValues(wanted.chartVersion, wanted.values);
  // An installation that never came up is nothing to start from, so any version may follow it.
  const cameUp = installed.some(({ status }) => status === "deployed");
  const path = cameUp ? pathProblems(from.chartVersion, wanted.chartVersion) : [];
  // What a step does that must not be taken is no help, and its list is long.
  if (path.length > 0) return { path, effects: [], changes: [], notes: [] };
  return {
    path,
    effects: datapathEffects(before, after),
    changes: changesOnTheWay({ before, after, kernel }),
    notes: notesOf(from, wanted.chartVersion, after.isOn("l7Proxy")),
  };
}

function notesOf({ chartVersion }: Installed, wanted: string, proxies: boolean): string[] {
  const direction = directionOf(chartVersion, wanted);
  if (direction === "same") return [];
  const goesBack = `Cilium goes back from ${chartVersion} to ${wanted}: objects that only the newer version knows have to go first`;
  const resets = `Cilium ${chartVersion} → ${wanted}: connections through L7 policies, Ingress and Gateway are reset once on each node, as with every version; all others stay`;
  return [...(direction === "down" ? [goesBack] : []), ...(proxies ? [resets] : [])];
}

/** Whether their pod template becomes another one, as far as it follows from what this program does. */
const restartsAgents = (before: ReleaseContent, after: ReleaseContent): boolean =>
  before.chartVersion !== after.chartVersion ||
  restartsToReplace(before.values, after.values) ||
  restartsToAudit(before.values, after.values) ||
  agentsSecret(effectiveValues(before.chartVersion, before.values)) !==
    agentsSecret(effectiveValues(after.chartVersion, after.values));

/** The chart restarts agents for another pod template, but not for another configuration unless it is told to. */
function takesEffect(restarts: boolean, values: Values): string {
  const follows = values.rollOutCiliumPods === true;
  return restarts || follows
    ? "node by node, as the agents are rolled out"
    : "on each node at the next start of its agent: `kubectl -n kube-system rollout restart daemonset/cilium` brings it on";
}

function breakingProblem({ version, what, concern, remedy }: ChangeOnTheWay): Problem {
  return {
    path: "cilium.version",
    message: `${what} (Cilium ${version}), and ${concern?.because ?? ""}`,
    remedy,
  };
}

function consentProblem(effect: DatapathEffect): Problem {
  return {
    path: "cilium",
    message: sayEffect(effect),
    remedy: "keep it as it is, or agree by allowDatapathChange: true for this deployment",
  };
}

/** What changes, which traffic it concerns for how long, and why. */
function sayEffect({ what, keys, from, to, traffic, why, lasts, needsConsent }: DatapathEffect): string {
  const named = keys.length > 0 ? ` (${keys.join(", ")})` : "";
  return `Changes ${what}${named}: ${from} → ${to}. ${needsConsent ? "Hurts" : "Concerns"} ${traffic} (${lasts}): ${why}`;
}

const lookWarning = ({ version, what, concern, remedy }: ChangeOnTheWay): string =>
  `Cilium ${version}: ${what} (${concern?.because ?? ""}): ${remedy}`;

const consentIsLeft =
  "allowDatapathChange is on and nothing needs it: take it out, or the next change goes through unseen";

const described = ({ chartVersion, revision, status }: Installed): string =>
  `${chartVersion} (revision ${revision}, ${status})`;

const listed = ({ version, what, concern, remedy }: ChangeOnTheWay) => ({
  version,
  what,
  concerns: concern ? `${concern.verdict}: ${concern.because}` : "nothing in this configuration",
  remedy,
});

/** The items without repetitions. */
const distinct = <T>(items: readonly T[]): T[] => [
  ...new Map(items.map((item) => [JSON.stringify(item), item])).values(),
];
