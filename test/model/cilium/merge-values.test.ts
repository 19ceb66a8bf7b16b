import assert from "node:assert/strict";
import { nested } from "../../../model/cilium/merge-values.ts";

describe("nested()", () => {
  it("makes a tree of a path", () => assert.deepEqual(nested("a.b", [1]), { a: { b: [1] } }));
});
