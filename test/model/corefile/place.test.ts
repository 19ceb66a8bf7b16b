import assert from "node:assert/strict";
import { inTextOrder, place } from "../../../model/corefile/place.ts";

describe("place()", () => {
  it("names file, line and column", () =>
    assert.equal(place("Corefile", { line: 3, column: 5 }), "Corefile:3:5"));
});

describe("inTextOrder()", () => {
  it("sorts by line and column as numbers, and says each thing once", () => {
    const problem = (path: string, message = "Wrong") => ({ path, message, remedy: "mend it" });
    const given = ["Corefile:10:1", "Corefile:2:11", "Corefile:2:9", "Corefile:10:1"].map((path) =>
      problem(path),
    );
    assert.deepEqual(
      inTextOrder([...given, problem("Corefile:2:9", "Wrong again")]).map(
        ({ path, message }) => `${path} ${message}`,
      ),
      ["Corefile:2:9 Wrong", "Corefile:2:9 Wrong again", "Corefile:2:11 Wrong", "Corefile:10:1 Wrong"],
    );
  });
});
