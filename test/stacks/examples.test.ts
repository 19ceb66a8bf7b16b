import assert from "node:assert/strict";
import { profileNames } from "../../model/profiles.ts";
import { explain } from "../../stacks/explanation.ts";
import { readStackFile, stacksIn } from "../../stacks/stack-file.ts";

const folder = "examples/profiles";

describe(folder, () => {
  it("has a stack for each profile", () => assert.deepEqual(stacksIn(folder), [...profileNames].sort()));

  for (const name of profileNames) {
    it(`${name} is valid, of its profile, and needs no advice`, () => {
      const { config } = readStackFile(`${folder}/Pulumi.${name}.yaml`);
      const { explanation, problems } = explain(config ?? {});
      assert.deepEqual(problems, []);
      assert.equal(explanation?.profile, name);
      assert.deepEqual(explanation.advice, []);
    });
  }
});
