import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { parse, YAMLError } from "yaml";
import { didYouMean } from "../model/did-you-mean.ts";
import type { Problem } from "../model/problem.ts";
import { isPlainObject } from "../model/cilium/merge-values.ts";
import { at } from "../model/tree.ts";
import { parseConfigValue, secretProblem } from "./config-value.ts";

/** The project of Pulumi.yaml, which stands before each key. */
export const project = "cluster-network";

/** Name of a stack's file. */
export const stackFileName = (stack: string): string => `Pulumi.${stack}.yaml`;

/** The configuration in a stack file, or why there is none; never both. */
export interface StackFile {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly problems: readonly Problem[];
}

/**
 * Reads the configuration of a stack from its file, as the engine would, without engine and cluster.
 * @param path - of the file, from the working directory
 * @returns keys without the project's name; those of other projects are left out
 */
export function readStackFile(path: string): StackFile {
  if (!existsSync(path)) return { problems: [missing(path)] };
  const document = parseYaml(path);
  if ("problem" in document) return { problems: [document.problem] };
  const config = at(document.value, "config") ?? {};
  if (!isPlainObject(config)) {
    return {
      problems: [
        {
          path: `${basename(path)}: config`,
          message: `${JSON.stringify(config)} is no object`,
          remedy: `write keys such as ${project}:cluster below it`,
        },
      ],
    };
  }
  const own = Object.entries(config)
    .filter(([key]) => key.startsWith(`${project}:`))
    .map(([key, value]) => [key.slice(project.length + 1), value] as const);
  const secrets = own.filter(([, value]) => at(value, "secure") !== undefined);
  if (secrets.length > 0) return { problems: secrets.map(([key]) => secretProblem(key)) };
  const values = own.map(([key, value]) => [
    key,
    typeof value === "string" ? parseConfigValue(value) : value,
  ]);
  return { config: Object.fromEntries(values) as Record<string, unknown>, problems: [] };
}

/** Stacks that have a file in a folder. */
export function stacksIn(folder: string): string[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? []).sort();
}

function missing(path: string): Problem {
  const folder = dirname(path);
  const stack = /^Pulumi\.(.+)\.yaml$/.exec(basename(path))?.[1] ?? path;
  const there = stacksIn(folder);
  return {
    path,
    message: `There is no such file${folder === "." ? "" : ` in ${folder}`}`,
    remedy:
      there.length === 0
        ? "run it in the folder of the stack files, or give the file's path"
        : didYouMean(stack, there),
  };
}

function parseYaml(path: string): { readonly value: unknown } | { readonly problem: Problem } {
  try {
    return { value: parse(readFileSync(path, "utf8")) as unknown };
  } catch (error) {
    if (!(error instanceof YAMLError)) throw error;
    const [position] = error.linePos ?? [];
    const where = position ? `${path}:${position.line}:${position.col}` : path;
    const [message = ""] = error.message.split(/ at line |\n/);
    return { problem: { path: where, message: `Not YAML (${message})`, remedy: "mend it there" } };
  }
}
