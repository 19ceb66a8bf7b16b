/**
 * Says of every number of a stack what it is, why, and where it comes from, without a cluster:
 * `npm run explain -- <stack> [--json | --images]`. Instead of a stack's name the path of its file will do.
 */
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { formatProblem, type Problem } from "../model/problem.ts";
import { explain, renderExplanation, renderImages } from "./explanation.ts";
import { readStackFile, stackFileName, stacksIn } from "./stack-file.ts";

const usage = "usage: npm run explain -- <stack> [--json | --images]";

function main(args: readonly string[]): number {
  const parsed = readArguments(args);
  if (parsed === undefined) {
    const there = stacksIn(".");
    console.error(there.length === 0 ? usage : `${usage}\nstacks here: ${there.join(", ")}`);
    return 2;
  }
  const { stack, json, images } = parsed;
  const file = stack.endsWith(".yaml") ? stack : stackFileName(stack);
  const { config, problems } = readStackFile(file);
  if (!config) return refuse(file, problems);
  const found = explain(config);
  if (!found.explanation) return refuse(file, found.problems);
  if (images) {
    console.log(renderImages(found.explanation));
    const { unsure, lacking } = found.explanation.images;
    for (const problem of lacking) console.error(formatProblem(problem));
    if (unsure.length > 0) console.error(`perhaps with other tags: ${unsure.join(", ")}`);
    return 0;
  }
  console.log(
    json
      ? JSON.stringify({ file, ...found.explanation }, null, 2)
      : renderExplanation(found.explanation, basename(file), process.stdout.columns || 140),
  );
  return 0;
}

interface Arguments {
  readonly stack: string;
  readonly json: boolean;
  /** Only them, as lines for a script. */
  readonly images: boolean;
}

function readArguments(args: readonly string[]): Arguments | undefined {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: "boolean", default: false },
        images: { type: "boolean", default: false },
      },
    });
    const [stack, ...more] = positionals;
    const { json, images } = values;
    return stack === undefined || more.length > 0 || (json && images) ? undefined : { stack, json, images };
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
