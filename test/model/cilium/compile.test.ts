import assert from "node:assert/strict";
import { compile, refusedProblem } from "../../../model/cilium/compile.ts";
import { formatProblem } from "../../../model/problem.ts";

const slices = {
  option: "cilium.endpointSlices",
  forms: [{ ciliumEndpointSlice: { enabled: true } }, { enableCiliumEndpointSlice: true }],
};
const egress = { option: "cilium.x", forms: [{ encryption: { strictMode: { egress: { enabled: true } } } }] };

describe("compile()", () => {
  it("takes the newest form that the chart has", () => {
    assert.deepEqual(compile([slices], { minor: 15, patch: 19 }).values, { enableCiliumEndpointSlice: true });
    // 1.16 and 1.17 have both.
    assert.deepEqual(compile([slices], { minor: 16, patch: 0 }).values, {
      ciliumEndpointSlice: { enabled: true },
    });
  });

  it("leaves out what the chart has no form for, and says so", () => {
    const { values, refused } = compile([egress, slices], { minor: 18, patch: 0 });
    assert.deepEqual(values, { ciliumEndpointSlice: { enabled: true } });
    assert.deepEqual(refused, [egress]);
  });

  it("knows the option behind each key", () => {
    assert.equal(
      compile([slices], { minor: 20, patch: 0 }).optionOf.get("ciliumEndpointSlice.enabled"),
      "cilium.endpointSlices",
    );
  });
});

describe("refusedProblem()", () => {
  it("says which chart has it", () => {
    assert.equal(
      formatProblem(refusedProblem(egress, { minor: 18, patch: 0 }, "1.18.0")),
      "cilium.x: Needs encryption.strictMode.egress.enabled, which exists from chart 1.19 on, and this is 1.18.0: use chart 1.19 or newer, or leave it out",
    );
  });
});
