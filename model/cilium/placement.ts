import { type LiveNode, matches, osLabel, takes, type Toleration } from "../live-nodes.ts";
import type { LiveCluster } from "../live.ts";
import type { CiliumSettings, Settings } from "../settings.ts";
import type { OperatorNodes } from "../sizing/operator.ts";
import { atPath } from "../tree.ts";
import { parseChartVersion } from "./chart-version.ts";

/** The nodes that run an agent: all with Linux, unless the user's own values choose among them. */
export function agentNodes({ values }: CiliumSettings, nodes: readonly LiveNode[]): readonly LiveNode[] {
  return nodes.filter((node) => matches(node, selectorAt(values, "nodeSelector")));
}

/** How many of the live nodes take an operator; undefined where there is no node yet. */
export function operatorNodesOf(
  { cilium: { values, version } }: Settings,
  { nodes }: Pick<LiveCluster, "nodes">,
): OperatorNodes | undefined {
  if (nodes.length === 0) return undefined;
  const selector = selectorAt(values, "operator.nodeSelector");
  const own = atPath(values, "operator.tolerations");
  const minor = parseChartVersion(version)?.minor ?? 0;
  const tolerations = Array.isArray(own) ? (own as Toleration[]) : minor < 18 ? anything : controlPlane;
  const taking = nodes.filter((node) => matches(node, selector) && takes(node, tolerations));
  return { live: nodes.length, taking: taking.length };
}

/** The chart lays the user's labels over its own. */
const selectorAt = (values: CiliumSettings["values"], key: string): Record<string, unknown> => ({
  [osLabel]: "linux",
  ...(atPath(values, key) as Record<string, unknown> | undefined),
});

/** What operators tolerate. @see operator.tolerations in values.yaml of the charts 1.17.0 and 1.18.0 */
const anything: readonly Toleration[] = [{ operator: "Exists" }];
const controlPlane = ["control-plane", "master"].map((role) => ({
  key: `node-role.kubernetes.io/${role}`,
  operator: "Exists",
}));
