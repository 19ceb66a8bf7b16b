import assert from "node:assert/strict";
import {
  firstInstalled,
  upgradeCompatibility,
  type Beginnings,
} from "../../../model/cilium/first-installed.ts";

describe("firstInstalled()", () => {
  const wanted = "1.18.2";
  const cases: [title: string, known: Omit<Beginnings, "wanted">, first: string][] = [
    ["a new cluster begins with the wanted version", {}, wanted],
    ["a record without a release is of an installation that never came up", { recorded: "1.20.2" }, wanted],
    [
      "the record says it",
      { recorded: "1.15.19", installed: { chartVersion: "1.17.4", values: {} } },
      "1.15.19",
    ],
    [
      "without a record, what the release is held to",
      { installed: { chartVersion: "1.17.4", values: { upgradeCompatibility: "1.14" } } },
      "1.14.0",
    ],
    [
      "without both, the version whose defaults it has now",
      { installed: { chartVersion: "1.17.4", values: {} } },
      "1.17.4",
    ],
    [
      "what is no version says nothing",
      { recorded: "?", installed: { chartVersion: "1.17.4", values: { upgradeCompatibility: "yes" } } },
      "1.17.4",
    ],
    ["a release that cannot be read says nothing", { installed: {} }, wanted],
  ];
  for (const [title, known, first] of cases) {
    it(title, () => assert.equal(firstInstalled({ ...known, wanted }), first));
  }
});

describe("upgradeCompatibility()", () => {
  const cases: [first: string, wanted: string, pin: string | undefined][] = [
    ["1.15.19", "1.16.0", "1.15"],
    ["1.14.0", "1.20.2", "1.14"],
    ["1.16.0", "1.16.9", undefined],
    ["1.16.0", "1.15.19", undefined],
    ["?", "1.15.19", undefined],
  ];
  for (const [first, wanted, pin] of cases) {
    it(`of a cluster that began with ${first}, at ${wanted}, is ${pin ?? "not set"}`, () =>
      assert.equal(upgradeCompatibility(first, wanted), pin));
  }
});
