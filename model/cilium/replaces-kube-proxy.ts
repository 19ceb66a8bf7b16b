import type { LiveCluster, ReleaseContent } from "../live.ts";
import { at } from "../tree.ts";
import { AgentOptions, agentState } from "./agent-checks/options.ts";
import { ChartValues } from "./chart-rules/index.ts";
import { parseChartVersion } from "./chart-version.ts";
import type { Values } from "./merge-values.ts";

/** Annotation of the agents' pods that began to replace kube-proxy in a cluster where they ran before. */
const since = "cluster-network/replaces-kube-proxy";

/** Whether the agents of a release serve all Services themselves, by all that their configuration says. */
export function replacesKubeProxy({ chartVersion, values }: ReleaseContent): boolean {
  const version = parseChartVersion(chartVersion) ?? { minor: 14, patch: 0 };
  return agentState(new AgentOptions(new ChartValues(values, version, {}, new Map()))).kubeProxyReplacement;
}

/**
 * Values that restart the agents when they come to replace kube-proxy. The chart restarts none for another
 * configuration, and an agent that still runs by the old one serves nobody once kube-proxy is gone. It
 * stays afterwards, for taking it away would restart them once more.
 */
export function restartToReplace(live: LiveCluster, wanted: ReleaseContent): Values {
  if (!replacesKubeProxy(wanted)) return {};
  const running = [live.release, live.deployedRelease].flatMap((revision) => revision?.content ?? []);
  const begins = running.some((content) => !replacesKubeProxy(content));
  return begins || running.some(isMarked) ? { podAnnotations: { [since]: "true" } } : {};
}

/** Whether a step between two releases restarts the agents for that. */
export const restartsToReplace = (before: Values, after: Values): boolean =>
  isMarked({ values: before }) !== isMarked({ values: after });

const isMarked = ({ values }: Pick<ReleaseContent, "values">): boolean =>
  at(values, "podAnnotations", since) !== undefined;
