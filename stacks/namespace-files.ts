import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse, YAMLError } from "yaml";
import type { Problem } from "../model/problem.ts";
import { readSettings, type Settings } from "../model/settings.ts";

/** What a configuration holds, by key. */
type Raw = Readonly<Record<string, unknown>>;

/** A namespace of a file, and where it stands there. */
interface Found {
  readonly namespace: unknown;
  readonly path: string;
}

/**
 * Reads a configuration with the namespaces of the files that it names. The engine hands a configuration
 * over in an environment variable, of which Linux takes 128 KiB: some 150 namespaces with their flows.
 * @param folder - what the files' names are relative to
 * @returns the settings, or what is wrong with them, in the words of the files; never both
 */
export function readSettingsWithFiles(
  raw: Raw,
  folder = ".",
): { settings?: Settings; problems: readonly Problem[] } {
  const { namespaceFiles: patterns = [], namespaces: own = [] } = raw;
  // What is of another form is said by the settings' own check.
  const isReadable =
    Array.isArray(own) && Array.isArray(patterns) && patterns.every((one) => typeof one === "string");
  if (!isReadable || patterns.length === 0) return readSettings(raw);
  const found: Found[] = [];
  const problems: Problem[] = [];
  for (const pattern of patterns) {
    const files = globSync(pattern, { cwd: folder }).sort();
    if (files.length === 0) problems.push(noFile(pattern));
    for (const file of files) {
      const read = readNamespaces(resolve(folder, file), file);
      if ("problem" in read) problems.push(read.problem);
      else found.push(...read.found);
    }
  }
  if (problems.length > 0) return { problems };
  const result = readSettings({
    ...raw,
    namespaces: [...(own as unknown[]), ...found.map((one) => one.namespace)],
  });
  return { ...result, problems: result.problems.map((problem) => inFile(problem, own.length, found)) };
}

function readNamespaces(
  path: string,
  file: string,
): { readonly found: readonly Found[] } | { readonly problem: Problem } {
  try {
    const content = parse(readFileSync(path, "utf8")) as unknown;
    if (!Array.isArray(content)) return { problem: noList(file) };
    return { found: content.map((namespace: unknown, i) => ({ namespace, path: `${file}[${i}]` })) };
  } catch (error) {
    const what = error instanceof YAMLError ? "Not YAML" : "Cannot be read";
    const [line = ""] = (error as Error).message.split("\n");
    return { problem: { path: file, message: `${what} (${line})`, remedy: "mend it there" } };
  }
}

/** A problem of a namespace that stands in a file has its path there. */
function inFile(problem: Problem, own: number, found: readonly Found[]): Problem {
  const path = problem.path.replace(/\bnamespaces\[(\d+)\]/, (text, index: string) => {
    return found[Number(index) - own]?.path ?? text;
  });
  return { ...problem, path };
}

const noFile = (pattern: string): Problem => ({
  path: "namespaceFiles",
  message: `No file ${pattern}`,
  remedy: "name files relative to the program's folder; * stands for any part of a name",
});

const noList = (file: string): Problem => ({
  path: file,
  message: "Is no list",
  remedy: "write a list of namespaces, as below cluster-network:namespaces",
});
