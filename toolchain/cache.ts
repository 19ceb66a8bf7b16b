import { createHash } from "node:crypto";
import { chmodSync, closeSync, existsSync, fsyncSync, mkdirSync, mkdtempSync, openSync } from "node:fs";
import { readFileSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { arch } from "node:os";
import { join } from "node:path";
import { CACHE_VARIABLE, cacheRoot } from "./cache-root.mjs";
import { codeOf, explainReadOnly } from "./errors.ts";
import { withLock } from "./lock.mjs";
import type { Program } from "./program.ts";

export { cacheRoot };

/** A product that nobody used for this long goes when a newer one of its program is made. */
const UNUSED_MS = 30 * 24 * 60 * 60_000;

/** This machine as Go names it: "linux-amd64". */
export function platform(): { readonly os: string; readonly arch: string } {
  return { os: process.platform, arch: { x64: "amd64", ia32: "386" }[arch() as string] ?? arch() };
}

/**
 * Identifies what a recipe makes on this machine: it changes with the module that pins
 * the program (go.mod, go.sum), the sources there as far as they are compiled, the
 * program's recipe and version, and the platform.
 */
export function productName(program: Program, moduleFolder: string): string {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([program.name, program.version, program.recipe]));
  const sources = existsSync(moduleFolder) ? sourcesOf(program, moduleFolder) : [];
  for (const file of sources) {
    const content = readFileSync(join(moduleFolder, file));
    hash.update(`\n${file} ${content.length}\n`).update(content);
  }
  const here = platform();
  return [program.name, program.version, hash.digest("hex").slice(0, 16), here.os, here.arch].join("-");
}

/** The files of the module that the recipe reads, relative to it; those in sub-folders as well. */
function sourcesOf({ recipe }: Program, moduleFolder: string): string[] {
  // A package or folder of a dependency is fixed by the pin alone.
  const compilesOurs = recipe.kind === "go" && recipe.package.startsWith(".");
  const isSource = (file: string) =>
    file === "go.mod" ||
    file === "go.sum" ||
    (compilesOurs && file.endsWith(".go") && !file.endsWith("_test.go"));
  return readdirSync(moduleFolder, { encoding: "utf8", recursive: true }).filter(isSource).sort();
}

/** Folder of a finished product, or undefined. A product is there as a whole or not at all. */
export function finishedProduct(root: string, product: string): string | undefined {
  const folder = join(root, "programs", product);
  if (!existsSync(folder)) return undefined;
  try {
    // The time of last use, for sweeping; a cache that is only readable serves as well.
    const now = new Date();
    utimesSync(folder, now, now);
  } catch (error) {
    if (!["EACCES", "EPERM", "EROFS"].includes(codeOf(error))) throw error;
  }
  return folder;
}

/**
 * Makes a product once, however many processes want it: under its lock, `make` fills a
 * temporary folder, which becomes the product by one rename. A process killed on the
 * way leaves a temporary folder only, which the next one that makes it deletes.
 * @returns the product's folder
 */
export async function produce(
  root: string,
  product: string,
  onWait: (line: string) => void,
  make: (temporary: string) => Promise<void>,
): Promise<string> {
  const finished = join(root, "programs", product);
  writable(root);
  return withLock(
    join(root, "locks", product),
    `making ${product}`,
    async () => {
      if (existsSync(finished)) return finished;
      for (const entry of readdirSync(join(root, "programs"))) {
        if (entry.startsWith(`${product}.tmp-`)) {
          rmSync(join(root, "programs", entry), { recursive: true, force: true });
        }
      }
      // A name of its own: the compiler of a killed build may still write into the last one.
      const temporary = mkdtempSync(`${finished}.tmp-`);
      chmodSync(temporary, 0o755);
      await make(temporary);
      flush(temporary);
      renameSync(temporary, finished);
      return finished;
    },
    { onWait },
  );
}

/** Throws a ToolError when nothing can be written in the cache. */
export function writable(root: string): void {
  explainReadOnly(root, CACHE_VARIABLE, () => {
    for (const folder of ["programs", "locks", "logs"]) mkdirSync(join(root, folder), { recursive: true });
    // A folder that exists may still refuse new entries.
    const probe = join(root, `.probe-${process.pid}`);
    closeSync(openSync(probe, "w"));
    rmSync(probe);
  });
}

/** Deletes the products of a program, other than `current`, that nobody used for 30 days. */
export function sweepUnused(root: string, program: Program, current: string): void {
  const folder = join(root, "programs");
  for (const entry of readdirSync(folder)) {
    // The whole version counts: "pulumi-language-nodejs-3.68.0-…" is none of "pulumi", and
    // "cilium-chart-1.15-1.15.19-…" none of "cilium-chart".
    if (entry === current || !new RegExp(`^${program.name}-\\d+\\.\\d+\\.\\d+-`).test(entry)) continue;
    const used = statSync(join(folder, entry), { throwIfNoEntry: false })?.mtimeMs;
    if (used !== undefined && Date.now() - used > UNUSED_MS) {
      rmSync(join(folder, entry), { recursive: true, force: true });
    }
  }
}

/** Puts the files of a folder on the disk, so that no power loss leaves a finished name with empty files. */
function flush(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const file = openSync(join(entry.parentPath, entry.name), "r");
    fsyncSync(file);
    closeSync(file);
  }
}
