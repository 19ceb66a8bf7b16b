import assert from "node:assert/strict";
import { appendLines, restyle, splitTrailing, styleOf, unfolded } from "../../../model/corefile/layout.ts";
import { type Directive, type Line, printCorefile, type ServerBlock } from "../../../model/corefile/index.ts";
import { readCorefile } from "../../support/corefiles.ts";

/** The lines of a Corefile's only block. */
function linesOf(text: string): readonly Line[] {
  const [block] = readCorefile(text).items;
  assert.ok(block?.kind === "server");
  return block.lines;
}

function print(lines: readonly Line[]): string {
  const block: ServerBlock = { kind: "server", keys: [], lines };
  return printCorefile({ file: "", items: [block], after: "" });
}

describe("styleOf()", () => {
  const vectors: readonly [text: string, eol: string, step: string][] = [
    ["", "\n", "    "],
    [". {\n  errors\n}", "\n", "  "],
    [". {\r\n\terrors\r\n}", "\r\n", "\t"],
    ["import x\n(s) {\n   log\n}", "\n", "   "],
    [".\nerrors", "\n", "    "],
    [". { errors\n  log\n}", "\n", "  "],
  ];
  for (const [text, eol, step] of vectors) {
    it(`finds the style of ${JSON.stringify(text)}`, () =>
      assert.deepEqual(styleOf(readCorefile(text)), { eol, step }));
  }
});

describe("restyle()", () => {
  it("puts each option on a line of its own, as deep as asked", () => {
    const [line] = linesOf(". {\n a   b {\n\n c  d # why\n    e {\n f\n }\n }\n}");
    assert.ok(line);
    assert.equal(
      print([restyle(line, "\t", { eol: "\n", step: "  " })]),
      "\n\ta b {\n\t  c d\n\t  e {\n\t    f\n\t  }\n\t}",
    );
  });
});

describe("unfolded()", () => {
  const style = { eol: "\n", step: "  " };
  const unfold = (text: string): string => print([unfolded(linesOf(text)[0] as Directive, " ", style)]);

  it("breaks a block on one line", () =>
    assert.equal(unfold(". {\n forward . a { max_fails 3 }\n}"), "\n forward . a {\n   max_fails 3\n }"));

  it("leaves lines, comments and empty blocks as they are", () => {
    for (const line of ["health { # why\n   lameduck 5s\n  }", "health { }", "health"]) {
      assert.equal(unfold(`. {\n ${line}\n}`), `\n ${line}`);
    }
  });
});

describe("splitTrailing()", () => {
  const vectors: readonly [trailing: string, kept: string, left: string][] = [
    ["\n", "", "\n"],
    ["\n  ", "", "\n  "],
    ["", "", "\n"],
    [" ", "", "\n"],
    [" # why\n  ", " # why", "\n  "],
    ["\n  # why\n", "\n  # why", "\n"],
    ["\n  # why\n\n  # more\n", "\n  # why\n\n  # more", "\n"],
    [" # why\r\n", " # why", "\r\n"],
  ];
  for (const [trailing, kept, left] of vectors) {
    it(`splits ${JSON.stringify(trailing)}`, () =>
      assert.deepEqual(splitTrailing(trailing, "\n"), { kept, left }));
  }
});

describe("appendLines()", () => {
  it("leaves a comment with the line that it stands behind", () => {
    const lines = linesOf(". {\n a\n}");
    const { lines: all, trailing } = appendLines(lines, linesOf(". {\n b\n c\n}"), " # of a\n", "  ", {
      eol: "\n",
      step: "  ",
    });
    assert.equal(print(all) + trailing, "\n a # of a\n  b\n  c\n");
  });
});
