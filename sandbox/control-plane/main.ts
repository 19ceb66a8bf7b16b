// Starts, shows and stops a control plane by hand.
import { relative, join } from "node:path";
import { parseArgs } from "node:util";
import { ensureTools, ToolError } from "../../toolchain/index.ts";
import { programsOf } from "../programs.ts";
import { checkout } from "./checkout.ts";
import { ControlPlaneError, startControlPlane, status, stopControlPlane } from "./index.ts";
import type { Programs } from "./index.ts";

const usage = `Usage: main.ts start [--name NAME] [--nodes N] [--cores N] [--memory 64GiB] [--programs FOLDER]
       main.ts status [--name NAME]
       main.ts stop [--name NAME] [--keep-logs]

  start      a Kubernetes cluster on 127.0.0.1 that runs until it is stopped
  --name     tells clusters apart; its files are in .sandbox/NAME (default: default)
  --nodes    simulated nodes (default: 3), each with --cores and --memory
  --programs a folder with control-plane, kwok and its stages (default: found or built)`;

const options = {
  name: { type: "string", default: "default" },
  nodes: { type: "string", default: "3" },
  cores: { type: "string", default: "16" },
  memory: { type: "string", default: "64GiB" },
  programs: { type: "string" },
  "keep-logs": { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>["values"];

/** @returns the process's exit code */
async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const folder = join(checkout, ".sandbox", values.name);
  if (values.help) return say(usage, 0);
  if (positionals.length > 1) return say(usage, 2);
  switch (positionals[0]) {
    case "start":
      return start(values);
    case "status":
      return show(values.name, folder);
    case "stop":
      if (!(await stopControlPlane(folder, { keepLogs: values["keep-logs"] }))) {
        return say(`${values.name}: nothing to stop`, 0);
      }
      return say(`${values.name}: stopped`, 0);
    case undefined:
    default:
      return say(usage, 2);
  }
}

async function start(values: Values): Promise<number> {
  const { name, nodes, cores, memory } = values;
  const started = await startControlPlane({
    programs: await programs(values.programs),
    name,
    nodes: { count: Number(nodes), cores: Number(cores), memory },
    detached: true,
  });
  const inSeconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
  say(
    `${name}: ready after ${inSeconds(started.timings.allReady)} ` +
      `(API server after ${inSeconds(started.timings.apiReady)})`,
    0,
  );
  return show(name, started.folder);
}

async function programs(folder: string | undefined): Promise<Programs> {
  if (folder === undefined) return programsOf(await ensureTools({ only: ["control-plane", "kwok"] }));
  const [controlPlane, kwok] = [join(folder, "control-plane"), join(folder, "kwok")];
  return { controlPlane, kwok: { path: kwok, stages: join(folder, "stages") } };
}

/** Exit code 0 when it runs, 3 when not, as of a service. */
async function show(name: string, folder: string): Promise<number> {
  const found = await status(folder);
  switch (found.state) {
    case "absent":
      return say(`${name}: not running`, 3);
    case "left over":
      return say(`${name}: not running; a crashed run left files that the next start removes`, 3);
    case "starting":
      return say(`${name}: being started by pid ${found.owner}`, 3);
    case "running": {
      const { nodes, server, supervisor, kubeconfig } = found;
      const seen = "error" in nodes ? nodes.error : `${nodes.ready} of ${nodes.all} nodes Ready`;
      say(`${name}: running at ${server}, ${seen} (pid ${supervisor})`, 0);
      return say(`  export KUBECONFIG=${relative(process.cwd(), kubeconfig)}`, 0);
    }
  }
}

function say(text: string, code: number): number {
  (code === 2 ? console.error : console.log)(text);
  return code;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    // Only these two, and parseArgs' own, are written to be read without a stack.
    const readable =
      error instanceof ControlPlaneError ||
      error instanceof ToolError ||
      (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS") === true;
    console.error(readable ? (error as Error).message : error);
    process.exitCode = 1;
  },
);
