import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { rulePages, rulesFolder } from "../../docs/rule-pages.ts";

describe("docs/rules", () => {
  const pages = rulePages();

  for (const [file, page] of Object.entries(pages)) {
    it(`${file} is what the rules say`, () => {
      assert.equal(readFileSync(file, "utf8"), page, "run: npm run generate");
    });
  }

  it("holds no page of a rule that is gone", () => {
    const there = readdirSync(rulesFolder).map((name) => `${rulesFolder}/${name}`);
    assert.deepEqual(there.sort(), Object.keys(pages).sort());
  });
});
