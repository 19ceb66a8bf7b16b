import assert from "node:assert/strict";
import fc from "fast-check";
import { readShortForm } from "../../../model/policies/short-form.ts";

const flowOf = (text: string): unknown => readShortForm(text, "x").flow;

describe("readShortForm()", () => {
  it("finds the port behind the last colon, and none in an address", () => {
    assert.deepEqual(flowOf("a -> b:http"), { from: "a", to: "b", port: "http" });
    assert.deepEqual(flowOf("a->b"), { from: "a", to: "b" });
    assert.deepEqual(flowOf("a → ns/b : 53/UDP, 8000-8100"), {
      from: "a",
      to: "ns/b",
      port: ["53/UDP", "8000-8100"],
    });
    assert.deepEqual(flowOf("a -> 2001:db8::/32"), { from: "a", to: "2001:db8::/32" });
    assert.deepEqual(flowOf("a -> 2001:db8::1/128:443"), { from: "a", to: "2001:db8::1/128", port: "443" });
    assert.deepEqual(flowOf("a -> 2001:db8::1"), { from: "a", to: "2001:db8::1" });
    assert.deepEqual(flowOf("2001:db8::/32 -> a:http"), { from: "2001:db8::/32", to: "a", port: "http" });
  });

  for (const text of ["a", "a -> ", "-> b", "a -> b -> c", "a <- b", ""]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.equal(readShortForm(text, "flows[1]").problem?.path, "flows[1]");
    });
  }

  it("never throws, and reads back what it would print", () => {
    fc.assert(fc.property(fc.string(), (text) => void readShortForm(text, "x")));
    const name = fc.stringMatching(/^[a-z]([-a-z0-9]{0,8}[a-z0-9])?$/);
    fc.assert(
      fc.property(name, name, name, (from, to, port) => {
        assert.deepEqual(flowOf(`${from} -> ${to}:${port}`), { from, to, port });
      }),
    );
  });
});
