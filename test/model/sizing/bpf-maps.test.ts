import assert from "node:assert/strict";
import fc from "fast-check";
import { bpfMapEntries, bpfMapSizes } from "../../../model/sizing/bpf-maps.ts";

const gib = 2 ** 30;

describe("bpfMapEntries()", () => {
  const golden: [memoryGib: number, ctTcp: number, ctAny: number, nat: number][] = [
    [1, 131_072, 65_536, 131_072],
    [7.5, 131_072, 65_536, 131_072],
    [15, 142_280, 71_140, 142_280],
    [16, 151_765, 75_882, 151_765],
    [30, 284_560, 142_280, 284_560],
  ];
  for (const [memoryGib, ctTcp, ctAny, nat] of golden) {
    it(`${memoryGib} GiB: ${ctTcp} TCP, ${ctAny} other, ${nat} NAT`, () => {
      const entries = bpfMapEntries(memoryGib * gib);
      assert.deepEqual([entries.ctTcp, entries.ctAny, entries.nat], [ctTcp, ctAny, nat]);
    });
  }

  it("grows with memory, within the agent's limits, and is a whole number", () => {
    fc.assert(
      fc.property(fc.nat(2 ** 43), fc.nat(2 ** 43), (a, b) => {
        const [small, large] = [bpfMapEntries(Math.min(a, b)), bpfMapEntries(Math.max(a, b))];
        for (const map of ["ctTcp", "ctAny", "nat", "neighbour", "sockRevNat"] as const) {
          assert.ok(small[map] <= large[map] && small[map] >= 65_536 && large[map] <= 2 ** 24);
          assert.ok(Number.isInteger(small[map]));
        }
      }),
    );
  });
});

describe("bpfMapSizes()", () => {
  it("says whether the minimum or the formula decided", () => {
    assert.match(bpfMapSizes(8 * gib).bpfCtTcp.because, /minimum/);
    assert.match(bpfMapSizes(64 * gib).bpfCtTcp.because, /^524288 × 64 GiB × 0.0025/);
  });
});
