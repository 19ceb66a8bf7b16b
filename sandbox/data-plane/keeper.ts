import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { closeSync, existsSync, openSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { makeGroup } from "./cgroup.ts";
import { checkout } from "../control-plane/checkout.ts";
import { DataPlaneError } from "./error.ts";
import type { KeeperSpec } from "./keeper/spec.ts";
import type { DataPlaneLayout } from "./layout.ts";
import { searchPath } from "./programs.ts";

const startsWithin = 30_000;

/** The process that plays the nodes, seen from its owner. */
export class Keeper {
  readonly #process: ChildProcess;
  readonly #layout: DataPlaneLayout;

  private constructor(started: ChildProcess, layout: DataPlaneLayout) {
    this.#process = started;
    this.#layout = layout;
  }

  /**
   * Starts it as first process of a PID namespace, with mounts of its own and in the
   * data plane's control group. It ends with this process: its standard input is a pipe
   * from here.
   */
  static start(spec: KeeperSpec, layout: DataPlaneLayout): Keeper {
    writeFileSync(layout.spec, JSON.stringify(spec, undefined, 2), { mode: 0o600 });
    const procs = join(makeGroup(join(spec.group, "keeper")), "cgroup.procs");
    const namespaces = [
      "--mount",
      "--propagation",
      "private",
      "--pid",
      "--fork",
      "--kill-child",
      "--mount-proc",
    ];
    const tsx = pathToFileURL(require.resolve("tsx")).href;
    const program = [process.execPath, "--import", tsx, join(__dirname, "keeper", "main.ts"), layout.spec];
    const log = openSync(layout.keeperLog, "a", 0o600);
    try {
      const started = spawn(
        "sh",
        ["-c", 'echo $$ > "$0" && exec unshare "$@"', procs, ...namespaces, "--", ...program],
        {
          cwd: checkout,
          detached: true,
          stdio: ["pipe", log, log],
          // Where the programs were found that it needs.
          env: { ...process.env, PATH: searchPath().join(delimiter) },
        },
      );
      started.stdin?.on("error", () => undefined);
      // An owner that forgets to stop it ends nevertheless, and takes it along.
      started.unref();
      if (started.stdin !== null && "unref" in started.stdin) (started.stdin as { unref(): void }).unref();
      return new Keeper(started, layout);
    } finally {
      closeSync(log);
    }
  }

  /** Waits until its nodes stand. */
  async ready(): Promise<void> {
    for (const deadline = Date.now() + startsWithin; !existsSync(this.#layout.state);) {
      this.assertRunning();
      await sleep(20);
      if (Date.now() > deadline) {
        throw new DataPlaneError(
          `The nodes do not stand after ${startsWithin / 1000} s`,
          this.#layout.keeperLog,
        );
      }
    }
  }

  /** Lets it outlive this process. */
  async detach(): Promise<void> {
    const { stdin } = this.#process;
    if (stdin === null) return;
    await new Promise<void>((written) => {
      stdin.end("detach\n", written);
    });
  }

  /** Throws once it has ended. */
  assertRunning(): void {
    if (this.#process.exitCode === null && this.#process.signalCode === null) return;
    throw new DataPlaneError("The data plane's keeper ended", this.#layout.keeperLog);
  }
}
