import { execFile, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { DataPlaneError } from "../error.ts";

export interface RunOptions {
  /** Given on standard input. */
  readonly input?: string;
  /** The whole environment. @default the keeper's */
  readonly env?: NodeJS.ProcessEnv;
  /** Seconds after which the command is killed. @default 30 */
  readonly seconds?: number;
}

/**
 * Runs a command to its end and returns what it printed.
 * @throws DataPlaneError with the command and what it said
 */
export function run(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const [file = "", ...args] = argv;
  const { input, env, seconds = 30 } = options;
  return new Promise((resolve, reject) => {
    const limits = { timeout: seconds * 1000, killSignal: "SIGKILL", maxBuffer: 16 * 2 ** 20 } as const;
    const child = execFile(file, args, { ...limits, ...(env && { env }) }, (error, stdout, stderr) => {
      if (!error) {
        resolve(stdout);
        return;
      }
      const said = (stderr.trim() || stdout.trim() || error.message).split("\n").slice(-4).join(" | ");
      const why = error.killed === true ? `not done after ${seconds} s` : said;
      reject(new DataPlaneError(`\`${argv.join(" ").slice(0, 300)}\` failed: ${why}`));
    });
    // A command may end without reading its input.
    child.stdin?.on("error", () => undefined).end(input ?? "");
  });
}

/** A command for another network namespace: that of the process. */
export const inNetworkOf = (pid: number, argv: readonly string[]): string[] => [
  "nsenter",
  `--net=/proc/${pid}/ns/net`,
  ...argv,
];

/** Runs a batch of `ip` commands in a process's network namespace, all or up to the first that fails. */
export async function ip(pid: number, commands: readonly string[]): Promise<void> {
  await run(inNetworkOf(pid, ["ip", "-batch", "-"]), { input: `${commands.join("\n")}\n` });
}

/** Starts a command inside a cgroup, so that it and all that it starts can be ended together. */
export function spawnIn(
  group: string,
  argv: readonly string[],
  { log, env }: { readonly log?: string; readonly env?: NodeJS.ProcessEnv } = {},
): ChildProcess {
  const output = log === undefined ? "ignore" : openSync(log, "a", 0o600);
  try {
    // $0 is the file to enter the group by; the shell becomes the command.
    return spawn("sh", ["-c", 'echo $$ > "$0" && exec "$@"', join(group, "cgroup.procs"), ...argv], {
      stdio: ["ignore", output, output],
      ...(env && { env }),
    });
  } finally {
    if (typeof output === "number") closeSync(output);
  }
}
