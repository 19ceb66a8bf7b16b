import assert from "node:assert/strict";
import { asBoolean, asEntries, asList, asText, at, atPath } from "../../model/tree.ts";
import { UNKNOWN } from "../../model/verdict.ts";

describe("at()", () => {
  const tree = { spec: { ports: UNKNOWN, type: "NodePort", none: null }, "a.b": 1 };

  it("reads a path", () => {
    assert.equal(at(tree, "spec", "type"), "NodePort");
    assert.equal(atPath(tree, "spec.type"), "NodePort");
    assert.equal(at(tree, "a.b"), 1);
  });

  it("gives UNKNOWN below a value that is not known", () => {
    assert.equal(at(tree, "spec", "ports", "0", "nodePort"), UNKNOWN);
    assert.equal(at(UNKNOWN, "spec"), UNKNOWN);
  });

  it("gives undefined for what is absent, null, or below text", () => {
    assert.equal(at(tree, "status", "x"), undefined);
    assert.equal(at(tree, "spec", "none"), undefined);
    assert.equal(at(tree, "spec", "type", "length"), undefined);
    assert.equal(at(tree, "constructor"), undefined);
  });
});

describe("asText(), asBoolean(), asList(), asEntries()", () => {
  it("take a value of another type for absent", () => {
    assert.equal(asText(1), undefined);
    assert.equal(asBoolean("true"), undefined);
    assert.deepEqual(asList("abc"), []);
    assert.deepEqual(asEntries([1]), []);
  });

  it("keep what is not known", () => {
    for (const read of [asText, asBoolean, asList, asEntries]) assert.equal(read(UNKNOWN), UNKNOWN);
  });
});
