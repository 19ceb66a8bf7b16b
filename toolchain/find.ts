import { execFile } from "node:child_process";
import { accessSync, constants, readdirSync, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import { promisify } from "node:util";
import type { Program } from "./program.ts";
import { compareVersions, findVersion, isWithin } from "./versions.ts";

/** A program that is on the machine already. */
export interface Found {
  readonly path: string;
  readonly version: string;
}

/** A program on PATH: it fits, or `reason` says why it does not. */
export type Lookup = Found | { readonly path: string; readonly reason: string };

/** The folders of PATH, without `ours`: what we put there must not count as found. */
export function pathFolders(ours: string, path = process.env.PATH ?? ""): string[] {
  const own = realPath(ours);
  return path.split(delimiter).filter((folder) => isAbsolute(folder) && realPath(folder) !== own);
}

/** The first executable file of that name in the folders. */
export function which(name: string, folders: readonly string[]): string | undefined {
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/**
 * Looks a program up in the folders and asks it for its version; undefined when it is
 * not there, or when no program of this kind is looked up on PATH.
 */
export async function lookUp(program: Program, folders: readonly string[]): Promise<Lookup | undefined> {
  const path = program.onPath && which(program.name, folders);
  if (program.onPath === undefined || path === undefined) return undefined;
  const { versionArguments, fits } = program.onPath;
  let version: string | undefined;
  try {
    const { stdout } = await promisify(execFile)(path, versionArguments, {
      timeout: 15_000,
      env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "1" },
    });
    version = findVersion(stdout);
  } catch (error) {
    return { path, reason: `it does not tell its version (${String(error).split("\n")[0] ?? ""})` };
  }
  if (version === undefined) return { path, reason: "it does not tell its version" };
  if (isWithin(version, fits)) return { path, version };
  return { path, reason: `it is version ${version}, and ${fits.atLeast} up to below ${fits.below} fits` };
}

/**
 * A program that belongs to an engine: in the folder where the engine really lies, as
 * Pulumi ships it, or in the folders of PATH, as some distributions do.
 */
export function companionOf(engine: string, name: string, folders: readonly string[]): string | undefined {
  return which(name, [dirname(realpathSync(engine)), ...folders]);
}

/** The newest version that fits of a provider which Pulumi has downloaded into one of its home folders. */
export function downloadedPlugin(program: Program, homes: readonly string[]): Found | undefined {
  const { plugin } = program;
  if (plugin === undefined) return undefined;
  const prefix = `resource-${plugin.name}-v`;
  return homes
    .map((home) => join(home, "plugins"))
    .flatMap((folder) => entries(folder).map((entry) => ({ entry, path: join(folder, entry, program.name) })))
    .filter(({ entry, path }) => entry.startsWith(prefix) && isExecutable(path))
    .map(({ entry, path }) => ({ path, version: entry.slice(prefix.length) }))
    .filter(({ version }) => isWithin(version, plugin.fits))
    .sort((a, b) => compareVersions(b.version, a.version))[0];
}

/** The user's own Pulumi home. */
export function userPulumiHome(): string {
  return process.env.PULUMI_HOME ?? join(homedir(), ".pulumi");
}

/** Names in a folder; none where there is no such folder. */
export function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Whether a path leads to a file that this user may run. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function realPath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}
