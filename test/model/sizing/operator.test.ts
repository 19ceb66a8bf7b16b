import assert from "node:assert/strict";
import { operatorReplicas } from "../../../model/sizing/operator.ts";

describe("operatorReplicas()", () => {
  const cases: [production: boolean, nodes: number, wanted: number | undefined, value: number][] = [
    [false, 3, undefined, 1],
    [true, 3, undefined, 2],
    [true, 1, undefined, 1],
    [false, 3, 2, 2],
    [false, 2, 3, 2],
  ];
  for (const [production, nodes, wanted, value] of cases) {
    it(`${production ? "production" : "development"}, ${nodes} nodes, ${wanted ?? "nothing"} set: ${value}`, () =>
      assert.equal(operatorReplicas({ production, nodes, wanted }).value, value));
  }

  it("counts the nodes that are there, and take one, rather than those that are declared", () => {
    const sized = (live: number, taking: number) =>
      operatorReplicas({ production: true, nodes: 3, operatorNodes: { live, taking } });
    assert.equal(sized(3, 2).value, 2);
    const one = sized(3, 1);
    assert.deepEqual(
      [one.value, one.because],
      [1, "2 asked for, but each needs a node of its own and of 3 live ones 1 take it"],
    );
    assert.equal(sized(3, 0).value, 1);
  });

  it("says when nodes are too few for what was asked", () => {
    assert.match(operatorReplicas({ production: true, nodes: 1 }).because, /2 asked for/);
  });
});
