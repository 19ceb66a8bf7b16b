/**
 * Says who may talk to whom, and why, from manifests or from a cluster, without changing anything:
 * `npm run reachability -- --from-cluster | <files>` (docs/reachability.md).
 */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { formatProblem, type Problem } from "../model/problem.ts";
import { type Arguments, readArguments, usage } from "./reachability/arguments.ts";
import { type Outcome, run } from "./reachability/run.ts";

async function main(args: readonly string[]): Promise<number> {
  const read = readArguments(args);
  if ("help" in read) {
    console.log(usage);
    return 0;
  }
  if ("problems" in read) return refuse(read.problems, usage);
  // npm runs a script in the project's folder, and says where it was started.
  const { npm_lifecycle_event: script, INIT_CWD: started } = process.env;
  const folder = script === "reachability" && started !== undefined ? started : ".";
  const outcome = await run(read.asked, folder);
  if ("problems" in outcome) return refuse(outcome.problems);
  const unwritten = write(read.asked, outcome, folder);
  if (unwritten) return refuse([unwritten]);
  console.log(read.asked.json ? JSON.stringify(outcome.json, null, 2) : outcome.text);
  return outcome.code;
}

function write({ svg }: Arguments, outcome: Outcome, folder: string): Problem | undefined {
  if (svg === undefined || outcome.svg === undefined) return undefined;
  try {
    writeFileSync(resolve(folder, svg), outcome.svg);
    return undefined;
  } catch (error) {
    const message = `Cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)})`;
    return { path: `--svg ${svg}`, message, remedy: "give a file in a folder that is there" };
  }
}

function refuse(problems: readonly Problem[], below?: string): number {
  console.error([...problems.map(formatProblem), ...(below === undefined ? [] : ["", below])].join("\n"));
  return 2;
}

void main(process.argv.slice(2)).then((code) => (process.exitCode = code));
