import assert from "node:assert/strict";
import { isSameSpec } from "../../../model/policies/same-spec.ts";

const deny = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };

describe("isSameSpec()", () => {
  it("passes over what the API server leaves out", () => {
    assert.ok(
      isSameSpec(deny, { ...deny, ingress: [], egress: undefined, podSelector: { matchLabels: {} } }),
    );
    assert.ok(isSameSpec({ ingress: [{ from: [{}] }] }, { ingress: [{ from: [{}], ports: [] }] }));
  });

  it("tells a rule of everything from none", () => {
    assert.ok(!isSameSpec(deny, { ...deny, ingress: [{}] }));
    assert.ok(!isSameSpec({ ingress: [{}] }, { ingress: [{ ports: [{ port: 80 }] }] }));
    assert.ok(!isSameSpec({ from: [{ podSelector: {} }] }, { from: [{}] }));
  });
});
