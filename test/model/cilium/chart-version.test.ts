import assert from "node:assert/strict";
import { compareVersions, parseChartVersion } from "../../../model/cilium/chart-version.ts";

describe("chart versions", () => {
  it("have a minor and a patch", () => {
    assert.deepEqual(parseChartVersion("v1.15.19"), { minor: 15, patch: 19 });
    assert.deepEqual(parseChartVersion("1.16.0-rc.1"), { minor: 16, patch: 0 });
  });

  it("are refused when they are none", () => {
    for (const text of ["", "1.15", "2.15.1", "1.15.x"]) {
      assert.equal(parseChartVersion(text), undefined, text);
    }
  });

  it("are ordered by number, not by text", () => {
    const sorted = ["1.9.10", "1.15.2", "1.15.19", "1.20.0"].flatMap((text) => parseChartVersion(text) ?? []);
    assert.deepEqual([...sorted].reverse().sort(compareVersions), sorted);
  });
});
