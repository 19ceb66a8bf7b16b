import assert from "node:assert/strict";
import fc from "fast-check";
import { describeLine, type Item, parseCorefile } from "../../../model/corefile/index.ts";
import { formatProblem } from "../../../model/problem.ts";
import { anyText, corefileFixtures, corefileText, readCorefile } from "../../support/corefiles.ts";

/** The structure in one line each: `server .:53 | errors | cache 30`. */
function outline(item: Item): string {
  if (item.kind === "import") return describeLine(item);
  const head =
    item.kind === "snippet"
      ? `snippet ${item.name}`
      : `server ${item.keys.map(({ text }) => text).join(" ")}`;
  return [head, ...item.lines.map(describeLine)].join(" | ");
}

describe("parseCorefile()", () => {
  const structures: readonly [what: string, text: string, items: readonly string[]][] = [
    ["reads an empty file", "", []],
    ["reads a server block", ".:53 {\n errors\n cache 30\n}\n", ["server .:53 | errors | cache 30"]],
    ["reads an empty server block", ". { }", ["server ."]],
    [
      "reads a block's options",
      ". {\n health {\n  lameduck 5s\n }\n}",
      ["server . | health { lameduck 5s }"],
    ],
    ["reads nested blocks", ". {\n a {\n  b c {\n   d\n  }\n  e\n }\n}", ["server . | a { b c { d }; e }"]],
    ["reads a brace on the next line of the zones", ".\n{\n errors\n}", ["server . | errors"]],
    ["reads a directive behind the opening brace", ". { errors\n log\n}", ["server . | errors | log"]],
    ["reads zones behind blanks", "a:53 b:53 {\n}", ["server a:53 b:53"]],
    ["reads zones behind commas", "a, b {\n}", ["server a, b"]],
    ["reads zones on lines of their own behind commas", "a,\nb {\n log\n}", ["server a, b | log"]],
    ["reads a single block without braces", ".:53\nerrors\nlog .", ["server .:53 | errors | log ."]],
    ["reads zones alone", ".:53", ["server .:53"]],
    ["reads two blocks, on one line, too", "a {\n} b {\n}", ["server a", "server b"]],
    [
      "reads a snippet and its import",
      "(s) {\n log\n}\n. {\n import s\n}",
      ["snippet s | log", "server . | import s"],
    ],
    ["reads a snippet on one line", "(s) { errors }\n", ["snippet s | errors"]],
    [
      "reads imports of files",
      "import a/*.server\n. {\n import b\n}",
      ["import a/*.server", "server . | import b"],
    ],
    ["reads import as an argument", ". {\n log import x\n}", ["server . | log import x"]],
    ["reads an import within options", ". {\n cache {\n  import s\n }\n}", ["server . | cache { import s }"]],
    ["reads schemes", "tls://a https://b:443 {\n}", ["server tls://a https://b:443"]],
    [
      "reads a one-line block that does no harm",
      ". {\n forward . a { max_concurrent 5 }\n}",
      ["server . | forward . a { max_concurrent 5 }"],
    ],
  ];
  for (const [what, text, items] of structures) {
    it(what, () => assert.deepEqual(readCorefile(text).items.map(outline), items));
  }

  const refusals: readonly [what: string, text: string, problem: string][] = [
    [
      "rejects a quote that is never closed",
      '. {\n log "a\n}',
      'Corefile:2:6: A quote opens here and is never closed: close it with ", or drop it: only a word with blanks in it needs quotes',
    ],
    [
      "rejects an unclosed block",
      ".:53 {\n errors\n",
      "Corefile:1:6: Server block .:53 is never closed: add } on a line of its own at its end",
    ],
    [
      "rejects an unclosed block of a plugin",
      ". {\n health {\n  lameduck 5s\n",
      "Corefile:2:9: Block of health is never closed: add } on a line of its own at its end",
    ],
    [
      "rejects an unclosed snippet",
      "(s) {\n log\n",
      "Corefile:1:5: Snippet (s) is never closed: add } on a line of its own at its end",
    ],
    [
      "rejects a snippet without block",
      "(s)\nlog\n",
      "Corefile:1:1: Snippet (s) has no block: put { after its name, and } on a line after its content",
    ],
    [
      "rejects a second snippet of a name",
      "(s) {\n}\n(s) {\n}",
      "Corefile:3:1: Snippet s is defined a second time: give each snippet a name of its own",
    ],
    [
      "rejects a server block on one line",
      ". { whoami }",
      "Corefile:1:12: The server block closes on the line of whoami: put } on a line of its own",
    ],
    [
      "rejects a server block that closes behind a plugin's block",
      ". {\n health {\n } }",
      "Corefile:3:4: The server block closes on the line of health: put } on a line of its own",
    ],
    [
      "rejects a word behind a closing brace",
      ". {\n health {\n } log\n}",
      'Corefile:3:4: "log" stands behind the brace that closes health, where CoreDNS takes it for a second health: put it on a line of its own',
    ],
    [
      "rejects a block of nothing",
      ". {\n {\n }\n}",
      "Corefile:2:2: A brace opens a block that belongs to nothing: put { at the end of the line of the directive that the block belongs to",
    ],
    [
      "rejects a block without a zone",
      "{\n log\n}",
      "Corefile:1:1: A block without a zone: name the zones it serves before {, such as .:53",
    ],
    [
      "rejects a comma without a zone behind it",
      "a, {\n}",
      'Corefile:1:1: No zone follows the comma of "a,": drop the comma, or name the next zone',
    ],
    [
      "rejects a comma at the end",
      "a,\n",
      'Corefile:1:1: No zone follows the comma of "a,": drop the comma, or name the next zone',
    ],
    [
      "rejects an import of nothing",
      ". {\n import\n}",
      "Corefile:2:2: import names nothing: name a snippet or a file after it",
    ],
    [
      "rejects an import of two",
      ". {\n import a b\n}",
      'Corefile:2:11: import takes one name, and "b" stands behind it: write each import on a line of its own, and braces on theirs',
    ],
  ];
  for (const [what, text, problem] of refusals) {
    it(what, () => {
      const { corefile, problems } = parseCorefile(text);
      assert.deepEqual(problems.map(formatProblem), [problem]);
      assert.equal(corefile, undefined);
    });
  }

  it("names the file that it was told", () =>
    assert.equal(parseCorefile(". {", "kube-system/coredns").problems[0]?.path, "kube-system/coredns:1:3"));

  it("says which glued brace may be the cause of an unclosed block", () =>
    assert.deepEqual(
      parseCorefile(". {\n health {\n  lameduck 5s}\n}\n").problems.map(({ path }) => path),
      ["Corefile:1:3", "Corefile:3:12"],
    ));

  for (const [name, text] of corefileFixtures) {
    it(`finds no problem in ${name}`, () => assert.deepEqual(parseCorefile(text, name).problems, []));
  }

  it("gives up on blocks that nest without end", () => {
    const text = ". {\n" + "a {\n".repeat(100_000);
    assert.match(parseCorefile(text).problems[0]?.message ?? "", /^Blocks nest more than 32 deep$/);
  });

  it("never throws, and has a Corefile or a problem", () =>
    fc.assert(
      fc.property(
        fc.oneof(
          anyText,
          fc
            .array(
              fc.constantFrom("{", "}", "\n", " ", "import", "(s)", "a", ",", '"', "\\", "#", ".:53", "{}"),
              {
                maxLength: 60,
              },
            )
            .map((words) => words.join("")),
        ),
        (text) => {
          const { corefile, problems } = parseCorefile(text);
          assert.ok(corefile !== undefined || problems.length > 0);
          for (const { path, message, remedy } of problems) assert.ok(path && message && remedy);
        },
      ),
      { numRuns: 2000 },
    ));

  it("reads every well-formed Corefile", () =>
    fc.assert(fc.property(corefileText, (text) => assert.ok(parseCorefile(text).corefile))));
});
