import assert from "node:assert/strict";
import { once } from "node:events";
import { identify, isAlive, signal, waitForEnd } from "../../../sandbox/control-plane/process-identity.ts";
import { start } from "../../support/processes.ts";

describe("identify()", () => {
  it("tells a process from a later one with the same pid", () => {
    const self = identify(process.pid);
    assert.ok(self);
    assert.ok(isAlive(self));
    assert.ok(!isAlive({ ...self, started: `${self.started}0` }));
  });

  it("knows nobody who is gone", async () => {
    const { child } = start("true", []);
    await once(child, "close");
    assert.equal(identify(child.pid ?? 0), undefined);
  });
});

describe("signal()", () => {
  it("reaches the process it means, and none that has taken over its pid", async () => {
    const { child, ended } = start("sleep", ["60"]);
    const sleeping = identify(child.pid ?? 0);
    assert.ok(sleeping);
    signal({ ...sleeping, started: "earlier" }, "SIGKILL");
    assert.equal(await waitForEnd([sleeping], 100), false);
    signal(sleeping, "SIGKILL");
    assert.equal(await waitForEnd([sleeping], 5000), true);
    assert.equal((await ended).signal, "SIGKILL");
    signal(sleeping, "SIGKILL");
  });
});
