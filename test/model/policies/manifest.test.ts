import assert from "node:assert/strict";
import { policyKey, policyManifest } from "../../../model/policies/manifest.ts";
import type { Policy } from "../../../model/policies/policies.ts";

const policy: Policy = {
  kind: "NetworkPolicy",
  namespace: "shop",
  name: "allow-dns",
  stage: "dns",
  because: "names",
  spec: { podSelector: {} },
};

describe("policyManifest()", () => {
  it("is what the API takes, with the labels and the reason", () => {
    assert.deepEqual(policyManifest(policy, { a: "b" }), {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: {
        name: "allow-dns",
        namespace: "shop",
        labels: { a: "b" },
        annotations: { "cluster-network/because": "names" },
      },
      spec: { podSelector: {} },
    });
  });

  it("has no namespace where the policy is the cluster's", () => {
    const { name, stage, because, spec } = policy;
    const wide: Policy = { kind: "CiliumClusterwideNetworkPolicy", name, stage, because, spec };
    assert.ok(!("namespace" in policyManifest(wide, {}).metadata));
    assert.equal(policyKey(wide), "allow-dns");
    assert.equal(policyKey(policy), "shop/allow-dns");
  });
});
