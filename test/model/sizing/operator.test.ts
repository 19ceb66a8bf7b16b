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

  it("says when nodes are too few for what was asked", () => {
    assert.match(operatorReplicas({ production: true, nodes: 1 }).because, /2 asked for/);
  });
});
