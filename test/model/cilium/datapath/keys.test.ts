import assert from "node:assert/strict";
import { changes } from "../../../../model/cilium/breaking-changes/index.ts";
import { spansOf } from "../../../../model/cilium/chart-keys.ts";
import { type EffectiveValues, facets } from "../../../../model/cilium/datapath/index.ts";

/** Values that note which keys they are asked for; every switch is in the same position. */
function recording(asked: Set<string>, minor: number, isOn: boolean): EffectiveValues {
  const note = <T>(path: string, answer: T): T => {
    asked.add(path);
    return answer;
  };
  const value = isOn || undefined;
  return {
    minor,
    patch: 0,
    compatibility: minor,
    given: (path) => note(path, value),
    at: (path) => note(path, value),
    isOn: (path) => note(path, isOn),
    text: (path) => note(path, isOn ? "true" : ""),
  };
}

describe("what judges an upgrade", () => {
  it("asks for keys that the charts have, at least some of them", () => {
    const asked = new Set<string>();
    for (const minor of [14, 17, 20]) {
      for (const isOn of [true, false]) {
        const values = recording(asked, minor, isOn);
        for (const { of } of facets) of(values);
        for (const { concerns } of changes) concerns({ before: values, after: values });
      }
    }
    assert.ok(asked.size > 80, `only ${asked.size} keys`);
    assert.deepEqual(
      [...asked].filter((path) => spansOf(path.split(".")).length === 0),
      [],
    );
  });
});
