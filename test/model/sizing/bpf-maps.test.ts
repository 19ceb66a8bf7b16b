import assert from "node:assert/strict";
import fc from "fast-check";
import { bpfMapEntries, bpfMapSizes, neededRatio } from "../../../model/sizing/bpf-maps.ts";

const gib = 2 ** 30;
const names = ["ctTcp", "ctAny", "nat", "neighbour", "sockRevNat"] as const;

describe("bpfMapEntries()", () => {
  it("takes fixed sizes as they are, and cuts NAT to what is tracked", () => {
    assert.deepEqual(bpfMapEntries(30 * gib, undefined, { ctTcpMax: 100_000, ctAnyMax: 50_000 }), {
      ctTcp: 100_000,
      ctAny: 50_000,
      nat: 100_000,
      neighbour: 100_000,
      sockRevNat: 141_281,
    });
    assert.equal(bpfMapEntries(30 * gib, undefined, { natMax: 200_000 }).neighbour, 200_000);
  });

  it("grows with memory and ratio, within the agent's limits, and is a whole number", () => {
    const ratio = fc.double({ min: 0.0001, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.nat(2 ** 43), fc.nat(2 ** 43), ratio, ratio, (a, b, r, q) => {
        const small = bpfMapEntries(Math.min(a, b), Math.min(r, q));
        const large = bpfMapEntries(Math.max(a, b), Math.max(r, q));
        for (const map of names) {
          assert.ok(small[map] <= large[map] && small[map] >= 65_536 && large[map] <= 2 ** 24);
          assert.ok(Number.isInteger(small[map]));
        }
      }),
    );
  });
});

describe("neededRatio()", () => {
  it("is enough for the entries, and 0 where the minimum is", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 24 }),
        fc.integer({ min: gib, max: 2 ** 43 }),
        (entries, memory) => {
          const ratio = neededRatio("ctTcp", entries, memory);
          if (ratio === 0) assert.ok(entries <= 131_072);
          else if (ratio <= 1) assert.ok(bpfMapEntries(memory, ratio).ctTcp >= entries);
        },
      ),
    );
  });
});

describe("bpfMapSizes()", () => {
  it("says what decided", () => {
    const because = (memory: number, ratio?: number, fixed = {}) =>
      Object.values(bpfMapSizes(memory * gib, ratio, fixed)).map((size) => size.because);
    assert.match(because(8)[0] ?? "", /^the agent's minimum: 8 GiB × 0.0025 asks for less$/);
    assert.equal(because(64)[0], "524288 × 64 GiB × 0.0025 / 149422080 bytes of all maps");
    assert.match(because(2048, 1)[1] ?? "", /^the agent's maximum/);
    assert.deepEqual(because(64, 0.0025, { ctTcpMax: 65_536, ctAnyMax: 65_536 }), [
      "set by cilium.values.bpf.ctTcpMax",
      "set by cilium.values.bpf.ctAnyMax",
      "2/3 of the 131072 flows tracked",
    ]);
  });
});
