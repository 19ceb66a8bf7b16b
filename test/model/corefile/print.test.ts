import assert from "node:assert/strict";
import fc from "fast-check";
import { describeLine, parseCorefile, printCorefile } from "../../../model/corefile/index.ts";
import { sameLine } from "../../../model/corefile/print.ts";
import { corefileFixtures, corefileText, readCorefile } from "../../support/corefiles.ts";

describe("printCorefile()", () => {
  for (const [name, text] of corefileFixtures) {
    it(`gives back ${name} byte for byte`, () => assert.equal(printCorefile(readCorefile(text)), text));
  }

  it("gives back every text that can be read byte for byte", () =>
    fc.assert(
      fc.property(fc.oneof(corefileText, fc.stringMatching(/^[a.{} \n\r\t#",()]*$/)), (text) => {
        const { corefile } = parseCorefile(text);
        if (corefile) assert.equal(printCorefile(corefile), text);
      }),
      { numRuns: 500 },
    ));
});

describe("describeLine()", () => {
  it("writes a directive with its block on one line", () => {
    const [block] = readCorefile(". {\n cache 30 { # why\n  success 1 \n  denial 2\n }\n import x\n}").items;
    assert.ok(block?.kind === "server");
    assert.deepEqual(block.lines.map(describeLine), ["cache 30 { success 1; denial 2 }", "import x"]);
  });
});

describe("sameLine()", () => {
  it("looks at words, not at layout or quotes", () => {
    const [block] = readCorefile('. {\n log a {\n  b\n }\n log "a"  {\n\n  b # c\n }\n log a b\n}').items;
    assert.ok(block?.kind === "server");
    const [a, b, c] = block.lines;
    assert.ok(a && b && c);
    assert.equal(sameLine(a, b), true);
    assert.equal(sameLine(a, c), false);
  });
});
