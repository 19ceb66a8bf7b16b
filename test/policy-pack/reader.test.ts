import assert from "node:assert/strict";
import { asset } from "@pulumi/pulumi";
import { UNKNOWN } from "../../model/verdict.ts";
import { readTree } from "../../policy-pack/reader.ts";
import { unknown, unknownCheckingProxy, UnknownValueError } from "./harness.ts";

const read = (value: unknown) => readTree(unknownCheckingProxy(value));

describe("readTree()", () => {
  it("copies what is known", () => {
    const value = { text: "a", number: 0, none: null, list: [1, { a: false }], empty: {} };
    assert.deepEqual(read(value), value);
  });

  it("puts UNKNOWN where a field is not known, and keeps its siblings", () => {
    const value = { spec: { type: unknown, ports: [{ port: 80 }, unknown, { nodePort: unknown }] } };
    assert.throws(() => JSON.stringify(unknownCheckingProxy(value)), UnknownValueError);
    assert.deepEqual(read(value), {
      spec: { type: UNKNOWN, ports: [{ port: 80 }, UNKNOWN, { nodePort: UNKNOWN }] },
    });
  });

  it("leaves assets out", () => {
    assert.deepEqual(read({ files: [new asset.StringAsset("a")], a: 1 }), { files: [undefined], a: 1 });
  });

  it("passes on any other error", () => {
    const value = Object.defineProperty({}, "broken", {
      enumerable: true,
      get: () => {
        throw new Error("out of order");
      },
    });
    assert.throws(() => readTree(value), /out of order/);
  });
});
