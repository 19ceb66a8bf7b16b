import assert from "node:assert/strict";
import { compareVersions, versionOf } from "../../model/version.ts";

describe("compareVersions()", () => {
  it("compares number by number, and takes a missing one for 0", () => {
    assert.ok(compareVersions([5, 10], [5, 9, 99]) > 0);
    assert.ok(compareVersions([4, 19, 56], [4, 19, 57]) < 0);
    assert.equal(compareVersions([5, 4], [5, 4, 0]), 0);
  });

  it("counts what is no version as older than all", () => {
    assert.ok(compareVersions(versionOf("unknown"), [2, 6]) < 0);
  });
});
