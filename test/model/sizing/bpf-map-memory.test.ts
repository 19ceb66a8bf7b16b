import assert from "node:assert/strict";
import fc from "fast-check";
import { type BpfMap, bpfMapBytes } from "../../../model/sizing/bpf-map-memory.ts";

/** `bpftool map create`, filled, then `bytes_memlock` of `bpftool map show`, on Linux 6.18 with 2 CPUs. */
const measured: [map: BpfMap, filled: number, bytes: number][] = [
  [{ kind: "lru", keyBytes: 14, valueBytes: 56, entries: 131_072 }, 0, 17_826_688],
  [{ kind: "lru", keyBytes: 38, valueBytes: 56, entries: 131_072 }, 0, 20_972_416],
  [{ kind: "lru", keyBytes: 14, valueBytes: 40, entries: 131_072 }, 0, 15_729_536],
  [{ kind: "lru", keyBytes: 14, valueBytes: 56, entries: 151_765 }, 0, 22_407_000],
  [{ kind: "lru", keyBytes: 4, valueBytes: 8, entries: 131_072 }, 0, 10_486_656],
  [{ kind: "lru", keyBytes: 16, valueBytes: 8, entries: 65_536 }, 0, 5_768_064],
  [{ kind: "lru", keyBytes: 12, valueBytes: 16, entries: 65_536, perCpu: true }, 0, 7_865_216],
  [{ kind: "hash", keyBytes: 12, valueBytes: 12, entries: 65_536 }, 0, 1_049_472],
  [{ kind: "hash", keyBytes: 12, valueBytes: 12, entries: 65_536 }, 100, 1_058_272],
  [{ kind: "hash", keyBytes: 8, valueBytes: 16, entries: 65_536, perCpu: true }, 100, 1_061_472],
  [{ kind: "hash", keyBytes: 20, valueBytes: 48, entries: 65_535 }, 0, 1_049_472],
  [{ kind: "trie", keyBytes: 24, valueBytes: 24, entries: 512_000 }, 0, 0],
];

describe("bpfMapBytes()", () => {
  for (const [map, filled, bytes] of measured) {
    const { kind, keyBytes, valueBytes, entries, perCpu } = map;
    const what = `${perCpu ? "per-CPU " : ""}${kind} ${keyBytes}/${valueBytes} × ${entries}`;
    it(`${what} with ${filled} entries: ${bytes}, as measured`, () =>
      assert.equal(bpfMapBytes(map, filled, 2), bytes));
  }

  it("counts a trie's inner nodes and the larger nodes of kernels before 6.13, too", () => {
    const ipcache: BpfMap = { kind: "trie", keyBytes: 24, valueBytes: 24, entries: 512_000 };
    assert.ok(bpfMapBytes(ipcache, 100, 2) >= 6800, "measured without inner nodes");
    assert.equal(bpfMapBytes(ipcache, 100, 2), 14_400);
  });

  it("grows with entries, fill and CPUs, and is a whole number", () => {
    const map = fc.record({
      kind: fc.constantFrom<BpfMap["kind"][]>("lru", "hash", "trie", "programs"),
      keyBytes: fc.integer({ min: 4, max: 64 }),
      valueBytes: fc.integer({ min: 1, max: 64 }),
      perCpu: fc.boolean(),
      entries: fc.integer({ min: 1, max: 2 ** 24 }),
    });
    fc.assert(
      fc.property(
        map,
        fc.nat(2 ** 24),
        fc.integer({ min: 1, max: 512 }),
        fc.nat(1000),
        (given, filled, cpus, more) => {
          const bytes = bpfMapBytes(given, filled, cpus);
          assert.ok(Number.isSafeInteger(bytes) && bytes >= 0);
          assert.ok(bpfMapBytes(given, filled + more, cpus) >= bytes);
          assert.ok(bpfMapBytes(given, filled, cpus + more) >= bytes);
          assert.ok(bpfMapBytes({ ...given, entries: given.entries + more }, filled, cpus) >= bytes);
        },
      ),
    );
  });
});
