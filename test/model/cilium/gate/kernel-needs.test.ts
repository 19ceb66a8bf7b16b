import assert from "node:assert/strict";
import { chartKey } from "../../../../model/cilium/chart-keys.ts";
import { kernelNeedNames } from "../../../../model/cilium/gate/kernel-need.ts";
import { kernelNeeds } from "../../../../model/cilium/gate/kernel-needs.ts";
import { compareVersions } from "../../../../model/version.ts";

describe("kernelNeeds", () => {
  it("has a row for each name", () => {
    assert.deepEqual(new Set(kernelNeeds.map(({ name }) => name)), new Set(kernelNeedNames));
  });

  it("names keys that the charts have", () => {
    for (const { name, key, since = 14, until = 21 } of kernelNeeds)
      for (const minor of [since, until - 1])
        assert.ok(
          key === undefined || chartKey(key.split("."), { minor, patch: 9 }),
          `${name}: ${key} in 1.${minor}`,
        );
  });

  it("has one base for each chart, and nothing that every kernel above it has", () => {
    for (let minor = 14; minor <= 20; minor++) {
      const here = kernelNeeds.filter(({ since = 0, until = 99 }) => since <= minor && minor < until);
      const [base, ...more] = here.filter(({ name }) => name === "base");
      assert.ok(base && more.length === 0, `1.${minor}`);
      for (const { name, kernel } of here)
        // Red Hat's 4.18 will do for the base, and has no WireGuard.
        assert.ok(
          ["base", "wireguard"].includes(name) || compareVersions(kernel, base.kernel) > 0,
          `${name} in 1.${minor}`,
        );
    }
  });

  it("says of every loss how to settle for it, and of nothing else", () => {
    for (const { name, lost, settle } of kernelNeeds)
      assert.equal(lost === undefined, settle === undefined, name);
  });
});
