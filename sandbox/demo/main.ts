/**
 * The main job on this machine: an embedded cluster, a bad network stopped at preview, and the `dev`
 * stack deployed for real. `--keep` leaves it up, `--stop` ends one that was left up.
 */
import { existsSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { openCluster } from "../../components/cluster-client.ts";
import { resolveFlows } from "../../model/policies/flows.ts";
import { readSettings } from "../../model/settings.ts";
import type { Size } from "../../model/sizing/size.ts";
import { ensureTools } from "../../toolchain/index.ts";
import { checkout } from "../control-plane/checkout.ts";
import { ControlPlaneError, startControlPlane, stopControlPlane } from "../control-plane/index.ts";
import { Engine, type Run } from "../engine.ts";
import { changes, errors, readEvents, streamingPreview, violations } from "../events.ts";
import { readStackFile } from "../stack-file.ts";
import { programsOf } from "../programs.ts";
import { type Deployed, deploymentReport, lineChanges, violationReport } from "./report.ts";
import { isColoured, styleFor } from "./terminal.ts";

const folder = join(checkout, ".sandbox", "demo");
const clusterFolder = join(folder, "cluster");
const pack = join(checkout, "policy-pack");
const nodes = { count: 3, cores: 4, memory: "8GiB", kernelVersion: "6.1.0" };
const style = styleFor(isColoured());

/** Something did not go as it should; the message is all that the user needs. */
class DemoError extends Error {}

async function main(args: readonly string[]): Promise<void> {
  const unknown = args.filter((arg) => !["--keep", "--stop"].includes(arg));
  if (unknown.length > 0) throw new DemoError(`Unknown option ${unknown.join(" ")}: use --keep or --stop`);
  if (args.includes("--stop")) return stop();
  await demo(args.includes("--keep"));
}

async function stop(): Promise<void> {
  const running = existsSync(clusterFolder);
  if (running) await stopControlPlane(clusterFolder);
  rmSync(folder, { recursive: true, force: true });
  console.log(running ? "The demo's cluster is stopped and its files are gone" : "No demo is up");
}

async function demo(keep: boolean): Promise<void> {
  if (existsSync(clusterFolder)) await stop();
  rmSync(folder, { recursive: true, force: true });

  // Says itself what it does: on a first run for many minutes.
  const tools = await ensureTools();
  const cluster = await step(
    "Cluster",
    () =>
      startControlPlane({
        programs: programsOf(tools),
        name: "demo",
        folder: clusterFolder,
        nodes,
        detached: keep,
      }),
    () => `Kubernetes 1.36 on loopback, ${nodes.count} simulated nodes; your kubeconfig is not touched`,
  );
  const common = { bin: tools.bin, kubeconfig: cluster.kubeconfig, env: streamingPreview };
  const blocked = new Engine({
    ...common,
    folder: join(folder, "blocked"),
    project: join(checkout, "examples/blocked"),
  });
  const deployed = new Engine({ ...common, folder: join(folder, "engine") });
  const end = async (): Promise<void> => {
    blocked.stop();
    deployed.stop();
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  onSignal(end);
  try {
    await showBlocked(blocked);
    await showDeployed(deployed, cluster.kubeconfig, tools.path("cilium-chart"));
    await leave(keep, cluster.kubeconfig, end);
  } catch (error) {
    if (!ending) await end();
    throw error;
  }
}

async function showBlocked(engine: Engine): Promise<void> {
  await engine.createStack("dev");
  const found = await step(
    "A bad network at preview",
    async () => {
      const run = await engine.preview("dev", "--json", "--policy-pack", pack);
      const broken = violations(readEvents(run.output)).filter(({ level }) => level === "mandatory");
      if (run.code === 0 || broken.length === 0)
        throw new DemoError(`The policy pack stopped nothing:\n${run.output}`);
      return broken;
    },
    (broken) => `stopped by ${broken.length} rules, before anything was created`,
  );
  console.log(`\n${violationReport(found, style)}\n`);
}

async function showDeployed(engine: Engine, kubeconfig: string, chart: string): Promise<void> {
  process.env.KUBECONFIG = kubeconfig;
  const { core, apps } = await openCluster();
  const readCorefile = async (): Promise<string> =>
    (await core.readNamespacedConfigMap({ namespace: "kube-system", name: "coredns" })).data?.Corefile ?? "";
  const before = await readCorefile();

  // The nodes are simulated: no address of theirs leads to the API server, so one is made up.
  const here = {
    cluster: { apiServer: { host: "10.0.0.10", port: 6443 } },
    cilium: { chart: { path: chart } },
  };
  await engine.createStack("dev", here);
  const withPack = ["--json", "--policy-pack", pack];
  await step("dev at preview", () => expectSuccess(engine.preview("dev", ...withPack)), countPlanned);
  await step("dev deployed", () => expectSuccess(engine.up("dev", ...withPack)), countChanges);
  await step("dev previewed again", () => expectSuccess(engine.preview("dev", "--json")), countChanges);

  const outputs = await engine.outputs("dev");
  const agents = await apps.readNamespacedDaemonSet({ namespace: "kube-system", name: "cilium" });
  const tuning = await apps.readNamespacedDaemonSet({
    namespace: "kube-system",
    name: "cluster-network-node-tuning",
  });
  const deployed: Deployed = {
    chartVersion: outputs.chartVersion as string,
    agentsReady: `${agents.status?.numberReady ?? 0}/${agents.status?.desiredNumberScheduled ?? 0} ready`,
    policies: outputs.policies as Record<string, string>,
    sizes: outputs.sizes as Record<string, Size>,
    warnings: outputs.warnings as string[],
    corefileChanges: lineChanges(before, await readCorefile()),
    sysctls: tuning.spec?.template.spec?.initContainers?.[0]?.args?.slice(1) ?? [],
    flows: declaredFlows(engine.stackFile("dev")),
  };
  console.log(`\n${deploymentReport(deployed, style)}`);
}

async function leave(keep: boolean, kubeconfig: string, end: () => Promise<void>): Promise<void> {
  const kubectl = `kubectl --kubeconfig ${relative(process.cwd(), kubeconfig)}`;
  const lines = [
    "The nodes are simulated: objects, roll-outs and the API are real, but no packet flows and no sysctl is written here.",
    "",
    `${style.bold("Look around")}   ${kubectl} get networkpolicies -A`,
    `              ${kubectl} -n kube-system get pods -o wide`,
    `              ${kubectl} -n kube-system get configmap coredns -o yaml`,
  ];
  const interactive = process.stdin.isTTY && process.stdout.isTTY;
  if (keep) console.log([...lines, `${style.bold("Stop")}          npm run demo -- --stop`].join("\n"));
  else if (interactive) {
    console.log([...lines, `${style.bold("Stop")}          Ctrl-C`].join("\n"));
    await new Promise(() => setInterval(() => undefined, 60_000));
  } else {
    console.log(lines[0]);
    await end();
    console.log("The cluster is stopped again: `npm run demo -- --keep` leaves it up");
  }
}

let stepNumber = 0;

/** Runs a step of the demo and prints one line: number, what, seconds, result. */
async function step<T>(title: string, body: () => Promise<T>, say: (result: T) => string): Promise<T> {
  const began = Date.now();
  const head = `${++stepNumber}  ${title.padEnd(26)}`;
  if (process.stdout.isTTY) process.stdout.write(`${head}…`);
  const result = await body();
  const seconds = `${((Date.now() - began) / 1000).toFixed(1)} s`.padStart(7);
  const erase = process.stdout.isTTY ? "\r\u001b[K" : "";
  console.log(`${erase}${style.bold(head)}${style.dim(seconds)}  ${say(result)}`);
  return result;
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

function declaredFlows(stackFile: string): Deployed["flows"] {
  return resolveFlows(readSettings(readStackFile(stackFile)).settings?.namespaces ?? []).flows;
}

/** Set once a signal ends the demo: what breaks from then on is no news. */
let ending = false;

function onSignal(end: () => Promise<void>): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (ending) return;
      ending = true;
      console.log("\nStopping …");
      void end().finally(() => process.exit(signal === "SIGINT" ? 130 : 143));
    });
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  if (ending) return;
  const known =
    error instanceof DemoError || error instanceof ControlPlaneError || (error as Error).name === "ToolError";
  console.error(`\n${style.red(known ? (error as Error).message : String((error as Error).stack))}`);
  process.exitCode = 1;
});
