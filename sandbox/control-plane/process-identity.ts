import { setTimeout as sleep } from "node:timers/promises";
import { startOf } from "../../toolchain/lock.mjs";

/** A process, told apart from a later one with the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started; comparable only with another value of this field. */
  readonly started: string;
}

/** The identity of a running process; undefined when there is none, or a zombie only. */
export function identify(pid: number): ProcessIdentity | undefined {
  const started = startOf(pid);
  return started === "" ? undefined : { pid, started };
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.started === identity.started;
}

/** Sends a signal unless the process is gone. */
export function signal(identity: ProcessIdentity, name: NodeJS.Signals): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, name);
  } catch (error) {
    // It may have ended in between.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Waits until none of the processes is alive; false when some still are after `within` milliseconds. */
export async function waitForEnd(processes: readonly ProcessIdentity[], within: number): Promise<boolean> {
  const deadline = Date.now() + within;
  while (processes.some(isAlive)) {
    if (Date.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}
