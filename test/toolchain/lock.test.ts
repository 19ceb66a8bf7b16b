import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startOf, withLock } from "../../toolchain/lock.mjs";
import { removeScratch, scratch, start, until } from "../support/processes.ts";

const holder = join(__dirname, "..", "fixtures", "toolchain", "hold-lock.mjs");

after(removeScratch);

describe("withLock()", () => {
  const leaveHeldBy = (folder: string, by: object) => {
    mkdirSync(join(folder, "1"), { recursive: true });
    writeFileSync(join(folder, "1", "holder.json"), JSON.stringify(by));
  };
  const nobodyWaits = { onWait: (line: string) => assert.fail(line) };

  it("waits, visibly, until another process lets go", async () => {
    const folder = scratch();
    const other = start(process.execPath, [holder, folder]);
    await until(() => other.output().includes("held"), "the other process takes the lock");
    const lines: string[] = [];
    let had = false;
    const mine = withLock(folder, "mine", () => (had = true), { onWait: (line) => lines.push(line) });
    await until(() => lines.length > 0, "a line about waiting");
    assert.equal(lines[0], `waiting for process ${other.child.pid} (holding it for a test)`);
    assert.equal(had, false);
    other.child.stdin?.end();
    await mine;
    assert.match((await other.ended).output, /released/);
  });

  it("takes over from a process that was killed", async () => {
    const folder = scratch();
    const other = start(process.execPath, [holder, folder]);
    await until(() => other.output().includes("held"), "the other process takes the lock");
    other.child.kill("SIGKILL");
    await other.ended;
    assert.equal(await withLock(folder, "mine", () => "had", nobodyWaits), "had");
  });

  it("takes over when the holder's id belongs to a later process now", async () => {
    const folder = scratch();
    leaveHeldBy(folder, { pid: process.ppid, started: "earlier", host: hostname(), what: "x" });
    assert.equal(await withLock(folder, "mine", () => "had", nobodyWaits), "had");
  });

  it("gives up on a living holder at its limit, and says what to do", async () => {
    const folder = scratch();
    const pid = process.ppid;
    leaveHeldBy(folder, { pid, started: startOf(pid), host: hostname(), what: "x" });
    await assert.rejects(
      withLock(folder, "mine", () => assert.fail("had it"), { limitMs: 50 }),
      {
        message: `Waited 0 s for process ${pid} (x): if that process is gone or hangs, end it and delete ${folder}`,
      },
    );
  });

  it("does not judge processes of another machine", async () => {
    const folder = scratch();
    leaveHeldBy(folder, { pid: 1, started: "", host: "elsewhere", what: "x" });
    await assert.rejects(
      withLock(folder, "mine", () => assert.fail("had it"), { limitMs: 50 }),
      /process 1 on elsewhere \(x\)/,
    );
  });

  it("lets one in at a time, however many want to take over from the dead", async () => {
    const folder = scratch();
    leaveHeldBy(folder, { pid: 2 ** 30, started: "", host: hostname(), what: "x" });
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await sleep(5);
      inside--;
    };
    await Promise.all(Array.from({ length: 8 }, () => withLock(folder, "mine", work)));
    assert.equal(most, 1);
    assert.deepEqual(readdirSync(folder), ["9"]);
  });

  it("lets go when the work fails", async () => {
    const folder = scratch();
    const failing = withLock(folder, "mine", () => Promise.reject(new Error("no")));
    await assert.rejects(failing, /^Error: no$/);
    assert.equal(await withLock(folder, "mine", () => "had", nobodyWaits), "had");
  });
});
