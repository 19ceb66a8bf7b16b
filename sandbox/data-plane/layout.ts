import { createHash } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

/** Where things are in a data plane's folder. */
export class DataPlaneLayout {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = canonical(folder);
  }

  /** Folder of its control plane. */
  get cluster(): string {
    return join(this.folder, "cluster");
  }
  get logs(): string {
    return join(this.folder, "logs");
  }
  get keeperLog(): string {
    return join(this.logs, "keeper.log");
  }
  /** What the keeper is to run. */
  get spec(): string {
    return join(this.folder, "keeper.json");
  }
  /** What runs, told by the keeper. */
  get state(): string {
    return join(this.folder, "state.json");
  }
  /** clang under this name, and a modprobe that does nothing. */
  get compilers(): string {
    return join(this.folder, "compilers");
  }

  /**
   * Its control group: told apart by the folder, so that whoever comes later finds what a
   * crashed run left.
   * @param mount where cgroup2 is mounted
   */
  group(mount: string): string {
    const hash = createHash("sha256").update(this.folder).digest("hex").slice(0, 10);
    return join(mount, `${groupPrefix}${basename(this.folder)}-${hash}`);
  }
}

/** The one name of a folder, whichever way led to it; it may not be there yet. */
function canonical(folder: string): string {
  const whole = resolve(folder);
  return existsSync(dirname(whole)) ? join(realpathSync(dirname(whole)), basename(whole)) : whole;
}

/** How the groups of all data planes begin. */
export const groupPrefix = "cluster-network-";
