/**
 * The main job on this machine: an embedded cluster, a bad network stopped at preview, the `dev` stack
 * deployed, and, where the machine can run a data plane, who reaches whom before and after.
 */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ToolError } from "../../toolchain/index.ts";
import { ControlPlaneError } from "../control-plane/index.ts";
import { DataPlaneError, folderOf, readMachine, shortcomings, stopDataPlane } from "../data-plane/index.ts";
import { DemoError } from "./error.ts";
import { Ending } from "./ending.ts";
import { measuredDemo, planeNodes } from "./measured.ts";
import { simulatedDemo } from "./simulated.ts";
import { defaultName, type Stage } from "./stage.ts";
import { Steps } from "./steps.ts";
import { isColoured, styleFor } from "./terminal.ts";

const usage = `Usage: npm run demo [-- OPTION...]

  --keep       leave the cluster up
  --stop       end one that was left up
  --simulated  do without packets, as where the machine cannot run a data plane
  --name NAME  a demo of its own, beside others`;

const options = {
  keep: { type: "boolean", default: false },
  stop: { type: "boolean", default: false },
  simulated: { type: "boolean", default: false },
  name: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

const style = styleFor(isColoured());
const ending = new Ending();

async function main(args: string[]): Promise<void> {
  const { keep, stop, simulated, name: given, help } = parseArgs({ args, options }).values;
  // It becomes a folder, which is removed in the end.
  if (given !== undefined && !/^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?$/.test(given)) {
    throw new DemoError(`--name is ${JSON.stringify(given)}: use lower case letters, digits and dashes`);
  }
  const name = given === undefined ? defaultName : `${defaultName}-${given}`;
  const folder = folderOf({ name });
  if (help) console.log(usage);
  else if (stop) await stopDemo(folder);
  else {
    if (isUp(folder)) await stopDemo(folder);
    rmSync(folder, { recursive: true, force: true });
    await demo({ name, folder, keep, steps: new Steps(style), style, ending }, simulated);
  }
}

async function demo(stage: Stage, simulated: boolean): Promise<void> {
  ending.add(() => {
    rmSync(stage.folder, { recursive: true, force: true });
  });
  try {
    await (!simulated && canMeasure() ? measuredDemo(stage) : simulatedDemo(stage));
  } catch (error) {
    await ending.run();
    throw error;
  }
}

/** Whether this machine can run a data plane; if not, it is told why. */
function canMeasure(): boolean {
  const [missing] = shortcomings(readMachine(), planeNodes);
  if (missing === undefined) return true;
  console.log("No data plane runs here, so who reaches whom is not measured:");
  console.log(`  ${missing.message}: ${missing.remedy}\n`);
  return false;
}

const isUp = (folder: string): boolean => existsSync(join(folder, "cluster"));

/** Stops a demo's cluster, of either kind: of a control plane without a data plane only the one is there. */
async function stopDemo(folder: string): Promise<void> {
  const wasUp = isUp(folder);
  await stopDataPlane(folder);
  // The engines' state is in it, too.
  rmSync(folder, { recursive: true, force: true });
  console.log(wasUp ? "The demo's cluster is stopped and its files are gone" : "No demo is up");
}

/** Errors whose message is all that the user needs. */
const told = [DemoError, DataPlaneError, ControlPlaneError, ToolError];

main(process.argv.slice(2)).catch((error: unknown) => {
  if (ending.isForced) return;
  const { message, stack, code } = error as Error & { readonly code?: string };
  const isMisused = code?.startsWith("ERR_PARSE_ARGS") === true;
  const isKnown = told.some((kind) => error instanceof kind);
  console.error(`\n${style.red(isMisused || isKnown ? message : String(stack))}`);
  if (isMisused) console.error(`\n${usage}`);
  process.exitCode = 1;
});
