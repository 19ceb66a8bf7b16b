import assert from "node:assert/strict";
import fc from "fast-check";
import { conntrackBuckets, conntrackMax, conntrackMemory } from "../../../model/sizing/conntrack.ts";

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
      const size = conntrackMax({ production, cores, connections: 50_000, wanted });
      assert.equal(size.value, value);
      assert.ok(size.because.length > 0);
    });
  }

  it("is so large that the declared connections fill three quarters of it", () => {
    const { value, because } = conntrackMax({ production: false, cores: 4, connections: 300_000 });
    assert.equal(value, 401_408);
    assert.equal(because, "300000 connections fill 75 % of it");
  });

  it("grows with cores and connections", () => {
    const cores = fc.integer({ min: 1, max: 1024 });
    const connections = fc.integer({ min: 1, max: 10_000_000 });
    fc.assert(
      fc.property(fc.boolean(), cores, cores, connections, connections, (production, a, b, c, d) => {
        const of = (n: number, m: number) => conntrackMax({ production, cores: n, connections: m }).value;
        const [less, more] = [of(Math.min(a, b), Math.min(c, d)), of(Math.max(a, b), Math.max(c, d))];
        assert.ok(Number.isInteger(less) && less >= 131_072 && less <= more);
        assert.ok(more * 0.75 >= Math.max(c, d));
      }),
    );
  });
});

describe("conntrackMemory()", () => {
  it("is that of the entries and of their table", () =>
    assert.equal(conntrackMemory(1_048_576, 262_144).value, 386));
});

describe("conntrackBuckets()", () => {
  it("is a quarter of the maximum", () => assert.equal(conntrackBuckets(1_048_576).value, 262_144));
  it("is a number that the kernel keeps as it is: whole pages", () =>
    assert.equal(conntrackBuckets(200_000).value, 57_344));
});
