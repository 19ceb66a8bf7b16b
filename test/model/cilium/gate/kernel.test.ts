import assert from "node:assert/strict";
import { agrees, parseKernel } from "../../../../model/cilium/gate/kernel.ts";

describe("parseKernel()", () => {
  const releases: [release: string, version: number[], redHat?: { major: number; build: number }][] = [
    ["5.15", [5, 15]],
    ["5.15.0-91-generic", [5, 15, 0]],
    ["6.1.119-129.201.amzn2023.x86_64", [6, 1, 119]],
    ["6.6.72+", [6, 6, 72]],
    ["4.18.0-305.el8.x86_64", [4, 18, 0], { major: 8, build: 305 }],
    ["4.18.0-553.16.1.el8_10.aarch64", [4, 18, 0], { major: 8, build: 553 }],
    ["5.14.0-427.13.1.el9_4.x86_64", [5, 14, 0], { major: 9, build: 427 }],
    ["3.10.0-1160.el7.x86_64", [3, 10, 0], { major: 7, build: 1160 }],
  ];
  for (const [release, version, redHat] of releases) {
    it(`reads ${release}`, () => {
      assert.deepEqual(parseKernel(release), { version, redHat });
    });
  }

  it("takes other kernels on Red Hat's systems by their number", () => {
    for (const release of ["5.4.271-1.el7.elrepo.x86_64", "5.15.0-100.96.32.el8uek.x86_64"])
      assert.equal(parseKernel(release).redHat, undefined, release);
  });
});

describe("agrees()", () => {
  it("holds a declaration to what it says, not more", () => {
    assert.equal(agrees("5.15", "5.15.0-91-generic"), true);
    assert.equal(agrees("1.34", "v1.34.1+k3s1"), true);
    assert.equal(agrees("5.15.3", "5.15.0-91-generic"), false);
    assert.equal(agrees("5.1", "5.15.0"), false);
  });
});
