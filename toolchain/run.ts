import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { quote } from "./programs.ts";
import { ToolError } from "./errors.ts";

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** What is set on top of this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Outcome {
  /** 0 is success; undefined when the program could not be started or was ended. */
  readonly code: number | undefined;
  /** In words: "exited with 1", "was ended after 90 s", "could not be started: …". */
  readonly ended: string;
  /** How long it ran, in seconds. */
  readonly seconds: number;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs a command with its output appended to a log file. It and what it starts end
 * with this process, by `limitMs` at the latest, or when `giveUp` (asked each second)
 * says so.
 */
export async function run(
  command: Command,
  logFile: string,
  options: { readonly limitMs?: number; readonly giveUp?: (elapsedMs: number) => string | undefined } = {},
): Promise<Outcome> {
  const begun = Date.now();
  const seconds = () => Math.round((Date.now() - begun) / 1000);
  const log = openSync(logFile, "a");
  writeSync(log, `$ ${commandLine(command)}\n`);
  // A process group of its own: a signal to it reaches compilers, too.
  const child = spawn(command.file, command.args, {
    cwd: command.cwd,
    env: { ...process.env, ...command.env },
    stdio: ["ignore", log, log],
    detached: true,
  });
  let stopped: string | undefined;
  let received: NodeJS.Signals | undefined;
  const kill = (signal: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // It has ended by itself in the meantime.
    }
  };
  const stop = (reason: string) => {
    stopped ??= reason;
    kill("SIGTERM");
    setTimeout(kill, 3000, "SIGKILL").unref();
  };
  const onSignal = (signal: NodeJS.Signals) => {
    received = signal;
    stop(`was ended by ${signal}`);
  };
  const onExit = () => kill("SIGKILL");
  for (const signal of SIGNALS) process.on(signal, onSignal);
  process.on("exit", onExit);
  const watch = setInterval(() => {
    const elapsed = Date.now() - begun;
    if (options.limitMs !== undefined && elapsed > options.limitMs) stop(`was ended after ${seconds()} s`);
    const reason = options.giveUp?.(elapsed);
    if (reason !== undefined) stop(reason);
  }, 1000);

  try {
    return await new Promise<Outcome>((resolve) => {
      child.once("error", (error) => {
        resolve({ code: undefined, ended: `could not be started: ${error.message}`, seconds: seconds() });
      });
      child.once("close", (code, signal) => {
        const ended = stopped ?? (signal ? `was ended by ${signal}` : `exited with ${code ?? "?"}`);
        resolve({ code: stopped === undefined ? (code ?? undefined) : undefined, ended, seconds: seconds() });
      });
    });
  } finally {
    clearInterval(watch);
    process.off("exit", onExit);
    for (const signal of SIGNALS) process.off(signal, onSignal);
    closeSync(log);
    if (received !== undefined) endBy(received);
  }
}

/** Lets a signal that was held up do to this process what it does without us. */
function endBy(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}

/** A line for sh that does the same by hand. */
export function commandLine({ file, args, cwd, env = {} }: Command): string {
  const settings = Object.entries(env).map(([name, value]) => `${name}=${quote(value)}`);
  return `cd ${quote(cwd)} && ${[...settings, ...[file, ...args].map(quote)].join(" ")}`;
}

/** The last lines of a log file that hold something, at most `count`. */
export function lastLines(logFile: string, count: number): string[] {
  const lines = readFileSync(logFile, "utf8").split("\n");
  return lines.filter((line) => line.trim() !== "" && !line.startsWith("$ ")).slice(-count);
}

/** The error of a command that failed: what, where, its last words, and what to do. */
export function failure(
  what: string,
  command: Command,
  outcome: Outcome,
  logFile: string,
  remedy: (output: string) => string,
): ToolError {
  const lines = lastLines(logFile, 15);
  return new ToolError(
    [
      `${what}: ${command.file} ${outcome.ended}, after ${outcome.seconds} s`,
      `  command      ${commandLine(command)}`,
      ...(lines.length > 0 ? ["  last output", ...lines.map((line) => `    ${line}`)] : []),
      `  whole output ${logFile}`,
      `  what to do   ${remedy(lines.join("\n"))}`,
    ].join("\n"),
  );
}
