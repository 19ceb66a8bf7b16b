import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { complaints, minimal } from "../../support/settings.ts";

interface StackFile {
  readonly config: Readonly<Record<string, unknown>>;
}

/** The stack files that a page shows, without the project's name before each key. */
function examplesOf(page: string): Record<string, unknown>[] {
  const blocks = [...readFileSync(page, "utf8").matchAll(/```yaml\n([^]*?)```/g)];
  return blocks.map(([, yaml = ""]) =>
    Object.fromEntries(
      Object.entries((parse(yaml) as StackFile).config).map(([key, value]) => [
        key.replace("cluster-network:", ""),
        value,
      ]),
    ),
  );
}

describe("docs/policies.md", () => {
  const examples = examplesOf("docs/policies.md");

  it("shows examples", () => {
    assert.equal(examples.length, 4);
  });

  examples.forEach((example, i) => {
    it(`shows what can be deployed, example ${i + 1}`, () => {
      assert.deepEqual(complaints({ ...minimal, ...example }), []);
    });
  });
});
