import { join } from "node:path";
import type { ClusterClient } from "../../components/cluster-client.ts";
import type { Values } from "../../model/cilium/merge-values.ts";
import { formatProblem } from "../../model/problem.ts";
import { readSettings, type Settings } from "../../model/settings.ts";
import type { Size } from "../../model/sizing/size.ts";
import { checkout } from "../control-plane/checkout.ts";
import { Engine, type Run } from "../engine.ts";
import { changes, errors, readEvents, streamingPreview, violations } from "../events.ts";
import { readStackFile } from "../stack-file.ts";
import { DemoError } from "./error.ts";
import { type Deployed, lineChanges, violationReport } from "./report.ts";
import type { Stage } from "./stage.ts";

const pack = join(checkout, "policy-pack");

/** The settings of the stack dev, as they stand in its file. */
export function devSettings(): Settings {
  const { settings, problems } = readSettings(readStackFile(join(checkout, "Pulumi.dev.yaml")));
  if (settings) return settings;
  throw new DemoError(["Pulumi.dev.yaml has problems:", ...problems.map(formatProblem)].join("\n  - "));
}

export interface Engines {
  /** Runs the example of a bad network. */
  readonly blocked: Engine;
  /** Runs the stack dev. */
  readonly dev: Engine;
}

/** Engines for a cluster, which end with the demo. */
export function enginesFor({ folder, ending }: Stage, bin: string, kubeconfig: string): Engines {
  const common = { bin, kubeconfig, env: streamingPreview };
  const blocked = new Engine({
    ...common,
    folder: join(folder, "blocked"),
    project: join(checkout, "examples/blocked"),
  });
  const dev = new Engine({ ...common, folder: join(folder, "engine") });
  for (const engine of [blocked, dev]) {
    ending.add(() => {
      engine.stop();
    });
  }
  return { blocked, dev };
}

/** Previews a bad network, and shows the rules that stop it. */
export async function showBlocked({ steps, style }: Stage, { blocked }: Engines): Promise<void> {
  await blocked.createStack("dev");
  const found = await steps.run(
    "A bad network at preview",
    async () => {
      const run = await blocked.preview("dev", "--json", "--policy-pack", pack);
      const broken = violations(readEvents(run.output)).filter(({ level }) => level === "mandatory");
      if (run.code === 0 || broken.length === 0)
        throw new DemoError(`The policy pack stopped nothing:\n${run.output}`);
      return broken;
    },
    (broken) => `stopped by ${broken.length} rules, before anything was created`,
  );
  console.log(`\n${violationReport(found, style)}\n`);
}

/**
 * Previews dev, deploys it with the policy pack, and previews it again.
 * @param over settings that are different here
 */
export async function deployDev({ steps }: Stage, { dev }: Engines, over: Values): Promise<void> {
  await dev.createStack("dev", over);
  const withPack = ["--json", "--policy-pack", pack];
  await steps.run("dev at preview", () => expectSuccess(dev.preview("dev", ...withPack)), countPlanned);
  await steps.run("dev deployed", () => expectSuccess(dev.up("dev", ...withPack)), countChanges);
  await steps.run("dev previewed again", () => expectSuccess(dev.preview("dev", "--json")), countChanges);
}

/** The Corefile in the cluster. */
export async function readCorefile({ core }: ClusterClient): Promise<string> {
  const { data } = await core.readNamespacedConfigMap({ namespace: "kube-system", name: "coredns" });
  return data?.Corefile ?? "";
}

/** Reads what the deployment has to show. @param corefile as it was before */
export async function readDeployed(
  { dev }: Engines,
  cluster: ClusterClient,
  corefile: string,
): Promise<Deployed> {
  const outputs = await dev.outputs("dev");
  const { apps } = cluster;
  const [agents, tuning] = await Promise.all(
    ["cilium", "cluster-network-node-tuning"].map((name) =>
      apps.readNamespacedDaemonSet({ namespace: "kube-system", name }),
    ),
  );
  return {
    chartVersion: outputs.chartVersion as string,
    agentsReady: `${agents?.status?.numberReady ?? 0}/${agents?.status?.desiredNumberScheduled ?? 0} ready`,
    policies: outputs.policies as Record<string, string>,
    proof: outputs.proof as string,
    sizes: outputs.sizes as Record<string, Size>,
    warnings: outputs.warnings as string[],
    corefileChanges: lineChanges(corefile, await readCorefile(cluster)),
    sysctls: tuning?.spec?.template.spec?.initContainers?.[0]?.args?.slice(1) ?? [],
  };
}

async function expectSuccess(running: Promise<Run>): Promise<Run> {
  const run = await running;
  if (run.code === 0) return run;
  const found = errors(readEvents(run.output));
  throw new DemoError(`The engine failed:\n${found.length > 0 ? found.join("\n") : run.output}`);
}

const countPlanned = (run: Run): string => countChanges(run).replace(/ created/, " to create");

function countChanges({ output }: Run): string {
  const names: Record<string, string> = {
    create: "created",
    update: "updated",
    same: "unchanged",
    delete: "deleted",
  };
  const counted = Object.entries(changes(readEvents(output))).map(([op, n]) => `${n} ${names[op] ?? op}`);
  return counted.join(", ");
}
