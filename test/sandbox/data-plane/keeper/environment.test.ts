import assert from "node:assert/strict";
import { expand } from "../../../../sandbox/data-plane/keeper/environment.ts";

describe("expand()", () => {
  const env = { HOST: "10.0.0.1", EMPTY: "" };
  const cases: [string, string][] = [
    ["--host=$(HOST)", "--host=10.0.0.1"],
    ["$(HOST)$(HOST)", "10.0.0.110.0.0.1"],
    ["[$(EMPTY)]", "[]"],
    ["$(UNKNOWN)", "$(UNKNOWN)"],
    ["$$(HOST)", "$(HOST)"],
    ["$HOST", "$HOST"],
  ];
  for (const [text, expanded] of cases) {
    it(`makes ${text} ${expanded}`, () => {
      assert.equal(expand(text, env), expanded);
    });
  }
});
