import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatProblem } from "../../../model/problem.ts";
import { readPath } from "../../../stacks/reachability/read-files.ts";
import { readText } from "../../../stacks/reachability/read-text.ts";

describe("readPath()", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "read-files-"));
    for (const name of ["deep/er", ".git", "empty", "node_modules"])
      mkdirSync(join(folder, name), { recursive: true });
    const files = {
      "b.yaml": "b: 1",
      "a.yml": "a: 1\n---\na: 2",
      "deep/er/c.json": '{"c":1}',
      ".git/d.yaml": "d: 1",
    };
    for (const [name, text] of Object.entries({ ...files, "node_modules/e.yaml": "e: 1", "f.txt": "f: 1" })) {
      writeFileSync(join(folder, name), text);
    }
  });
  after(() => rmSync(folder, { recursive: true }));
  const read = (path: string) => {
    const { found, problems } = readPath(path, folder);
    return problems.length > 0
      ? problems.map(formatProblem)
      : found.map(({ where, manifest }) => [where, manifest]);
  };

  it("reads the YAML and JSON files of a folder, in order, hidden ones excepted", () =>
    assert.deepEqual(read("."), [
      ["a.yml, document 1", { a: 1 }],
      ["a.yml, document 2", { a: 2 }],
      ["b.yaml", { b: 1 }],
      ["deep/er/c.json", { c: 1 }],
    ]));

  it("reads one file, whatever it is called", () => assert.deepEqual(read("f.txt"), [["f.txt", { f: 1 }]]));

  it("says that a folder is empty, and what may have been meant by a path", () => {
    assert.match(read("empty").join(), /^empty: There is no YAML or JSON file in this folder: give /);
    assert.deepEqual(read("deap"), ["deap: There is no such file or folder: did you mean deep?"]);
    assert.deepEqual(read("nowhere/x.yaml"), [
      "nowhere/x.yaml: There is no such file or folder: check the path",
    ]);
  });
});

describe("readText()", () => {
  const problems = (text: string): string[] => readText("x.yaml", text).problems.map(formatProblem);

  it("names line and column, and the document, of what is not YAML", () => {
    assert.match(problems("a: [1\nb").join(), /^x\.yaml:\d+:\d+: Not YAML \(.+\): mend it there$/);
    assert.match(problems("a: 1\n---\na: {").join(), /^x\.yaml:3:\d+: Document 2 is not YAML/);
  });

  it("knows a template that was not rendered", () =>
    assert.match(
      problems("a: {{ .Values.a }}\nb: {{- if }}").join(),
      /render the template first: `helm template/,
    ));

  it("passes over documents that are empty, and expands no bomb of aliases", () => {
    assert.deepEqual(readText("x.yaml", "---\n---\n# nothing\n").found, []);
    const bomb = ["a0: &a0 [x, x]"];
    for (let i = 1; i < 12; i++)
      bomb.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(", ")}]`,
      );
    assert.match(problems(bomb.join("\n")).join(), /^x\.yaml: Cannot be read \(.*alias/i);
  });

  it("takes JSON that YAML would not, and lists of it", () =>
    assert.deepEqual(readText("x", '\t{"kind":"List",\n\t"items":[]}').found, [
      { where: "x", manifest: { kind: "List", items: [] } },
    ]));
});
