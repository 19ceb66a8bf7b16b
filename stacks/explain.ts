/**
 * Says of every number of a stack what it is, why, and where it comes from, without a cluster:
 * `npm run explain -- <stack> [--json]`. Instead of a stack's name the path of its file will do.
 */
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { formatProblem, type Problem } from "../model/problem.ts";
import { explain, renderExplanation } from "./explanation.ts";
import { readStackFile, stackFileName, stacksIn } from "./stack-file.ts";

const usage = "usage: npm run explain -- <stack> [--json]";

function main(args: readonly string[]): number {
  const parsed = readArguments(args);
  if (parsed === undefined) {
    const there = stacksIn(".");
    console.error(there.length === 0 ? usage : `${usage}\nstacks here: ${there.join(", ")}`);
    return 2;
  }
  const { stack, json } = parsed;
  const file = stack.endsWith(".yaml") ? stack : stackFileName(stack);
  const { config, problems } = readStackFile(file);
  if (!config) return refuse(file, problems);
  const found = explain(config);
  if (!found.explanation) return refuse(file, found.problems);
  console.log(
    json
      ? JSON.stringify({ file, ...found.explanation }, null, 2)
      : renderExplanation(found.explanation, basename(file), process.stdout.columns || 140),
  );
  return 0;
}

function readArguments(args: readonly string[]): { stack: string; json: boolean } | undefined {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: "boolean", default: false } },
    });
    const [stack, ...more] = positionals;
    return stack === undefined || more.length > 0 ? undefined : { stack, json: values.json };
  } catch {
    return undefined;
  }
}

function refuse(file: string, problems: readonly Problem[]): number {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  console.error([`${file} has ${count}:`, ...problems.map((p) => `  - ${formatProblem(p)}`)].join("\n"));
  return 1;
}

process.exitCode = main(process.argv.slice(2));
