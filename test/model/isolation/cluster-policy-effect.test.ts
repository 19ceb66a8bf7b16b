import assert from "node:assert/strict";
import { clusterPolicyEffect } from "../../../model/isolation/cluster-policy-effect.ts";
import { clusterPolicySpec } from "../../../model/policies/cluster-network-policy.ts";
import { UNKNOWN, type Truth } from "../../../model/verdict.ts";

const shop = { name: "shop", labels: { team: "a" } };
const all = [{ networks: ["0.0.0.0/0", "::/0"] }];
const deny = { action: "Deny", to: all };
const subject = { namespaces: {} };

describe("clusterPolicyEffect()", () => {
  const ours = clusterPolicySpec(["bank", "shop"], []);
  const cases: [title: string, spec: unknown, isolates: Truth, opens: Truth][] = [
    ["the baseline of this program", ours, true, false],
    ["one of other namespaces", clusterPolicySpec(["bank"], []), false, false],
    [
      "one of namespaces by label",
      { subject: { namespaces: { matchLabels: { team: "a" } } }, egress: [deny] },
      true,
      false,
    ],
    [
      "one of all pods",
      { subject: { pods: { namespaceSelector: {}, podSelector: {} } }, egress: [deny] },
      true,
      false,
    ],
    [
      "one of some pods",
      {
        subject: { pods: { namespaceSelector: {}, podSelector: { matchLabels: { a: "b" } } } },
        egress: [deny],
      },
      false,
      false,
    ],
    [
      "a denial of pods alone",
      { subject, egress: [{ action: "Deny", to: [{ namespaces: {} }] }] },
      false,
      false,
    ],
    [
      "a denial of one family",
      { subject, egress: [{ action: "Deny", to: [{ networks: ["0.0.0.0/0"] }] }] },
      false,
      false,
    ],
    ["a denial of one port", { subject, egress: [{ ...deny, protocols: [{ tcp: {} }] }] }, false, false],
    [
      "a denial after all was accepted",
      { subject, tier: "Baseline", egress: [{ action: "Accept", to: all }, deny] },
      false,
      false,
    ],
    [
      "an accept before NetworkPolicies",
      { subject, tier: "Admin", egress: [{ action: "Accept", to: all }] },
      false,
      true,
    ],
    ["a pass of all", { subject, tier: "Admin", egress: [{ action: "Pass", to: all }, deny] }, false, false],
    ["no rules", { subject }, false, false],
    ["no subject", { egress: [deny] }, false, false],
    ["an unknown subject", { subject: UNKNOWN, egress: [deny] }, UNKNOWN, false],
    ["an unknown tier", { subject, tier: UNKNOWN, egress: [{ action: "Accept", to: all }] }, false, UNKNOWN],
    [
      "an unknown rule before the denial",
      { subject, tier: "Admin", egress: [UNKNOWN, deny] },
      UNKNOWN,
      UNKNOWN,
    ],
    ["nothing known", UNKNOWN, UNKNOWN, UNKNOWN],
  ];
  for (const [title, spec, isolates, opens] of cases) {
    it(`of ${title}, for egress`, () => {
      assert.deepEqual(clusterPolicyEffect(spec, "egress", shop, false), { isolates, opens });
    });
  }

  it("is none for ingress: it cannot deny what comes from outside of the cluster", () => {
    const spec = { subject, ingress: [{ action: "Deny", from: [{ namespaces: {} }] }] };
    assert.deepEqual(clusterPolicyEffect(spec, "ingress", shop, false), { isolates: false, opens: false });
  });

  it("takes what a patch leaves out for not known", () => {
    assert.deepEqual(clusterPolicyEffect({ tier: "Baseline", egress: [deny] }, "egress", shop, true), {
      isolates: UNKNOWN,
      opens: false,
    });
  });
});
