import assert from "node:assert/strict";
import { explainPolicies, policyRows, proofLine } from "../../stacks/explained-policies.ts";
import { settingsOf } from "../support/settings.ts";

const shop = {
  name: "shop",
  workloads: [{ name: "web", ports: { http: 8080 } }],
  flows: ["monitoring -> web:http", "web -> api-server"],
};

describe("explainPolicies()", () => {
  for (const raw of [
    { namespaces: [shop] },
    { datapath: "calico", namespaces: [shop] },
    { policies: { systemNamespaces: true }, namespaces: [shop] },
    { policies: { baseline: "cluster-wide" }, namespaces: [shop, { name: "lab", stage: "observe" }] },
    {
      datapath: "calico",
      cluster: { name: "test", nodes: 3, nodeCidr: "10.0.0.0/16" },
      policies: { systemNamespaces: true },
      namespaces: [shop],
    },
  ]) {
    it(`proves without a cluster ${JSON.stringify(raw).slice(0, 60)}…`, () => {
      const { unproved, policies } = explainPolicies(settingsOf(raw));
      assert.deepEqual(unproved, []);
      assert.ok("shop/allow-web" in policies);
    });
  }

  it("shows a screenful", () => {
    const namespaces = Array.from({ length: 20 }, (_, i) => ({ name: `team-${i}` }));
    const rows = policyRows(explainPolicies(settingsOf({ namespaces })));
    assert.deepEqual([rows.length, rows.at(-1)?.[2]], [31, "and 10 more: --json"]);
  });

  it("says where the proof does not hold", () =>
    assert.match(proofLine({ flows: 1, policies: {}, unproved: ["x"] }), /not what the flows mean/));
});
