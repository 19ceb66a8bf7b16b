import assert from "node:assert/strict";
import { isGoRegex } from "../../model/go-regex.ts";

describe("isGoRegex()", () => {
  for (const text of ["/v1/.*", "/(orders|carts)/[0-9]+", "(?i)/v1/", "(?P<id>[a-z]+)", "a\\.b", "\\\\1"]) {
    it(`takes ${text}`, () => assert.ok(isGoRegex(text)));
  }
  for (const text of ["/v1/(", "[a-", "*", "/(?!admin).*", "/(?<=a)b", "(a)\\1"]) {
    it(`refuses ${text}`, () => assert.ok(!isGoRegex(text)));
  }
});
