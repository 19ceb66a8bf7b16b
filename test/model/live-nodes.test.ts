import assert from "node:assert/strict";
import { firstFew, matches, takes } from "../../model/live-nodes.ts";
import { liveNode } from "../support/nodes.ts";

const tainted = (key: string, effect = "NoSchedule", value?: string) =>
  liveNode({ taints: [{ key, effect, value }] });

describe("takes()", () => {
  const dedicated = tainted("dedicated", "NoSchedule", "gpu");
  const cases: [title: string, tolerations: object[], expected: boolean][] = [
    ["nothing is tolerated", [], false],
    ["everything is", [{ operator: "Exists" }], true],
    ["the key is", [{ key: "dedicated", operator: "Exists" }], true],
    ["key and value are", [{ key: "dedicated", value: "gpu" }], true],
    ["another value is", [{ key: "dedicated", value: "db" }], false],
    ["another effect is", [{ key: "dedicated", operator: "Exists", effect: "NoExecute" }], false],
  ];
  for (const [title, tolerations, expected] of cases) {
    it(`is ${expected} for a tainted node where ${title}`, () => {
      assert.equal(takes(dedicated, tolerations), expected);
    });
  }

  it("passes over preferences, and over conditions that pass", () => {
    for (const node of [
      liveNode(),
      tainted("busy", "PreferNoSchedule"),
      tainted("node.kubernetes.io/unschedulable"),
      tainted("node.kubernetes.io/not-ready", "NoExecute"),
      tainted("node.cloudprovider.kubernetes.io/uninitialized"),
    ])
      assert.equal(takes(node, []), true);
  });
});

describe("matches()", () => {
  it("wants every label", () => {
    const node = liveNode({ labels: { a: "1", b: "2" } });
    assert.equal(matches(node, { a: "1", b: "2" }), true);
    assert.equal(matches(node, { a: "1", b: "3" }), false);
    assert.equal(matches(node, { c: "1" }), false);
  });
});

describe("firstFew()", () => {
  it("is a list that stays short", () => {
    assert.equal(firstFew([]), "");
    assert.equal(firstFew(["a"]), "a");
    assert.equal(firstFew(["a", "b"]), "a and b");
    assert.equal(firstFew(["a", "b", "c"]), "a, b and c");
    assert.equal(firstFew(["a", "b", "c", "d", "e"]), "a, b, c and 2 more");
  });
});
