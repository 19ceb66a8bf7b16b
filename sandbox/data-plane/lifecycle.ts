import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { stopControlPlane } from "../control-plane/index.ts";
import { textOf } from "../control-plane/error.ts";
import { removeEmptyGroup, removeGroup } from "./cgroup.ts";
import { DataPlaneLayout, groupPrefix } from "./layout.ts";
import { cgroup2Mount } from "./machine.ts";

export interface StopOptions {
  /** Leave the logs in the folder. @default false */
  readonly keepLogs?: boolean;
}

/**
 * Stops the data plane of a folder, whoever started it, or removes what a crashed run
 * left: its processes, and with them its namespaces and mounts; its control groups; its files.
 * @returns false when none was there
 */
export async function stopDataPlane(
  folder: string,
  { keepLogs = false }: StopOptions = {},
): Promise<boolean> {
  const layout = new DataPlaneLayout(folder);
  const mount = cgroup2Mount(textOf("/proc/self/mountinfo"));
  if (mount !== undefined) await removeGroup(layout.group(mount));
  const was = existsSync(layout.spec);
  const wasCluster = await stopControlPlane(layout.cluster, { keepLogs });
  // Its own files, and no folder that holds anything else.
  for (const path of [layout.spec, layout.state, layout.compilers, ...(keepLogs ? [] : [layout.logs])]) {
    rmSync(path, { recursive: true, force: true });
  }
  if (existsSync(layout.folder) && readdirSync(layout.folder).length === 0) rmdirSync(layout.folder);
  return was || wasCluster;
}

/** A group that was made this recently may be one that is about to be filled. */
const youngerThan = 10_000;

/** Removes the groups of data planes that ended without removing them, whichever folder they had. */
export function sweepGroups(mount: string): void {
  for (const name of readdirSync(mount)) {
    if (!name.startsWith(groupPrefix)) continue;
    const group = join(mount, name);
    try {
      const isEmpty = readFileSync(join(group, "cgroup.events"), "utf8").includes("populated 0");
      // Nothing is killed here: whoever has moved in meanwhile keeps the group busy, and it stays.
      if (isEmpty && Date.now() - statSync(group).mtimeMs > youngerThan) removeEmptyGroup(group);
    } catch {
      // Its own stop was faster, or it is in use again.
    }
  }
}
