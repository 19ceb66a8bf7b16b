import assert from "node:assert/strict";
import { join } from "node:path";
import { type Judge, startJudge } from "../../../sandbox/judges/judge.ts";
import { removeScratch, scratch, shellScript } from "../../support/processes.ts";

const empty = {};
const at = (address: string): object => ({ addresses: [address] });

describe("startJudge()", () => {
  let running: Judge | undefined;
  const start = (body: string): Judge => (running = startJudge(shellScript(join(scratch(), "judge"), body)));

  afterEach(() => running?.stop());
  after(removeScratch);

  it("asks all at once and gives each question its own answer", async () => {
    const { ask } = start(`while read -r line; do echo "{\\"verdicts\\": \\"\${#line}\\"}"; done`);
    const lengths = ["1.1.1.1", "2001:db8::1"].map((address) => JSON.stringify(at(address)).length);
    const answers = await ask([at("1.1.1.1"), at("2001:db8::1")]);
    assert.deepEqual(
      answers,
      lengths.map((length) => ({ verdicts: String(length) })),
    );
  });

  it("says that the program has ended to those who wait, and to those who ask later", async () => {
    const { ask } = start(`read -r line; exit 3`);
    await assert.rejects(ask([empty, empty]), { message: /has ended \(3\)/ });
    await assert.rejects(ask([empty]), { message: /has ended \(3\)/ });
  });

  it("says that there is no such program", async () => {
    running = startJudge(join(scratch(), "nothing"));
    await assert.rejects(running.ask([empty]), { code: "ENOENT" });
  });
});
