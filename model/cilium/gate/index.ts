import { firstFew, type LiveNode } from "../../live-nodes.ts";
import type { LiveCluster } from "../../live.ts";
import type { Problem } from "../../problem.ts";
import type { Settings } from "../../settings.ts";
import { networkSizes } from "../../sizing/network-sizes.ts";
import { AgentOptions, agentState } from "../agent-checks/options.ts";
import { agentNodes } from "../placement.ts";
import { compareVersions, versionOf } from "../../version.ts";
import { settledChart } from "../values.ts";
import type { KernelNeed } from "./kernel-need.ts";
import { kernelNeeds } from "./kernel-needs.ts";
import { parseKernel } from "./kernel.ts";
import { judgeKubernetes } from "./kubernetes.ts";

/** What of the cluster the gate looks at. */
export type GatedCluster = Pick<LiveCluster, "nodes" | "kubernetesVersion">;

interface Judgement {
  /** What would not start. */
  readonly problems: readonly Problem[];
  /** What agents do without, or nobody has tested. */
  readonly warnings: readonly Problem[];
  /** What agents do without, and hardly miss: no preview needs to say it again. */
  readonly notes: readonly Problem[];
}

/** A node, or a declaration that stands for several. */
interface JudgedNode {
  readonly name: string;
  readonly kernel: string;
}

/**
 * Judges whether nodes and Kubernetes have what Cilium needs for what its values turn on: the live ones as
 * far as they are known, else the declared ones.
 */
export function judgeCluster(settings: Settings, live?: GatedCluster): Judgement {
  const values = settings.cilium.enabled
    ? settledChart(settings.cilium, networkSizes(settings).told)
    : undefined;
  if (!values) return { problems: [], warnings: [], notes: [] };
  const options = new AgentOptions(values);
  const there = agentNodes(settings.cilium, live?.nodes ?? []);
  const kernels = judgeKernels(settings, options, nodesToJudge(settings, there));
  const kubernetes =
    live?.kubernetesVersion === undefined
      ? { path: "cluster.kubernetesVersion", version: settings.cluster.kubernetesVersion }
      : { path: "cilium.version", version: live.kubernetesVersion };
  const api =
    kubernetes.version === undefined
      ? undefined
      : judgeKubernetes(values.version, kubernetes.version, kubernetes.path);
  return {
    problems: [
      ...there
        .filter(({ architecture }) => !architectures.includes(architecture || "amd64"))
        .map(withoutImage),
      ...kernels.problems,
      ...(api?.problems ?? []),
    ],
    warnings: [...kernels.warnings, ...(api?.warnings ?? [])],
    notes: kernels.notes,
  };
}

/** The oldest kernel that an agent runs on; undefined where none is known. */
export function oldestKernel(settings: Settings, live: GatedCluster): string | undefined {
  const there = agentNodes(settings.cilium, live.nodes);
  return byKernel(nodesToJudge(settings, there))[0]?.kernel;
}

/** Those that are there, else those that are declared. Virtual kubelets have no kernel to tell of. */
function nodesToJudge(settings: Settings, there: readonly LiveNode[]): readonly JudgedNode[] {
  const nodes = there.length > 0 ? there : declaredNodes(settings);
  return nodes.filter(({ kernel }) => versionOf(kernel).length > 0);
}

/** Those that Cilium has images for. */
const architectures = ["amd64", "arm64"];

const withoutImage = ({ name, architecture }: { name: string; architecture: string }): Problem => ({
  path: "cilium.values.nodeSelector",
  message: `Cilium has no image for ${architecture}, which ${name} is`,
  remedy: `keep the agent to nodes with ${architectures.join(" or ")} by a label`,
});

function declaredNodes({ cluster: { node, nodePools } }: Settings): JudgedNode[] {
  const declared = nodePools
    ? nodePools.map(({ name, kernel }) => ({ name: `pool ${name}`, kernel }))
    : [{ name: "cluster.node.kernel", kernel: node.kernel }];
  return declared.flatMap(({ name, kernel }) => (kernel === undefined ? [] : { name, kernel }));
}

function judgeKernels(
  { cluster, cilium }: Settings,
  options: AgentOptions,
  nodes: readonly JudgedNode[],
): Judgement {
  const state = agentState(options);
  const { minor } = options.version;
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const notes: Problem[] = [];
  for (const need of kernelNeeds) {
    const { since = 0, until = Infinity, isOn = () => true } = need;
    if (minor < since || minor >= until || cluster.kernelHas.includes(need.name)) continue;
    const without = byKernel(nodes.filter(({ kernel }) => verdict(need, kernel) !== "has it"));
    if (without.length === 0 || !isOn(options, state)) continue;
    const lacks = without.filter(({ kernel }) => verdict(need, kernel) === "lacks it");
    const path = need.key === undefined ? "cilium.version" : options.values.path(need.key);
    if (need.lost !== undefined) {
      if (lacks.length > 0) (need.isMinor ? notes : warnings).push(lossWarning(need, path, lacks));
    } else if (lacks.length > 0) problems.push(needProblem(need, path, lacks, cilium.version));
    else warnings.push(backPortWarning(need, path, without));
  }
  return { problems, warnings, notes };
}

/** Whether a kernel has what is needed. Red Hat's number does not tell, but for the base. */
function verdict(
  { kernel, redHat, backPort }: KernelNeed,
  release: string,
): "has it" | "lacks it" | "unknown" {
  const found = parseKernel(release);
  if (compareVersions(found.version, kernel) >= 0 || backPort?.test(release)) return "has it";
  if (!found.redHat) return "lacks it";
  if (!redHat) return "unknown";
  return found.redHat.build >= (redHat[found.redHat.major] ?? Infinity) ? "has it" : "lacks it";
}

function needProblem(need: KernelNeed, path: string, nodes: readonly JudgedNode[], chart: string): Problem {
  const isBase = need.key === undefined;
  return {
    path,
    message: `${older({ ...need, what: isBase ? `${need.what} ${chart}` : need.what }, nodes)}: no agent would start there`,
    remedy: `upgrade the kernel there, or ${isBase ? "use an older chart" : "turn it off"}; where the kernel has it all the same, say cluster.kernelHas: [${need.name}]`,
  };
}

const lossWarning = (need: KernelNeed, path: string, nodes: readonly JudgedNode[]): Problem => ({
  path,
  message: `${older(need, nodes)}: ${need.lost}`,
  remedy: `upgrade the kernel there, or ${need.settle}`,
});

const backPortWarning = (need: KernelNeed, path: string, nodes: readonly JudgedNode[]): Problem => ({
  path,
  message: `${older(need, nodes)}: without it no agent would start there, and the number of Red Hat's kernel does not tell`,
  remedy: `try it on one node, then say cluster.kernelHas: [${need.name}]`,
});

function older({ what, kernel }: KernelNeed, nodes: readonly JudgedNode[]): string {
  const names = nodes.map(({ name, kernel }) => `${name} (${kernel})`);
  return `${what} needs kernel ${kernel.join(".")}, and ${firstFew(names)} ${names.length === 1 ? "is" : "are"} older`;
}

/** The oldest first. */
const byKernel = (nodes: readonly JudgedNode[]): JudgedNode[] =>
  nodes.toSorted(
    (a, b) =>
      compareVersions(parseKernel(a.kernel).version, parseKernel(b.kernel).version) ||
      a.name.localeCompare(b.name),
  );
