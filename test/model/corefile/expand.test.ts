import assert from "node:assert/strict";
import { describeLine, expandCorefile, serverName } from "../../../model/corefile/index.ts";
import { formatProblem } from "../../../model/problem.ts";
import { readCorefile } from "../../support/corefiles.ts";

/** Servers in one line each, and what is wrong or hidden. */
function expanded(text: string): { servers: string[]; problems: string[]; unknowns: string[] } {
  const { servers, problems, unknowns } = expandCorefile(readCorefile(text));
  return {
    servers: servers.map((server) =>
      [serverName(server), ...server.directives.map(describeLine)].join(" | "),
    ),
    problems: problems.map(formatProblem),
    unknowns: unknowns.map(formatProblem),
  };
}

describe("expandCorefile()", () => {
  it("puts snippets in place, in plugins' blocks and within each other, too", () =>
    assert.deepEqual(
      expanded(
        "(sizes) {\n success 100\n}\n(c) {\n cache {\n  import sizes\n }\n}\n. {\n errors\n import c\n log\n}\na {\n import c\n}",
      ),
      {
        servers: [". | errors | cache { success 100 } | log", "a | cache { success 100 }"],
        problems: [],
        unknowns: [],
      },
    ));

  it("reads a snippet of whole server blocks", () =>
    assert.deepEqual(expanded("(all) {\n a b {\n  log\n }\n}\nimport all").servers, ["a b | log"]));

  it("says that files are hidden, once for each import, and keeps them apart", () => {
    const corefile = readCorefile(
      "import b/*.server\n(s) {\n import x\n}\n. {\n import s\n import s\n log\n}",
    );
    const { servers, unknowns } = expandCorefile(corefile);
    assert.deepEqual(unknowns.map(formatProblem), [
      "Corefile:1:8: import b/*.server names no snippet, and its files are only seen by CoreDNS: judge the imported files by themselves, or write their lines here",
      "Corefile:3:9: import x names no snippet, and its files are only seen by CoreDNS: judge the imported files by themselves, or write their lines here",
    ]);
    assert.deepEqual(
      servers.map(({ hidden }) => hidden.map(describeLine)),
      [["import x", "import x"]],
    );
  });

  it("says that a variable hides what is imported", () =>
    assert.deepEqual(expanded(". {\n import {$EXTRA}\n}").unknowns, [
      "Corefile:2:9: What import {$EXTRA} brings depends on the environment of CoreDNS: name the snippet or file itself, so that it can be judged",
    ]));

  it("refuses a snippet that is imported above its definition", () =>
    assert.deepEqual(expanded(". {\n import s\n}\n(s) {\n log\n}").problems, [
      "Corefile:2:9: Snippet s is imported above its definition (line 4), where CoreDNS does not know it: move the snippet above the block that imports it",
    ]));

  it("refuses snippets that import each other", () =>
    assert.deepEqual(expanded("(a) {\n import b\n}\n(b) {\n import a\n}\n. {\n import a\n}").problems, [
      "Corefile:5:9: Snippet a imports itself: a → b → a: take the import out of the snippet",
    ]));

  it("stops at CoreDNS' own bound where snippets multiply", () => {
    const doubling = Array.from(
      { length: 40 },
      (_, i) => `(s${i + 1}) {\n import s${i}\n import s${i}\n}\n`,
    ).join("");
    const { problems } = expanded(`(s0) {\n log\n}\n${doubling}. {\n import s40\n}`);
    assert.ok(problems.some((problem) => problem.includes("expand to more than 10000 snippets")));
  });
});
