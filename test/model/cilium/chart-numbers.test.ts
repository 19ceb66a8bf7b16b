import assert from "node:assert/strict";
import { printed, withPrintableSizes } from "../../../model/cilium/chart-numbers.ts";
import { parseChartVersion } from "../../../model/cilium/chart-version.ts";

const chart = (text: string) => parseChartVersion(text) ?? assert.fail(text);

describe("withPrintableSizes()", () => {
  const values = { bpf: { natMax: 1_048_576, ctAnyMax: 999_999, masquerade: true }, MTU: 1_500_000 };

  for (const version of ["1.14.0", "1.15.19"]) {
    it(`gives map sizes from a million on as text to chart ${version}`, () => {
      assert.deepEqual(withPrintableSizes(values, chart(version)), {
        bpf: { natMax: "1048576", ctAnyMax: 999_999, masquerade: true },
        MTU: 1_500_000,
      });
    });
  }

  it("leaves numbers to charts whose schema takes nothing else", () => {
    for (const version of ["1.16.0", "1.20.2"])
      assert.equal(withPrintableSizes(values, chart(version)), values);
  });
});

describe("printed()", () => {
  const cases: [value: unknown, version: string, text: string][] = [
    [1_048_576, "1.16.7", "1.048576e+06"],
    [16_777_216, "1.17.1", "1.6777216e+07"],
    [1_048_576, "1.16.8", "1048576"],
    [1_048_576, "1.17.2", "1048576"],
    [1_048_576, "1.18.0", "1048576"],
    [999_999, "1.15.19", "999999"],
    [0.0025, "1.15.19", "0.0025"],
    ["1048576", "1.15.19", "1048576"],
    [true, "1.15.19", "true"],
  ];
  for (const [value, version, text] of cases) {
    it(`is ${text} for ${JSON.stringify(value)} by chart ${version}`, () =>
      assert.equal(printed(value, chart(version)), text));
  }
});
