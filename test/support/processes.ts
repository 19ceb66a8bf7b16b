import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startOf } from "../../toolchain/lock.mjs";

/** A new temporary folder; `removeScratch()` deletes all that were handed out. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "cluster-network-test-"));
  handedOut.push(folder);
  return folder;
}
const handedOut: string[] = [];

export function removeScratch(): void {
  for (const folder of handedOut.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Writes an executable script for sh and returns its path. */
export function shellScript(path: string, body: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** PATH with a folder before everything else. */
export function pathWith(folder: string): string {
  return [folder, process.env.PATH ?? ""].join(delimiter);
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

/** A process with its output collected: `ended` settles when it is gone. */
export function start(
  file: string,
  args: readonly string[],
  options: SpawnOptions = {},
): { readonly child: ChildProcess; readonly output: () => string; readonly ended: Promise<Ended> } {
  const child = spawn(file, args, { ...options, stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, output }));
  });
  return { child, output: () => output, ended };
}

/** Waits until `holds` does, asked every 20 ms; throws after `limitMs`. */
export async function until(holds: () => boolean, what: string, limitMs = 15_000): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`Waited ${limitMs} ms in vain: ${what}`);
    await sleep(20);
  }
}

/** True while there is a process of that id that has not ended. */
export function isRunning(pid: number): boolean {
  return startOf(pid) !== "";
}
