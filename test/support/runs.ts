import assert from "node:assert/strict";
import type { Run } from "../../sandbox/engine.ts";

/** Assertions on a run of the engine; a failed one shows all that the engine printed. */
export function expectRun(run: Run) {
  return {
    succeeds: () => assert.equal(run.code, 0, run.output),
    failsSaying: (...lines: (string | RegExp)[]) => {
      assert.notEqual(run.code, 0, run.output);
      for (const line of lines) {
        const said = typeof line === "string" ? run.output.includes(line) : line.test(run.output);
        assert.ok(said, `not said: ${String(line)}\n${run.output}`);
      }
    },
  };
}
