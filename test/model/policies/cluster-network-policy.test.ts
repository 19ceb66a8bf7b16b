import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { clusterPolicySpec } from "../../../model/policies/cluster-network-policy.ts";
import { type Schema, schemaProblems } from "../../support/open-api.ts";

const { spec: schema } = JSON.parse(
  readFileSync("test/fixtures/cluster-network-policy/spec.schema.json", "utf8"),
) as { spec: Schema };

describe("clusterPolicySpec()", () => {
  it("is what the API's definition takes", () => {
    const many = Array.from({ length: 1000 }, (_, i) => `ns-${i}`);
    for (const spec of [
      clusterPolicySpec(["shop"], []),
      clusterPolicySpec(many, ["169.254.20.10", "10.96.0.10", "fd00::a"]),
    ]) {
      assert.deepEqual(schemaProblems(spec, schema), []);
    }
  });

  it("is held to a definition that refuses what it does not know", () => {
    const spec = { ...clusterPolicySpec(["shop"], []), tier: "Bottom", policyTypes: ["Egress"] };
    assert.deepEqual(schemaProblems(spec, schema), [
      'spec.tier: "Bottom" is not allowed',
      "spec.policyTypes: is unknown",
    ]);
    assert.deepEqual(schemaProblems({ ...spec, tier: "Admin", egress: [{ to: [{}] }] }, schema), [
      "spec.egress[0].action: is missing",
      "spec.egress[0].to[0]: 0 fields, not 1 to 1",
      "spec.policyTypes: is unknown",
    ]);
  });

  it("accepts DNS before it denies the rest", () => {
    const { egress } = clusterPolicySpec(["shop"], ["169.254.20.10"]) as {
      egress: { action: string; to: object[] }[];
    };
    assert.deepEqual(
      egress.map(({ action }) => action),
      ["Accept", "Deny"],
    );
    assert.deepEqual(egress[0]?.to.at(-1), { networks: ["169.254.20.10/32"] });
    assert.deepEqual(egress[1]?.to, [{ namespaces: {} }, { networks: ["0.0.0.0/0", "::/0"] }]);
  });
});
