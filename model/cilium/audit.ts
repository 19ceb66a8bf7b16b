import type { LiveCluster, ReleaseContent } from "../live.ts";
import { at } from "../tree.ts";
import { AgentOptions } from "./agent-checks/options.ts";
import { ChartValues } from "./chart-rules/index.ts";
import { parseChartVersion } from "./chart-version.ts";
import type { Values } from "./merge-values.ts";

/**
 * Annotation of the agents' pods: whether they were started to audit. Agents read the option once, and the
 * chart restarts none for it, so this is another value whenever it is: policies that come to agents which
 * do not audit yet would deny.
 */
const mark = "cluster-network/policy-audit";

/** Whether agents of a release only log what policies would deny, by all that their configuration says. */
export const audits = (release: ReleaseContent): boolean => optionsOf(release).isOn("policy-audit-mode");

/**
 * Whether pods that run keep the options that they were started with over a restart of their agent, so
 * that neither the beginning of an audit nor its end comes to them.
 */
export const keepsOptions = (release: ReleaseContent): boolean => optionsOf(release).isOn("keep-config");

function optionsOf({ chartVersion, values }: ReleaseContent): AgentOptions {
  const version = parseChartVersion(chartVersion) ?? { minor: 14, patch: 0 };
  return new AgentOptions(new ChartValues(values, version, {}, new Map()));
}

/** Values that restart the agents when an audit begins or ends; the mark stays, for its going would restart them. */
export function restartToAudit(live: LiveCluster, wanted: ReleaseContent): Values {
  const begins = audits(wanted);
  const known = runningContents(live).some((content) => audits(content) || markOf(content) !== undefined);
  return begins || known ? { podAnnotations: { [mark]: String(begins) } } : {};
}

/** Whether a step between two releases restarts the agents for that. */
export const restartsToAudit = (before: Values, after: Values): boolean =>
  markOf({ values: before }) !== markOf({ values: after });

/** Whether, by the release that runs, policies deny nothing on some node; both count after a failed revision. */
export const isAudited = (live: Revisions): boolean => runningContents(live).some(audits);

type Revisions = Pick<LiveCluster, "release" | "deployedRelease">;

const runningContents = ({ release, deployedRelease }: Revisions): ReleaseContent[] =>
  [release, deployedRelease].flatMap((revision) =>
    revision?.status === "uninstalled" ? [] : (revision?.content ?? []),
  );

const markOf = ({ values }: Pick<ReleaseContent, "values">): unknown => at(values, "podAnnotations", mark);
