import assert from "node:assert/strict";
import { UNKNOWN } from "../../model/verdict.ts";
import { isExempt } from "../../policy-pack/exemptions.ts";

const reason = "agreed with the platform team";

describe("isExempt()", () => {
  for (const [object, namespace, name, expected] of [
    ["shop/web", "shop", "web", true],
    ["shop/*", "shop", "web", true],
    ["*/web", "shop", "web", true],
    ["shop/web", "shop", "web-2", false],
    ["shop", "shop", "web", false],
    ["legacy-*", undefined, "legacy-erp", true],
    ["a.b/c", "axb", "c", false],
    ["*", "shop", UNKNOWN, false],
    ["*", UNKNOWN, "web", false],
  ] as const) {
    it(`${object} ${expected ? "covers" : "does not cover"} ${String(namespace)}/${String(name)}`, () => {
      assert.equal(isExempt([{ object, reason }], namespace, name), expected);
    });
  }
});
