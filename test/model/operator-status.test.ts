import assert from "node:assert/strict";
import { complaintOf, isDone } from "../../model/operator-status.ts";

const status = (conditions: Record<string, string>, observedGeneration?: number, message?: string) => ({
  status: {
    conditions: Object.entries(conditions).map(([type, is]) => ({
      type,
      status: is,
      ...(observedGeneration !== undefined && { observedGeneration }),
      ...(message !== undefined && { message }),
    })),
  },
});
const done = { Available: "True", Progressing: "False", Degraded: "False" };

describe("isDone()", () => {
  it("believes an operator that is available, and neither busy nor degraded", () => {
    assert.ok(isDone(status(done, 2), 2));
    assert.ok(isDone(status(done, 3), 2));
    for (const over of [{ Available: "False" }, { Progressing: "True" }, { Degraded: "True" }]) {
      assert.ok(!isDone(status({ ...done, ...over }, 2), 2));
    }
  });
  it("does not take the word on an older Installation", () => assert.ok(!isDone(status(done, 1), 2)));
  it("takes the word of an operator that does not say on which", () => assert.ok(isDone(status(done), 2)));
  it("does not take silence for a word", () => {
    assert.ok(!isDone({}, 1));
    assert.ok(!isDone(status({}), 1));
  });
});

describe("complaintOf()", () => {
  it("is what is wrong before what is going on", () => {
    const both = { Available: "False", Progressing: "True", Degraded: "True" };
    assert.equal(complaintOf(status(both, 1, "no pool")), "the operator says Degraded: no pool");
    assert.equal(
      complaintOf(status({ ...both, Degraded: "False" }, 1, "rolling")),
      "the operator says Progressing: rolling",
    );
  });
  it("is none of an operator that is done", () => {
    assert.equal(complaintOf(status(done)), undefined);
    assert.equal(complaintOf({}), undefined);
  });
});
