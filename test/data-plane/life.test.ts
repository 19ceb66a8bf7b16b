import assert from "node:assert/strict";
import { join } from "node:path";
import { DataPlane, startDataPlane } from "../../sandbox/data-plane/index.ts";
import type { DataPlaneOptions } from "../../sandbox/data-plane/index.ts";
import { attachedToRoot, type BpfSnapshot, difference, snapshot } from "../../sandbox/data-plane/bpf.ts";
import { ensureTools, type Tools } from "../../toolchain/index.ts";
import { deployDev, planeOf, planeTools, stopPlane, until } from "../support/data-plane.ts";
import { pidsOf } from "../support/control-plane.ts";
import { skipAllWithout } from "../support/machine.ts";
import { removeScratch, scratch, start as startProcess } from "../support/processes.ts";
import { assertGone, changedFacts, machineFacts, remains, tracesOf } from "../support/traces.ts";

describe("a data plane's life", function () {
  this.timeout("10 minutes");
  let tools: Tools;
  const started: DataPlane[] = [];
  const start = async (over: Partial<DataPlaneOptions> = {}): Promise<DataPlane> => {
    const options = { tools, name: "life", folder: join(scratch(), "plane"), nodes: 2, ...over };
    const plane = await startDataPlane(options);
    started.push(plane);
    return plane;
  };

  before(async function () {
    skipAllWithout(this, 2);
    this.timeout("90 minutes");
    tools = await ensureTools({ only: planeTools });
  });
  afterEach(async () => {
    for (const plane of started.splice(0)) await plane.stop();
  });
  after(removeScratch);

  it("leaves nothing behind in three full runs, the first of them after one where everything was killed, and never touches what is the machine's own", async () => {
    const folder = join(scratch(), "plane");
    const [machine, bpf] = [machineFacts(), snapshot()];
    const killed = await start({ folder });
    await deployDev(planeOf(tools, killed, scratch()));
    const left = tracesOf(killed);
    for (const pid of [...left.pids, ...pidsOf(join(folder, "cluster"))]) kill(pid);

    for (let run = 0; run < 3; run++) {
      const plane = planeOf(tools, await start({ folder }), scratch());
      // Later, their numbers may be those of others.
      if (run === 0) assert.deepEqual(processesIn(remains(left)), []);
      await deployDev(plane);
      const traces = tracesOf(plane.dataPlane);
      assert.ok(traces.pids.length > 10);
      assert.ok(traces.namespaces.length >= 5, "nodes, outside, mounts, processes");
      assert.deepEqual(changedFacts(machine, machineFacts()), []);
      assert.deepEqual(attachedToRoot(snapshot()), attachedToRoot(bpf));
      assert.ok(difference(bpf, snapshot()).length > 100, "an agent's programs are loaded");
      await stopPlane(plane);
      if (run === 0) await assertGone(left);
      await assertGone(traces);
      assert.deepEqual(changedFacts(machine, machineFacts()), []);
      await assertNoEbpfBut(bpf);
    }
  });

  it("ends with its owner, however that ends", async () => {
    const folder = join(scratch(), "plane");
    const owner = startProcess(process.execPath, [
      "--import",
      "tsx",
      "test/support/data-plane-owner.ts",
      folder,
    ]);
    let output = "";
    owner.child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
    await until("the owner to have a data plane", 180, async () => Promise.resolve(output.includes("up")));
    const traces = tracesOf(new DataPlane(folder));
    owner.child.kill("SIGKILL");
    await until("its processes to be gone", 20, async () =>
      Promise.resolve(remains(traces).every((line) => !/^(process|namespace)/.test(line))),
    );
    const next = await start({ folder });
    await next.stop();
    await assertGone(traces);
  });

  it("runs beside another one", async () => {
    const [one, two] = await Promise.all([start({ nodes: 1 }), start({ nodes: 1 })]);
    assert.notEqual(one.group, two.group);
    // Both have the same addresses, each for itself.
    const mine = ({ apiServer }: DataPlane): string => `tcp:${apiServer.host}:${apiServer.port}`;
    for (const [plane, target, outcome] of [
      [one, mine(one), "open"],
      [two, mine(two), "open"],
      [one, mine(two), "refused"],
    ] as const) {
      const [probed] = await plane.probe({ node: "node-1" }, [target]);
      assert.equal(probed?.outcome, outcome);
    }
  });

  it("says what runs in the folder already, and what cannot be", async () => {
    const plane = await start({ nodes: 1 });
    await assert.rejects(
      startDataPlane({ tools, folder: plane.folder }),
      /A control plane runs in .*cluster already/,
    );
    await assert.rejects(startDataPlane({ tools, nodes: 4 }), /nodes is 4: use 1, 2 or 3/);
    await assert.rejects(startDataPlane({ tools, name: ".." }), /The name is "\.\.": use lower case letters/);
    await assert.rejects(
      plane.exec({ pod: "shop/nobody" }, ["true"]),
      /There is no pod shop\/nobody: use one of kube-system\//,
    );
    assert.throws(
      () => new DataPlane(join(scratch(), "nowhere")),
      /No data plane runs in .*nowhere: start one/,
    );
  });
});

const processesIn = (left: readonly string[]): string[] => left.filter((line) => line.startsWith("process"));

/** A closed socket that is not acknowledged holds its namespace, and the eBPF in it, for a while. */
const assertNoEbpfBut = (before: BpfSnapshot): Promise<void> =>
  until("no eBPF to be left", 180, () => Promise.resolve(difference(before, snapshot()).length === 0));

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone with another one.
  }
}
