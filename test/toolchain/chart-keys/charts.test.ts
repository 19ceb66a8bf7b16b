import assert from "node:assert/strict";
import { chartKey, chartKeyNames } from "../../../model/cilium/chart-keys.ts";
import { type ChartVersion, parseChartVersion } from "../../../model/cilium/chart-version.ts";
import { type ChartFacts, readChart } from "../../../toolchain/chart-keys/read-chart.ts";
import { cachedChart } from "../../support/cached-chart.ts";

function pathsIn(version: ChartVersion, parent: readonly string[] = []): string[] {
  return chartKeyNames(parent, version).flatMap((name) => {
    const path = [...parent, name];
    return [path.join("."), ...pathsIn(version, path)];
  });
}

for (const name of ["cilium-chart-1.15", "cilium-chart"] as const) {
  describe(`the table of keys, against ${name}`, () => {
    let facts: ChartFacts;
    let version: ChartVersion;
    before(async function () {
      facts = readChart(await cachedChart(this, name));
      version = parseChartVersion(facts.version) ?? assert.fail(facts.version);
    });

    it("has its keys and no others", () => {
      assert.deepEqual(pathsIn(version).sort(), [...facts.keys.keys()].sort());
    });

    it("has its defaults and types", () => {
      for (const [path, fact] of facts.keys) {
        const known = chartKey(path.split("."), version);
        assert.equal(known?.default, fact.default, path);
        // A chart without a schema takes the types of the next one.
        if (facts.typed && fact.types) assert.deepEqual(known?.types, fact.types, path);
      }
    });
  });
}
