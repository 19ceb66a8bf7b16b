import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DataPlaneError } from "./error.ts";

/** Makes a control group (cgroup2); one that is there already is fine. */
export function makeGroup(path: string): string {
  mkdirSync(path, { recursive: true });
  return path;
}

/**
 * Kills every process in a group and below, at once, and removes the group. A process
 * that forks while this happens is caught too: that is what cgroup.kill is for.
 * Does nothing when there is no such group.
 * @throws DataPlaneError when processes are left after 10 s
 */
export async function removeGroup(path: string, deadline = Date.now() + 10_000): Promise<void> {
  if (!existsSync(path)) return;
  try {
    writeFileSync(join(path, "cgroup.kill"), "1");
    while (isPopulated(path)) {
      if (Date.now() > deadline) {
        throw new DataPlaneError(
          `Processes are left in ${path} after SIGKILL: see ${join(path, "cgroup.procs")}`,
        );
      }
      await sleep(10);
    }
    removeEmptyGroup(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Somebody else removed it meanwhile; or somebody has just moved in, and is to go, too.
    if (code === "EBUSY" && Date.now() < deadline) return removeGroup(path, deadline);
    if (code !== "ENOENT") throw error;
  }
}

const isPopulated = (path: string): boolean =>
  readFileSync(join(path, "cgroup.events"), "utf8").includes("populated 1");

/**
 * Removes a group and those in it, the deepest first: a group's files cannot be removed, only the folders.
 * @throws an error with code EBUSY when a process is in it
 */
export function removeEmptyGroup(path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) removeEmptyGroup(join(path, entry.name));
  }
  rmdirSync(path);
}
