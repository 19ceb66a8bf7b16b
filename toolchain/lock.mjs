// Plain JavaScript, because bootstrap.mjs needs it before anything is installed.
//
// A lock is a folder with numbered generations, each a folder that says who took it.
// Whoever finds the newest generation released, or its holder dead, makes the next
// one by renaming a prepared folder: that fails when another was faster. The newest
// generation is never deleted, so a slow contender cannot resurrect an older one
// unnoticed, and a dead holder's lock can be taken over by one contender only.
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const HELD = "holder.json";
const RELEASED = "released.json";
const POLL_MS = 200;
const REMIND_MS = 30_000;
const LIMIT_MS = 30 * 60_000;
const ABANDONED_MS = 60 * 60_000;

/**
 * Runs `work` while no other process holds the lock `folder`; waits for a living
 * holder and takes over from a dead one. `onWait` is called when waiting starts and
 * every 30 s from then on. Throws when the lock is not had within `limitMs` (30 min).
 */
export async function withLock(folder, what, work, options = {}) {
  const release = await acquire(folder, what, options);
  try {
    return await work();
  } finally {
    release();
  }
}

async function acquire(folder, what, { onWait, limitMs = LIMIT_MS }) {
  mkdirSync(folder, { recursive: true });
  const begun = Date.now();
  let remindAt = begun;
  for (;;) {
    const newest = generations(folder).at(-1) ?? 0;
    const holder = readHolder(join(folder, String(newest)));
    if (holder === undefined || !isAlive(holder)) {
      if (take(folder, newest + 1, what)) return () => release(folder, newest + 1);
      continue;
    }
    const now = Date.now();
    if (now - begun > limitMs) {
      throw new Error(
        `Waited ${Math.round(limitMs / 1000)} s for ${describe(holder)}: ` +
          `if that process is gone or hangs, end it and delete ${folder}`,
      );
    }
    if (now >= remindAt) {
      onWait?.(`waiting for ${describe(holder)}`);
      remindAt = now + REMIND_MS;
    }
    await sleep(POLL_MS);
  }
}

/** Makes generation `number` ours; false when another process was faster. */
function take(folder, number, what) {
  const mine = join(folder, String(number));
  const prepared = join(folder, `.next-${process.pid}-${randomBytes(4).toString("hex")}`);
  const holder = { pid: process.pid, started: startOf(process.pid), host: hostname(), what };
  mkdirSync(prepared);
  writeFileSync(join(prepared, HELD), JSON.stringify(holder));
  try {
    renameSync(prepared, mine);
  } catch (error) {
    rmSync(prepared, { recursive: true, force: true });
    if (error.code === "ENOTEMPTY" || error.code === "EEXIST") return false;
    throw error;
  }
  const newest = generations(folder).at(-1);
  if (newest !== number) {
    rmSync(mine, { recursive: true, force: true });
    return false;
  }
  sweep(folder, number);
  return true;
}

function release(folder, number) {
  const mine = join(folder, String(number));
  renameSync(join(mine, HELD), join(mine, RELEASED));
}

/** Deletes what earlier holders, and contenders that were killed, left behind. */
function sweep(folder, number) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const old = name.startsWith(".next-")
      ? Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > ABANDONED_MS
      : Number(name) < number;
    if (old) rmSync(path, { recursive: true, force: true });
  }
}

function generations(folder) {
  return readdirSync(folder)
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

/** Who holds a generation; undefined when it is released or was never taken. */
function readHolder(generation) {
  try {
    return JSON.parse(readFileSync(join(generation, HELD), "utf8"));
  } catch (error) {
    // A half-written holder cannot be: the folder is renamed into place when complete.
    if (error.code === "ENOENT" || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function describe(holder) {
  const where = holder.host === hostname() ? "" : ` on ${holder.host}`;
  return `process ${holder.pid}${where} (${holder.what})`;
}

function isAlive(holder) {
  // A cache on a network file system: another machine's processes cannot be seen from here.
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
  return startOf(holder.pid) === holder.started;
}

/**
 * What tells a process from a later one with the same id: its start time. "" when
 * there is no such process, or it has ended and only waits to be collected.
 */
export function startOf(pid) {
  try {
    if (process.platform === "linux") {
      // The name in parentheses may hold anything; fields 3 (state) and 22 (start time) follow it.
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (fields[0] === "Z" || fields[0] === "X") return "";
      return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${fields[19]}`;
    }
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch {
    return "";
  }
}
