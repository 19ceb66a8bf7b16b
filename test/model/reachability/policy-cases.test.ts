import assert from "node:assert/strict";
import { judgedByUs } from "../../../sandbox/judges/ours.ts";
import { e2eCases } from "../../support/reachability/e2e-cases.ts";
import type { PolicyCase } from "../../support/reachability/policy-case.ts";
import { recipes } from "../../support/reachability/recipes.ts";
import { mismatches } from "../../support/reachability/table.ts";

describe("judge()", () => {
  for (const [name, cases] of [
    ["Kubernetes' end-to-end test", e2eCases],
    ["the recipes", recipes],
  ] as const) {
    describe(`in the cases of ${name}`, () => {
      for (const one of cases)
        it(one.title, () => assert.deepEqual(mismatches(one, judgedByUs(one.scene)), []));
    });
  }

  it("would be told what it says wrongly", () => {
    const [one] = e2eCases;
    assert.ok(one);
    const allAllowed: PolicyCase = { ...one, scene: { ...one.scene, policies: [] } };
    assert.deepEqual(mismatches(allAllowed, judgedByUs(allAllowed.scene)), [
      "default-deny-ingress: x/a → x/b TCP 80 is +, not -",
      "default-deny-ingress: x/b → x/a TCP 80 is +, not -",
      "default-deny-ingress: y/a → x/a TCP 80 is +, not -",
      "default-deny-ingress: y/a → x/b TCP 80 is +, not -",
      "default-deny-ingress: y/b → x/a TCP 80 is +, not -",
      "default-deny-ingress: y/b → x/b TCP 80 is +, not -",
    ]);
  });
});
