import assert from "node:assert/strict";
import { didYouMean, nearest } from "../../model/did-you-mean.ts";

describe("nearest()", () => {
  const keys = ["podCidr", "serviceCidr", "nodes", "name"];
  const cases: [word: string, found: string | undefined][] = [
    ["podCIDR", "podCidr"],
    ["podcdir", "podCidr"],
    ["serviceCidrs", "serviceCidr"],
    ["node", "nodes"],
    ["nmae", "name"],
    ["replicas", undefined],
    ["", undefined],
  ];
  for (const [word, found] of cases) {
    it(`${JSON.stringify(word)} → ${String(found)}`, () => assert.equal(nearest(word, keys), found));
  }
});

describe("didYouMean()", () => {
  it("lists the choices, sorted, when none is near", () => {
    assert.equal(didYouMean("zzz", ["b", "a"]), "use one of a, b");
  });
});
