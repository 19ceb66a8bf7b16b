import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatProblem } from "../../model/problem.ts";
import { readStackFile, stacksIn } from "../../stacks/stack-file.ts";

describe("readStackFile()", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "stack-file-"));
    for (const stack of ["dev", "prod"]) writeFileSync(join(folder, `Pulumi.${stack}.yaml`), "config: {}\n");
  });
  after(() => rmSync(folder, { recursive: true }));

  const read = (text: string) => {
    const path = join(folder, "Pulumi.test.yaml");
    writeFileSync(path, text);
    const { config, problems } = readStackFile(path);
    return config ?? problems.map((problem) => formatProblem(problem).replaceAll(`${folder}/`, ""));
  };

  it("has the project's keys, objects as YAML or as the command line sets them", () =>
    assert.deepEqual(
      read(`config:
  cluster-network:profile: small
  cluster-network:cluster: { name: a, nodes: 3 }
  cluster-network:dns: '{"enabled":false}'
  kubernetes:context: other
`),
      { profile: "small", cluster: { name: "a", nodes: 3 }, dns: { enabled: false } },
    ));

  it("takes a file without a configuration for an empty one", () => {
    assert.deepEqual(read("encryptionsalt: x\n"), {});
    assert.deepEqual(read(""), {});
  });

  it("says what is there when the stack is not", () =>
    assert.deepEqual(
      readStackFile(join(folder, "Pulumi.prd.yaml")).problems.map(({ remedy }) => remedy),
      ["did you mean prod?"],
    ));

  const broken: [title: string, text: string, complaint: RegExp][] = [
    [
      "what is not YAML, with its place",
      "config:\n  a: [1\nb",
      /^Pulumi\.test\.yaml:\d+:\d+: Not YAML \(.+\): mend it there$/,
    ],
    [
      "a configuration that is a list",
      "config: [1]\n",
      /^Pulumi\.test\.yaml: config: \[1\] is no object: write keys such as cluster-network:cluster below it$/,
    ],
    [
      "a secret, without showing it",
      "config:\n  cluster-network:cluster:\n    secure: AAAB\n",
      /^cluster: Is a secret, and no setting of this program is one: set it without --secret$/,
    ],
  ];
  for (const [title, text, complaint] of broken) {
    it(`refuses ${title}`, () => {
      const found = read(text);
      assert.ok(Array.isArray(found) && found.length === 1);
      assert.match(found[0] ?? "", complaint);
    });
  }
});

describe("stacksIn()", () => {
  it("lists the stacks of a folder", () => assert.deepEqual(stacksIn("examples/blocked"), ["dev"]));
  it("is empty for a folder that is not there", () => assert.deepEqual(stacksIn("./nowhere"), []));
});
