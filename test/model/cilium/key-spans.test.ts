import assert from "node:assert/strict";
import { spansOf } from "../../../model/cilium/chart-keys.ts";
import { nextWith, spanWords } from "../../../model/cilium/key-spans.ts";

const words = (key: string) => spanWords(spansOf(key.split(".")));
const next = (key: string, minor: number, patch: number) =>
  nextWith(spansOf(key.split(".")), { minor, patch });

describe("spanWords()", () => {
  it("says when a key is there", () => {
    assert.equal(words("bpf.distributedLRU"), "from chart 1.17.2 on");
    assert.equal(words("gatewayAPI.hostNetwork"), "from chart 1.16 on");
    assert.equal(words("tunnel"), "up to chart 1.14.x");
    assert.equal(words("externalIPs"), "up to chart 1.17.5");
    assert.equal(words("ciliumEndpointSlice.sliceMode"), "in charts 1.17 to 1.17.x");
    assert.equal(words("sysctlfix"), "in charts 1.14.13 to 1.14.x and from chart 1.15.7 on");
  });
});

describe("nextWith()", () => {
  it("finds the chart to go to", () => {
    assert.equal(next("bpf.distributedLRU", 16, 0), "1.17.2");
    assert.equal(next("sysctlfix", 14, 0), "1.14.13");
    assert.equal(next("sysctlfix", 15, 0), "1.15.7");
    assert.equal(next("tunnel", 20, 0), undefined);
  });
});
