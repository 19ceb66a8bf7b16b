import assert from "node:assert/strict";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cleanUp, status, stopControlPlane } from "../../../sandbox/control-plane/index.ts";
import { Layout } from "../../../sandbox/control-plane/layout.ts";
import { takeFolder } from "../../../sandbox/control-plane/lifecycle.ts";
import { claim, newId, readRecord } from "../../../sandbox/control-plane/owner.ts";
import type { OwnerRecord } from "../../../sandbox/control-plane/owner.ts";
import { identify, isAlive } from "../../../sandbox/control-plane/process-identity.ts";
import type { ProcessIdentity } from "../../../sandbox/control-plane/process-identity.ts";
import { removeScratch, scratch, start } from "../../support/processes.ts";

const self = identify(process.pid) ?? { pid: 0, started: "" };
const dead = { pid: process.pid, started: "before" };

describe("A control plane's folder", () => {
  let layout: Layout;
  beforeEach(() => (layout = new Layout(join(scratch(), "cluster"))));
  after(removeScratch);

  const running: ProcessIdentity[] = [];
  const sleeper = (): ProcessIdentity => {
    const identity = identify(start("sleep", ["60"]).child.pid ?? 0);
    assert.ok(identity);
    running.push(identity);
    return identity;
  };
  afterEach(() => {
    for (const each of running.splice(0)) if (isAlive(each)) process.kill(each.pid, "SIGKILL");
  });

  const there = (over: Partial<OwnerRecord>): OwnerRecord => {
    const record = { id: newId(), name: "test", owner: self, ...over };
    claim(layout, record);
    writeFileSync(layout.tokens, "t");
    return record;
  };

  describe("takeFolder()", () => {
    it("ends what a crashed run left, and empties the folder", async () => {
      const [supervisor, child] = [sleeper(), sleeper()];
      there({ owner: dead, supervisor, children: [child] });
      process.kill(child.pid, "SIGTERM");
      const mine = await takeFolder(layout, "test");
      assert.ok(!isAlive(supervisor));
      assert.deepEqual(readdirSync(layout.folder), ["owner.json"]);
      assert.equal(readRecord(layout)?.id, mine.id);
    });

    it("ends children that lost their supervisor", async () => {
      const child = sleeper();
      there({ owner: dead, supervisor: dead, children: [child] });
      await takeFolder(layout, "test");
      assert.ok(!isAlive(child));
    });

    it("touches nobody who got the pid of a child from a list without a start time", async () => {
      const stranger = sleeper();
      there({ owner: dead, supervisor: dead });
      writeFileSync(layout.children, JSON.stringify([{ name: "etcd", pid: stranger.pid }]));
      await takeFolder(layout, "test");
      assert.ok(isAlive(stranger));
    });

    it("leaves a living one alone, and says so", async () => {
      const supervisor = sleeper();
      there({ supervisor });
      await assert.rejects(takeFolder(layout, "test"), {
        name: "ControlPlaneError",
        message:
          `A control plane runs in ${layout.folder} already (pid ${supervisor.pid}): ` +
          "stop it, or use another name",
      });
      assert.ok(isAlive(supervisor));
      assert.ok(existsSync(layout.tokens));
    });

    it("lets one of several have what a crashed run left", async () => {
      there({ owner: dead, supervisor: sleeper() });
      const taken = await Promise.allSettled([1, 2, 3].map(() => takeFolder(layout, "test")));
      assert.equal(taken.filter(({ status }) => status === "fulfilled").length, 1);
    });
  });

  describe("cleanUp()", () => {
    it("removes what a crashed run left", async () => {
      const supervisor = sleeper();
      there({ owner: dead, supervisor });
      assert.equal(await cleanUp(layout.folder), "removed");
      assert.ok(!isAlive(supervisor));
      assert.ok(!existsSync(layout.folder));
    });

    it("leaves what runs, for its owner or detached", async () => {
      there({ owner: dead, supervisor: sleeper(), detached: true });
      assert.equal(await cleanUp(layout.folder), "runs");
      assert.ok(existsSync(layout.tokens));
    });

    it("has nothing to do where nothing is", async () => {
      assert.equal(await cleanUp(layout.folder), "nothing there");
    });
  });

  describe("stopControlPlane()", () => {
    it("stops one that somebody else started", async () => {
      const supervisor = sleeper();
      there({ owner: dead, supervisor, detached: true });
      assert.equal(await stopControlPlane(layout.folder), true);
      assert.ok(!isAlive(supervisor));
      assert.ok(!existsSync(layout.folder));
      assert.equal(await stopControlPlane(layout.folder), false);
    });

    it("stops no other run than the one it is asked to", async () => {
      const supervisor = sleeper();
      there({ supervisor });
      assert.equal(await stopControlPlane(layout.folder, { id: "another" }), false);
      assert.ok(isAlive(supervisor));
    });

    it("does not pull the folder from under a start", async () => {
      there({});
      await assert.rejects(
        stopControlPlane(layout.folder),
        /is being started by pid \d+: try again when it is/,
      );
      assert.ok(existsSync(layout.tokens));
    });
  });

  describe("status()", () => {
    it("tells apart what can be there", async () => {
      assert.deepEqual(await status(layout.folder), { state: "absent" });
      there({});
      assert.deepEqual(await status(layout.folder), { state: "starting", owner: process.pid });
    });

    it("recognises what a crashed run left", async () => {
      there({ owner: dead, supervisor: dead });
      assert.deepEqual(await status(layout.folder), { state: "left over" });
    });
  });
});
