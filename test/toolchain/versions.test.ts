import assert from "node:assert/strict";
import { compareVersions, findVersion, isWithin } from "../../toolchain/versions.ts";

describe("findVersion()", () => {
  const cases: [string, string | undefined][] = [
    ["v3.220.0\n", "3.220.0"],
    ["CoreDNS-1.15.0\nlinux/amd64, go1.26.8,\n", "1.15.0"],
    ["kwok version v0.8.0 go1.26.8 (linux/amd64)", "0.8.0"],
    ["none", undefined],
  ];
  for (const [text, expected] of cases) {
    it(`reads ${JSON.stringify(text)}`, () => assert.equal(findVersion(text), expected));
  }
});

describe("compareVersions()", () => {
  it("compares numbers, not text", () => assert.ok(compareVersions("1.9.0", "1.10.0") < 0));
  it("takes missing parts for 0", () => assert.equal(compareVersions("1.26", "v1.26.0"), 0));
});

describe("isWithin()", () => {
  const range = { atLeast: "1.15.0", below: "1.16.0" };
  it("includes the lower bound", () => assert.ok(isWithin("1.15.0", range)));
  it("excludes the upper bound", () => assert.ok(!isWithin("1.16.0", range)));
});
