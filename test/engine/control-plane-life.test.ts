import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { checkout } from "../../sandbox/control-plane/checkout.ts";
import { cleanUp, startControlPlane, status, stopControlPlane } from "../../sandbox/control-plane/index.ts";
import type { ControlPlane, ControlPlaneOptions, Programs } from "../../sandbox/control-plane/index.ts";
import { pidsOf } from "../support/control-plane.ts";
import {
  isRunning,
  removeScratch,
  scratch,
  shellScript,
  start as startProcess,
  until,
} from "../support/processes.ts";
import { controlPlanePrograms } from "../support/tools.ts";

/** Real clusters: how they start and end, and that nothing of them stays. */
describe("A control plane's life", function () {
  this.timeout("2 minutes");
  let programs: Programs;
  before(async function () {
    this.timeout("30 minutes");
    programs = await controlPlanePrograms();
  });

  const started: ControlPlane[] = [];
  const start = async (over: Partial<ControlPlaneOptions> = {}): Promise<ControlPlane> => {
    const cluster = await startControlPlane({ programs, folder: join(scratch(), "cluster"), ...over });
    started.push(cluster);
    return cluster;
  };
  afterEach(async () => {
    for (const cluster of started.splice(0)) await cluster.stop();
  });
  after(removeScratch);

  const assertGone = async (pids: readonly number[]): Promise<void> => {
    assert.equal(pids.length, 6);
    await until(() => !pids.some(isRunning), `end of ${pids.join(", ")}`);
  };

  it("stops without a trace, and starts again in the same folder", async () => {
    const folder = join(scratch(), "cluster");
    for (let round = 0; round < 2; round++) {
      const cluster = await start({ folder });
      const pids = pidsOf(folder);
      await cluster.stop();
      await assertGone(pids);
      assert.ok(!existsSync(folder));
      await cluster.stop();
    }
  });

  it("leaves its logs if wanted", async () => {
    const cluster = await start({ keepLogs: true, nodes: { count: 0 } });
    await cluster.stop();
    assert.deepEqual(readdirSync(cluster.folder), ["logs"]);
  });

  it("runs beside another one", async () => {
    const [one, other] = await Promise.all([start({ name: "one" }), start({ name: "other" })]);
    assert.notEqual(one.port, other.port);
    await one.stop();
    const seen = await status(other.folder);
    assert.ok(seen.state === "running");
    assert.deepEqual(seen.nodes, { ready: 3, all: 3 });
  });

  it("refuses a second one in its folder", async () => {
    const { folder, pid } = await start({ nodes: { count: 0 } });
    await assert.rejects(
      start({ folder }),
      new RegExp(`A control plane runs in .* already \\(pid ${pid}\\)`),
    );
  });

  it("says that a wanted port is taken", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    try {
      await assert.rejects(start({ port }), {
        message: `Port ${port} of 127.0.0.1 is taken: choose another one, or none`,
      });
    } finally {
      server.close();
    }
  });

  it("says why the API server ended at its start", async () => {
    const flag = '[ "$1" != kube-apiserver ] || set -- "$@" --no-such-flag';
    const run = `exec ${programs.controlPlane} "$@"`;
    const controlPlane = shellScript(join(scratch(), "control-plane"), `${flag}\n${run}`);
    await assert.rejects(start({ programs: { ...programs, controlPlane } }), (error: Error) => {
      assert.match(
        error.message,
        /^The control plane ended because kube-apiserver did\n.*kube-apiserver\.log ends with:/,
      );
      assert.match(error.message, /unknown flag: --no-such-flag/);
      return true;
    });
  });

  it("takes everything along when the supervisor is killed, and is repaired by the next start", async () => {
    const folder = join(scratch(), "cluster");
    const cluster = await start({ folder });
    const pids = pidsOf(folder);
    process.kill(cluster.pid, "SIGKILL");
    await assertGone(pids);
    assert.deepEqual(await status(folder), { state: "left over" });
    const next = await start({ folder });
    await cluster.stop();
    assert.equal((await status(folder)).state, "running");
    await next.stop();
  });

  it("ends when one of its parts does", async () => {
    const { folder } = await start();
    const pids = pidsOf(folder);
    process.kill(pids[1] ?? 0, "SIGKILL");
    await assertGone(pids);
  });

  /** Starts a cluster in a process of its own and returns that process, once all is ready. */
  const startElsewhere = async (folder: string, detached: boolean) => {
    const options = JSON.stringify({ programs, folder, detached });
    const script =
      `import { startControlPlane } from ${JSON.stringify(join(checkout, "sandbox/control-plane/index.ts"))};` +
      `startControlPlane(${options}).then(() => console.log("ready"));` +
      (detached ? "" : "setInterval(() => {}, 1000);");
    const owner = startProcess(process.execPath, ["--import", "tsx", "--eval", script], { cwd: checkout });
    await until(() => owner.output().includes("ready") || owner.child.exitCode !== null, "ready", 60_000);
    assert.match(owner.output(), /^ready/);
    return owner;
  };

  it("ends with its owner, even when that one is killed", async () => {
    const folder = join(scratch(), "cluster");
    const owner = await startElsewhere(folder, false);
    const pids = pidsOf(folder);
    assert.ok(pids.every(isRunning));
    owner.child.kill("SIGKILL");
    await assertGone(pids);
    assert.equal(await cleanUp(folder), "removed");
    assert.ok(!existsSync(folder));
  });

  it("outlives its owner when it is detached, until it is stopped", async () => {
    const folder = join(scratch(), "cluster");
    const owner = await startElsewhere(folder, true);
    await owner.ended;
    const pids = pidsOf(folder);
    const seen = await status(folder);
    assert.ok(seen.state === "running");
    assert.deepEqual(seen.nodes, { ready: 3, all: 3 });
    assert.equal(await cleanUp(folder), "runs");
    assert.equal(await stopControlPlane(folder), true);
    await assertGone(pids);
    assert.ok(!existsSync(folder));
  });
});
