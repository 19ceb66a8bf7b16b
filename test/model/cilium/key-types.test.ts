import assert from "node:assert/strict";
import { shown, typeProblem } from "../../../model/cilium/key-types.ts";

const check = (value: unknown, types: string, minor = 20, value0?: string | number) => {
  const problem = typeProblem(
    ["a"],
    value,
    { types: types.split("|"), default: value0 },
    { minor, patch: 0 },
  );
  return problem && `${problem.message}: ${problem.remedy}`;
};

describe("typeProblem()", () => {
  const fitting: [value: unknown, types: string, minor?: number][] = [
    [true, "bool"],
    [5, "int"],
    [5, "num"],
    [0.5, "num"],
    ["x", "str"],
    [[], "list"],
    [[1], "list"],
    [["a"], "strs"],
    [[], "strs"],
    [{}, "map"],
    [{}, "obj"],
    ["auto", "bool|str"],
    ["Local", '"Local"|"Cluster"'],
    [null, "int"],
    [null, '"Local"'],
    [{ a: [1] }, "any"],
    // Charts up to 1.15 have no schema, and templates print either alike.
    ["5", "int", 15],
    ["0.5", "num", 15],
    [5, "str", 15],
  ];
  for (const [value, types, minor] of fitting) {
    it(`takes ${JSON.stringify(value)} as ${types}`, () =>
      assert.equal(check(value, types, minor), undefined));
  }

  const wrong: [value: unknown, types: string, said: string, minor?: number][] = [
    ["yes", "bool", '"yes" is not true or false: use true or false'],
    ["false", "bool", '"false" is not true or false: use true or false', 15],
    ["5", "int", '"5" is not a whole number: use a whole number'],
    [0.5, "int", "0.5 is not a whole number: use a whole number"],
    ["many", "int", '"many" is not a whole number: use a whole number', 15],
    [5, "str", "5 is not a text: use a text"],
    ["a", "strs", '"a" is not a list of texts: use a list of texts'],
    [[1], "strs", "[1] is not a list of texts: use a list of texts"],
    [[], "map", "[] is not an object: use an object"],
    [null, "obj", "null is not an object: use an object"],
    ["x", "int|null", '"x" is not a whole number: use a whole number'],
    ["local", '"Local"|"Cluster"', '"local" is not "Local" or "Cluster": use "Local" or "Cluster"'],
    [
      5,
      "null",
      "5 is refused by the schema of this chart, which allows null alone: leave it out, or use a newer chart",
    ],
  ];
  for (const [value, types, said, minor] of wrong) {
    it(`refuses ${JSON.stringify(value)} as ${types}`, () => assert.equal(check(value, types, minor), said));
  }

  it("tells the chart's default", () => {
    assert.equal(
      check("x", "int|null", 20, 16_384),
      '"x" is not a whole number: use a whole number; the chart\'s default is 16384',
    );
  });
});

describe("shown()", () => {
  it("cuts what is long", () => {
    assert.equal(shown(["a"], "x".repeat(100)).length, 60);
  });

  it("hides what may be secret", () => {
    assert.equal(shown(["tls", "ca", "key"], "abc"), "What is given");
    assert.equal(shown(["tls", "ca", "cert"], ["abc"]), "What is given");
    assert.equal(shown(["hubble", "tls", "enabled"], "abc"), '"abc"');
    assert.equal(shown(["tls", "ca", "key"], true), "true");
  });
});
