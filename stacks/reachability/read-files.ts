import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { nearest } from "../../model/did-you-mean.ts";
import type { Problem } from "../../model/problem.ts";
import { type ReadManifests, readText } from "./read-text.ts";

/**
 * Reads a file, or all YAML and JSON files of a folder and of those in it, hidden ones excepted.
 * @param path - as the user gave it
 * @param from - the folder that it is relative to
 */
export function readPath(path: string, from = "."): ReadManifests {
  const absolute = resolve(from, path);
  const isFolder = statSync(absolute, { throwIfNoEntry: false })?.isDirectory();
  if (isFolder === undefined) return refused(missing(path, absolute));
  if (!isFolder) return readFile(path, absolute);
  const files = filesIn(absolute);
  if (files.length === 0) {
    const remedy = "give the folder of the manifests, or - with what renders them before a pipe";
    return refused({ path, message: "There is no YAML or JSON file in this folder", remedy });
  }
  const read = files.map((file) => readFile(join(path, file), join(absolute, file)));
  return {
    found: read.flatMap(({ found }) => found),
    problems: read.flatMap(({ problems }) => problems),
  };
}

const refused = (problem: Problem): ReadManifests => ({ found: [], problems: [problem] });

function readFile(name: string, absolute: string): ReadManifests {
  try {
    return readText(name, readFileSync(absolute, "utf8"));
  } catch (error) {
    const message = `Cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`;
    return refused({ path: name, message, remedy: "check its rights" });
  }
}

/** In the order of their names, with the path from the folder. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith(".") && name !== "node_modules")
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const { name } = entry;
      // A link to a folder may lead back to where it stands.
      if (entry.isDirectory()) return filesIn(join(folder, name)).map((file) => join(name, file));
      return /\.(ya?ml|json)$/.test(name) ? [name] : [];
    });
}

function missing(path: string, absolute: string): Problem {
  const folder = statSync(dirname(absolute), { throwIfNoEntry: false });
  const there = folder?.isDirectory() ? readdirSync(dirname(absolute)) : [];
  const near = nearest(basename(path), there);
  return {
    path,
    message: "There is no such file or folder",
    remedy: near === undefined ? "check the path" : `did you mean ${join(dirname(path), near)}?`,
  };
}
