import { execFile } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { produce, productName, sweepUnused } from "./cache.ts";
import { ToolError } from "./errors.ts";
import type { Go } from "./go.ts";
import type { Program, Recipe } from "./program.ts";
import { type Command, commandLine, failure, run } from "./run.ts";

type GoRecipe = Extract<Recipe, { kind: "go" }>;
type FolderRecipe = Extract<Recipe, { kind: "folder" }>;

/** No build takes this long; a hanging download does. */
const LIMIT_MS = 60 * 60_000;

/**
 * Makes a program's product in the cache, unless another process is faster.
 * @param moduleFolder the Go module that pins the program
 * @returns the folder of the product
 */
export async function build(
  program: Program,
  moduleFolder: string,
  go: Go,
  cache: string,
  onWait: (line: string) => void,
): Promise<string> {
  const { recipe } = program;
  if (recipe.kind === "script") throw new Error(`${program.name} is a script: there is nothing to build`);
  const product = productName(program, moduleFolder);
  const log = join(cache, "logs", `${product}.log`);
  const folder = await produce(cache, product, onWait, async (temporary) => {
    writeFileSync(log, "");
    if (recipe.kind === "folder") {
      await fetchFolder(program, recipe, moduleFolder, go, temporary);
    } else {
      await compile(program, recipe, moduleFolder, go, temporary, log);
    }
  });
  sweepUnused(cache, program, product);
  return folder;
}

async function compile(
  program: Program,
  recipe: GoRecipe,
  moduleFolder: string,
  go: Go,
  temporary: string,
  log: string,
): Promise<void> {
  const linker = ["-s", "-w", ...(recipe.ldflags ?? [])].join(" ");
  const tags = recipe.tags ? ["-tags", recipe.tags.join(",")] : [];
  const output = join(temporary, program.name);
  const command: Command = {
    file: "go",
    args: ["build", "-trimpath", ...tags, "-ldflags", linker, "-o", output, recipe.package],
    cwd: recipe.embed ? await withEmbedded(program, recipe, moduleFolder, go, temporary) : moduleFolder,
    env: go.env,
  };
  const outcome = await run(command, log, { limitMs: LIMIT_MS });
  if (outcome.code !== 0) {
    throw failure(`Cannot build ${program.name} ${program.version}`, command, outcome, log, remedyFor);
  }
  if (recipe.embed) rmSync(command.cwd, { recursive: true });
  if (recipe.beside) {
    const folder = join(temporary, recipe.beside.folder);
    mkdirSync(folder);
    await copyFiles(program, recipe.beside, moduleFolder, go, folder);
  }
}

/** A copy of the module, beside whose main.go stand the files that it embeds: the checkout stays as it is. */
async function withEmbedded(
  program: Program,
  recipe: GoRecipe,
  moduleFolder: string,
  go: Go,
  temporary: string,
): Promise<string> {
  const source = join(temporary, "source");
  cpSync(moduleFolder, source, { recursive: true });
  if (recipe.embed) await copyFiles(program, recipe.embed, moduleFolder, go, source);
  return source;
}

async function copyFiles(
  program: Program,
  from: { readonly module: string; readonly files: readonly string[] },
  moduleFolder: string,
  go: Go,
  to: string,
): Promise<void> {
  const folder = await downloadModule(program, from.module, moduleFolder, go);
  for (const file of from.files) {
    const copy = join(to, basename(file));
    copyFileSync(join(folder, file), copy);
    // Go's module cache is read-only, and copies of its files are, too.
    chmodSync(copy, 0o644);
  }
}

async function fetchFolder(
  program: Program,
  recipe: FolderRecipe,
  moduleFolder: string,
  go: Go,
  temporary: string,
): Promise<void> {
  const folder = await downloadModule(program, recipe.module, moduleFolder, go);
  cpSync(join(folder, recipe.folder), temporary, { recursive: true });
  chmodSync(temporary, 0o755);
  for (const entry of readdirSync(temporary, { withFileTypes: true, recursive: true })) {
    chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
  }
}

/** Folder of a module in Go's own cache, downloaded when it is not there, checked against go.sum. */
async function downloadModule(program: Program, module: string, cwd: string, go: Go): Promise<string> {
  const command: Command = { file: "go", args: ["mod", "download", "-json", module], cwd, env: go.env };
  let answer: { Dir?: string; Error?: string };
  try {
    const { stdout } = await promisify(execFile)(command.file, command.args, {
      cwd,
      env: { ...process.env, ...command.env },
      timeout: LIMIT_MS,
    });
    answer = JSON.parse(stdout) as typeof answer;
  } catch (error) {
    // Go prints its answer on stdout also when it fails.
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    const told = /"Error": "(.*)"/.exec(stdout)?.[1] ?? (stderr.trim() || String(error));
    answer = { Error: told };
  }
  if (answer.Dir !== undefined) return answer.Dir;
  const reason = answer.Error ?? "go names no folder for it";
  throw new ToolError(
    [
      `Cannot get module ${module} for ${program.name} ${program.version}: ${reason}`,
      `  command      ${commandLine(command)}`,
      `  what to do   ${remedyFor(reason)}`,
    ].join("\n"),
  );
}

/** What helps against the usual reasons of Go's failures. */
export function remedyFor(output: string): string {
  if (/dial tcp|no such host|i\/o timeout|connection refused|TLS handshake|proxyconnect/.test(output)) {
    return "modules could not be downloaded: check the network and `go env GOPROXY`";
  }
  if (/checksum mismatch|SECURITY ERROR|missing go\.sum entry/.test(output)) {
    return "go.mod and go.sum do not fit what was downloaded: take both from the same commit; `go clean -modcache` discards damaged downloads";
  }
  if (/requires go >=|toolchain not available/.test(output)) {
    return "a newer Go is needed: see the version in the message, or set GOTOOLCHAIN=auto";
  }
  if (output.includes("no space left on device")) {
    return "the disk is full: the builds need about 14 GB in `go env GOCACHE` and `go env GOMODCACHE` together";
  }
  if (/signal: killed|cannot allocate memory|out of memory/.test(output)) {
    return "the compiler ran out of memory: close other programs, or set GOFLAGS=-p=1 for a slower build with less";
  }
  return "run the command by hand to see all of it";
}
