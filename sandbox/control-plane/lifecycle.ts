import { existsSync } from "node:fs";
import { ControlPlaneError } from "./error.ts";
import { Layout } from "./layout.ts";
import { claim, empty, isLive, newId, readRecord, release, retire } from "./owner.ts";
import type { OwnerRecord } from "./owner.ts";
import { identify, isAlive } from "./process-identity.ts";
import { childrenOf, endProcesses } from "./supervisor.ts";

/**
 * Makes a folder ours, after removing what a crashed run left there.
 * @throws ControlPlaneError when a control plane runs there
 */
export async function takeFolder(layout: Layout, name: string): Promise<OwnerRecord> {
  const owner = identify(process.pid);
  if (owner === undefined) throw new ControlPlaneError("This process cannot see itself: is /proc mounted?");
  const record: OwnerRecord = { id: newId(), name, owner };
  for (;;) {
    const found = claim(layout, record);
    if (found === undefined) {
      empty(layout, false);
      return record;
    }
    if (isLive(found)) {
      const pid = found.supervisor?.pid ?? found.owner.pid;
      throw new ControlPlaneError(
        `A control plane runs in ${layout.folder} already (pid ${pid}): stop it, or use another name`,
      );
    }
    await endLeftovers(layout, found);
    retire(layout, found);
  }
}

/**
 * Removes what a crashed run left in a folder: its processes, then its files.
 * What runs for somebody, or is nobody's, stays as it is.
 */
export async function cleanUp(folder: string): Promise<"nothing there" | "runs" | "removed"> {
  const layout = new Layout(folder);
  const found = existsSync(layout.folder) ? readRecord(layout) : undefined;
  if (found === undefined) return "nothing there";
  if (isLive(found)) return "runs";
  release(layout, await takeFolder(layout, found.name), false);
  return "removed";
}

export interface StopOptions {
  /** Leave the logs in the folder. @default false */
  readonly keepLogs?: boolean;
  /** Stop only this run, and none that took the folder after it. */
  readonly id?: string;
}

/**
 * Stops the control plane of a folder, whoever started it, waits until no process
 * of it is left, and removes its files.
 * @returns false when none was there
 * @throws ControlPlaneError while it is being started: its starter is the one to stop it
 */
export async function stopControlPlane(
  folder: string,
  { keepLogs = false, id }: StopOptions = {},
): Promise<boolean> {
  const layout = new Layout(folder);
  const found = existsSync(layout.folder) ? readRecord(layout) : undefined;
  if (found === undefined || (id !== undefined && found.id !== id)) return false;
  if (found.supervisor === undefined && isLive(found)) {
    throw new ControlPlaneError(
      `The control plane in ${folder} is being started by pid ${found.owner.pid}: try again when it is`,
    );
  }
  await endLeftovers(layout, found);
  release(layout, found, keepLogs);
  return true;
}

/** Ends the processes that a record and its folder know of. */
async function endLeftovers(layout: Layout, { supervisor, children }: OwnerRecord): Promise<void> {
  // The supervisor's list holds bare pids: without a supervisor they may be anybody's by now.
  const running = supervisor !== undefined && isAlive(supervisor);
  await endProcesses(supervisor, children ?? (running ? childrenOf(layout) : []));
}
