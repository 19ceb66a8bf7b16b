import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { V1ConfigMap, V1Pod } from "@kubernetes/client-node";
import { parse } from "yaml";
import type { Values } from "../../model/cilium/merge-values.ts";
import { isReady } from "../../model/late-pods.ts";
import { textOf } from "../../sandbox/control-plane/error.ts";
import { type Plane, podsOf, untilFound } from "./data-plane.ts";

/** The agent's options, each as text: the data of the ConfigMap `cilium-config`. */
export type AgentConfig = Readonly<Record<string, string>>;

const agents = "k8s-app=cilium";
const configMap = { namespace: "kube-system", name: "cilium-config" };

/** The agent's options as Helm renders them from values, with the chart that the data plane runs. */
export async function renderedConfig(
  { tools, folder }: Plane,
  helm: string,
  values: Values,
): Promise<AgentConfig> {
  const file = join(folder, "values.json");
  writeFileSync(file, JSON.stringify(values));
  const { stdout } = await promisify(execFile)(helm, [
    ...["template", "cilium", tools.path("cilium-chart-1.15"), "--namespace", configMap.namespace],
    ...["--values", file, "--kube-version", "1.36.3", "--show-only", "templates/cilium-configmap.yaml"],
  ]);
  // The chart writes some keys twice; the last one counts, for Helm as for us.
  return (parse(stdout, { uniqueKeys: false }) as V1ConfigMap).data ?? {};
}

/** The agent's options as the release has written them. */
export async function releasedConfig({ core }: Plane): Promise<AgentConfig> {
  return (await core.readNamespacedConfigMap(configMap)).data ?? {};
}

/** How the agent took its options. */
export interface AgentVerdict {
  /** It is ready, and Hubble runs where it was asked for. */
  readonly isHealthy: boolean;
  /** What it gives as the reason when it is not. */
  readonly says: string;
}

/** Starts the agent of the first node anew, with other options, and waits for how it takes them. */
export async function agentVerdict(plane: Plane, config: AgentConfig): Promise<AgentVerdict> {
  const { core, dataPlane } = plane;
  const old = await core.readNamespacedConfigMap(configMap);
  await core.replaceNamespacedConfigMap({ ...configMap, body: { ...old, data: { ...config } } });
  const [before] = await podsOf(plane, "kube-system", agents);
  const { name = "", uid } = before?.metadata ?? {};
  await core.deleteNamespacedPod({ name, namespace: "kube-system", gracePeriodSeconds: 1 });
  const node = dataPlane.state.nodes[0]?.name ?? "";
  return untilFound("the agent to start or to give a reason", 60, async () => {
    const [pod] = await podsOf(plane, "kube-system", agents);
    if (!pod || pod.metadata?.uid === uid) return undefined;
    const log = logOf(plane, pod);
    const [fatal] = reasonsIn(log, "fatal");
    if (fatal !== undefined) return { isHealthy: false, says: fatal };
    if (!isReady(pod)) return undefined;
    // The agent starts Hubble once it is ready, and goes on without it where that fails.
    if (config["enable-hubble"] !== "true") return { isHealthy: true, says: "" };
    const [error] = reasonsIn(log, "error", "hubble");
    if (error !== undefined) return { isHealthy: false, says: error };
    const { stdout } = await dataPlane.agent(node, "status");
    return /Hubble:\s+Ok/.test(stdout) ? { isHealthy: true, says: "" } : undefined;
  });
}

const logOf = ({ dataPlane }: Plane, { metadata }: V1Pod): string =>
  textOf(join(dataPlane.logs, "pods", "kube-system", metadata?.name ?? "", "cilium-agent.log"));

/** Message and error of each line of a level, and of a part of the agent where one is named. */
function reasonsIn(log: string, level: "fatal" | "error", part = ""): string[] {
  const lines = log
    .split("\n")
    .filter((line) => line.includes(`level=${level}`) && line.includes(`subsys=${part}`));
  return lines.map((line) => {
    const texts = [...line.matchAll(/ (?:msg|error)="((?:[^"\\]|\\.)*)"/g)].map(([, text = ""]) => text);
    return texts.join(": ").replaceAll('\\"', '"');
  });
}
