import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ControlPlaneError } from "../../../sandbox/control-plane/error.ts";
import { waitFor } from "../../../sandbox/control-plane/wait.ts";

const soon = { seconds: 0.1, every: 5 };

describe("waitFor()", () => {
  it("asks until there is a value", async () => {
    let asked = 0;
    const value = await waitFor("it", { seconds: 5, every: 1 }, () =>
      Promise.resolve(++asked < 3 ? { seen: "less" } : { value: asked }),
    );
    assert.equal(value, 3);
  });

  it("tells what was waited for and what was seen last", async () => {
    await assert.rejects(
      waitFor("3 nodes to be Ready", soon, () => Promise.resolve({ seen: "2 of 3" })),
      {
        name: "ControlPlaneError",
        message: "Gave up after 0.1 s waiting for 3 nodes to be Ready, seen last: 2 of 3",
      },
    );
  });

  it("counts an error as seen", async () => {
    await assert.rejects(
      waitFor("it", soon, () => Promise.reject(new Error("connection refused"))),
      /seen last: connection refused$/,
    );
  });

  it("ends at once when the probe says that it is hopeless", async () => {
    const hopeless = new ControlPlaneError("It is dead");
    await assert.rejects(
      waitFor("it", { seconds: 60 }, () => Promise.reject(hopeless)),
      hopeless,
    );
  });

  it("ends at once when what is waited for is gone", async () => {
    const gone = new ControlPlaneError("It ended");
    const alive = (): void => {
      throw gone;
    };
    await assert.rejects(
      waitFor("it", { seconds: 60, alive }, () => Promise.resolve({ seen: "nothing" })),
      gone,
    );
  });

  it("sees that what is waited for is gone while a probe hangs", async () => {
    const gone = new ControlPlaneError("It ended");
    let running = true;
    const alive = (): void => {
      if (!running) throw gone;
    };
    const waiting = waitFor("it", { seconds: 60, alive }, () => new Promise<never>(() => undefined));
    running = false;
    await assert.rejects(waiting, gone);
  });

  it("is not held up by a probe that hangs", async () => {
    await assert.rejects(
      waitFor("it", soon, () => new Promise<never>(() => undefined)),
      /Gave up after 0.1 s waiting for it, seen last: nothing/,
    );
  });

  it("quotes the log that tells more", async () => {
    const folder = mkdtempSync(join(tmpdir(), "wait-"));
    try {
      const log = join(folder, "kwok.log");
      writeFileSync(log, "one\ntwo\n");
      await assert.rejects(
        waitFor("it", { ...soon, log }, () => Promise.resolve({ seen: "no" })),
        {
          message: `Gave up after 0.1 s waiting for it, seen last: no\n  ${log} ends with:\n  | one\n  | two`,
        },
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
