import assert from "node:assert/strict";
import fc from "fast-check";
import { every, not, outcome, some, UNKNOWN, type Truth } from "../../model/verdict.ts";

const truth = fc.constantFrom<Truth>(true, false, UNKNOWN);

describe("every(), some(), not()", () => {
  it("let one false decide a conjunction, and one true a disjunction, whatever is unknown", () => {
    assert.equal(every([true, UNKNOWN, false]), false);
    assert.equal(every([true, UNKNOWN]), UNKNOWN);
    assert.equal(some([false, UNKNOWN, true]), true);
    assert.equal(some([false, UNKNOWN]), UNKNOWN);
  });

  it("are true and false of nothing", () => {
    assert.equal(every([]), true);
    assert.equal(some([]), false);
  });

  it("obey De Morgan", () => {
    fc.assert(fc.property(fc.array(truth), (truths) => not(every(truths)) === some(truths.map(not))));
  });
});

describe("outcome()", () => {
  const problem = { path: "a", message: "b", remedy: "c" };
  const doubt = { path: "a", reason: "b" };
  it("lets a problem outweigh what is not known", () => {
    assert.equal(outcome({ problems: [], unknowns: [] }), "holds");
    assert.equal(outcome({ problems: [], unknowns: [doubt] }), "unknown");
    assert.equal(outcome({ problems: [problem], unknowns: [doubt] }), "broken");
  });
});
