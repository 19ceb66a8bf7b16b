import assert from "node:assert/strict";
import fc from "fast-check";
import { cidrsOverlap, overlappingCidrs } from "../../model/cidr.ts";

describe("cidrsOverlap()", () => {
  const cases: [a: string, b: string, overlap: boolean][] = [
    ["10.0.0.0/8", "10.244.0.0/16", true],
    ["10.244.0.0/16", "10.0.0.0/8", true],
    ["10.244.0.0/16", "10.245.0.0/16", false],
    ["10.96.0.0/12", "10.111.255.255/32", true],
    ["10.96.0.0/12", "10.112.0.0/12", false],
    ["0.0.0.0/0", "192.168.0.0/16", true],
    ["fd00::/64", "fd00::1:0/112", true],
    ["fd00::/64", "fd01::/64", false],
    ["0.0.0.0/0", "::/0", false],
  ];
  for (const [a, b, overlap] of cases) {
    it(`${a} and ${b}: ${overlap}`, () => assert.equal(cidrsOverlap(a, b), overlap));
  }

  it("agrees with comparing first and last addresses, and is symmetric", () => {
    const network = fc.tuple(fc.nat(0xffffffff), fc.integer({ min: 0, max: 32 }));
    const range = ([address, bits]: [number, number]): [number, number] => {
      const size = 2 ** (32 - bits);
      const first = Math.floor(address / size) * size;
      return [first, first + size - 1];
    };
    const text = ([address, bits]: [number, number]): string =>
      `${[24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".")}/${bits}`;
    fc.assert(
      fc.property(network, network, (a, b) => {
        const [[a1, a2], [b1, b2]] = [range(a), range(b)];
        assert.equal(cidrsOverlap(text(a), text(b)), a1 <= b2 && b1 <= a2);
        assert.equal(cidrsOverlap(text(b), text(a)), cidrsOverlap(text(a), text(b)));
      }),
    );
  });
});

describe("overlappingCidrs()", () => {
  it("names both ranges of each pair", () => {
    const ranges = [
      { path: "a", cidr: "10.0.0.0/8" },
      { path: "b", cidr: "192.168.0.0/16" },
      { path: "c", cidr: "10.1.0.0/16" },
    ];
    assert.deepEqual(
      overlappingCidrs(ranges).map(({ path, message }) => `${path}: ${message}`),
      ["c: 10.1.0.0/16 overlaps a 10.0.0.0/8"],
    );
  });
});
