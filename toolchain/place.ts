import {
  chmodSync,
  constants,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
} from "node:fs";
import { renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { codeOf, explainReadOnly } from "./errors.ts";

/** The variable that puts the folder `.tools` elsewhere, for a checkout that is only readable. */
export const TOOLS_VARIABLE = "CLUSTER_NETWORK_TOOLS";

/** Makes `bin/name` a symbolic link to `target`, at once and without a moment in which it is missing. */
export function placeLink(bin: string, name: string, target: string): void {
  if (linkTarget(join(bin, name)) === target) return;
  replace(bin, name, (temporary) => symlinkSync(target, temporary));
}

/**
 * Makes `bin/name` the same file as `target`, by a hard link or, across file systems,
 * a copy. The engine looks for its companions where its own file really lies, and warns
 * of each that PATH finds elsewhere: a symbolic link would send it to the cache.
 */
export function placeFile(bin: string, name: string, target: string): void {
  if (isSameFile(join(bin, name), target)) return;
  replace(bin, name, (temporary) => {
    try {
      linkSync(target, temporary);
    } catch (error) {
      if (!["EXDEV", "EPERM", "EMLINK", "ENOTSUP"].includes(codeOf(error))) throw error;
      copyFileSync(target, temporary, constants.COPYFILE_FICLONE);
      const { atime, mtime } = statSync(target);
      utimesSync(temporary, atime, mtime);
    }
  });
}

/** Makes `bin/name` an executable file with that text. */
export function placeScript(bin: string, name: string, text: string): void {
  const path = join(bin, name);
  if (linkTarget(path) === undefined && read(path) === text) return;
  replace(bin, name, (temporary) => {
    writeFileSync(temporary, text);
    chmodSync(temporary, 0o755);
  });
}

/** True for a file of its own that is a script for sh. */
export function isScript(path: string): boolean {
  return linkTarget(path) === undefined && read(path)?.startsWith("#!/bin/sh\n") === true;
}

function replace(bin: string, name: string, make: (temporary: string) => void): void {
  explainReadOnly(bin, TOOLS_VARIABLE, () => {
    mkdirSync(bin, { recursive: true });
    const temporary = join(bin, `.${name}.${process.pid}`);
    rmSync(temporary, { force: true });
    make(temporary);
    renameSync(temporary, join(bin, name));
    // A rename between two names of one file does nothing, and leaves both.
    rmSync(temporary, { force: true });
  });
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function isSameFile(path: string, target: string): boolean {
  const [a, b] = [lstatSync(path, { throwIfNoEntry: false }), statSync(target)];
  if (!a?.isFile()) return false;
  return (a.ino === b.ino && a.dev === b.dev) || (a.size === b.size && Math.abs(a.mtimeMs - b.mtimeMs) < 1);
}
