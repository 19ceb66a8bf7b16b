// Not the whole SDK: its start would take a second of every run.
import * as runtime from "@pulumi/pulumi/runtime/rpc.js";
import { readdirSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import type { CommandInputs } from "./inputs.ts";

/** The outputs `assets` and `archive`: the files that the inputs' patterns choose, by relative path. */
export function collectAssets({ dir, assetPaths, archivePaths }: CommandInputs): Record<string, unknown> {
  const folder = resolve(dir ?? ".");
  return {
    ...(assetPaths && { assets: matchingFiles(folder, assetPaths) }),
    ...(archivePaths && {
      archive: {
        [runtime.specialSigKey]: runtime.specialArchiveSig,
        assets: matchingFiles(folder, archivePaths),
      },
    }),
  };
}

function matchingFiles(folder: string, patterns: readonly string[]): Record<string, unknown> {
  const rules = patterns.map((pattern) => {
    const excludes = pattern.startsWith("!");
    return { excludes, matches: toRegExp(excludes ? pattern.slice(1) : pattern) };
  });
  // The last rule that matches decides.
  const isChosen = (path: string) => rules.findLast(({ matches }) => matches.test(path))?.excludes === false;
  const files = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter(isChosen)
    .sort();
  return Object.fromEntries(
    files.map((path) => [
      path,
      { [runtime.specialSigKey]: runtime.specialAssetSig, path: join(folder, path) },
    ]),
  );
}

/** `**` matches anything, `*` and `?` anything but a slash. Classes and alternatives are not supported here. */
function toRegExp(pattern: string): RegExp {
  const unsupported = /[[\]{}\\]/.exec(pattern)?.[0];
  if (unsupported !== undefined) {
    throw new Error(`Pattern "${pattern}" has a "${unsupported}", which this stand-in does not support`);
  }
  const source = pattern.replace(/\*\*|[*?.+^$()|]/g, (found) => {
    if (found === "**") return ".*";
    if (found === "*") return "[^/]*";
    return found === "?" ? "[^/]" : `\\${found}`;
  });
  return new RegExp(`^${source}$`, "s");
}
