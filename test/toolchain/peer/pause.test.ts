import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { usePeer } from "../../support/peer.ts";
import { isRunning } from "../../support/processes.ts";

describe("peer pause", function () {
  this.timeout(20_000);
  const peer = usePeer();

  it("waits until it is told to end, and then ends at once", async () => {
    const { child, ended } = peer.launch(["pause"]);
    await sleep(200);
    assert.equal(isRunning(child.pid ?? 0), true);
    const begun = Date.now();
    child.kill("SIGTERM");
    assert.deepEqual(await ended, { code: 0, signal: null, output: "" });
    assert.ok(Date.now() - begun < 2000);
  });
});
