import assert from "node:assert/strict";
import fc from "fast-check";
import { addressAt, ipv4Range } from "../../../sandbox/control-plane/cidr.ts";

describe("ipv4Range()", () => {
  it("reads the first address and the size", () => {
    assert.deepEqual(ipv4Range("10.96.0.0/12"), { first: 0x0a600000, size: 2 ** 20 });
    assert.deepEqual(ipv4Range("0.0.0.0/0"), { first: 0, size: 2 ** 32 });
  });

  for (const text of ["10.96.0.1/12", "10.96.0.0", "10.96.0.0/33", "fd00::/64", "300.0.0.0/8", ""]) {
    it(`takes ${JSON.stringify(text)} for none`, () => assert.equal(ipv4Range(text), undefined));
  }
});

describe("addressAt()", () => {
  it("counts over the borders of octets", () => {
    assert.equal(addressAt("10.96.0.0/12", 10), "10.96.0.10");
    assert.equal(addressAt("172.18.0.0/16", 258), "172.18.1.2");
    assert.equal(addressAt("255.255.255.0/24", 255), "255.255.255.255");
  });

  it("refuses what lies behind the range", () => {
    assert.throws(() => addressAt("10.0.0.0/30", 4), RangeError);
  });

  it("gives as many different addresses as the range has", () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 32 }), (prefix) => {
        const size = 2 ** (32 - prefix);
        const all = new Set(
          Array.from({ length: size }, (_, offset) => addressAt(`10.0.0.0/${prefix}`, offset)),
        );
        assert.equal(all.size, size);
      }),
      { numRuns: 13 },
    );
  });
});
