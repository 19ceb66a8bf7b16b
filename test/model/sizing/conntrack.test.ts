import assert from "node:assert/strict";
import { conntrackBuckets, conntrackMax } from "../../../model/sizing/conntrack.ts";

describe("conntrackMax()", () => {
  const cases: [production: boolean, cores: number, wanted: number | undefined, value: number][] = [
    [false, 1, undefined, 131_072],
    [false, 4, undefined, 131_072],
    [false, 16, undefined, 524_288],
    [true, 4, undefined, 1_048_576],
    [true, 32, undefined, 1_048_576],
    [true, 64, undefined, 2_097_152],
    [true, 64, 262_144, 262_144],
  ];
  for (const [production, cores, wanted, value] of cases) {
    it(`${production ? "production" : "development"}, ${cores} cores, ${wanted ?? "nothing"} set: ${value}`, () => {
      const size = conntrackMax({ production, cores, wanted });
      assert.equal(size.value, value);
      assert.ok(size.because.length > 0);
    });
  }
});

describe("conntrackBuckets()", () => {
  it("is a quarter of the maximum", () => assert.equal(conntrackBuckets(1_048_576).value, 262_144));
  it("is a number that the kernel keeps as it is: whole pages", () =>
    assert.equal(conntrackBuckets(200_000).value, 57_344));
});
