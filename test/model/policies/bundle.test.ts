import assert from "node:assert/strict";
import fc from "fast-check";
import { ownLabels } from "../../../model/live.ts";
import {
  bundledManifest,
  bundleLabel,
  bundleOf,
  decodeBundle,
  encodeBundle,
  type PolicyBundle,
  stageLabel,
} from "../../../model/policies/bundle.ts";
import type { Policy } from "../../../model/policies/policies.ts";

const labels = ownLabels("cluster-network.dev");
const deny = (namespace: string): Policy => ({
  kind: "NetworkPolicy",
  namespace,
  name: "default-deny-all.bundled",
  stage: "deny",
  because: "Every pod is isolated\nin both directions",
  spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
});
const allow = (namespace: string): Policy => ({
  ...deny(namespace),
  name: `allow-${namespace}.bundled`,
  stage: "workload",
  workload: namespace,
  spec: { podSelector: { matchLabels: { app: namespace } }, policyTypes: ["Ingress"], ingress: [{}] },
});
const bundle = (...policies: Policy[]): PolicyBundle => ({
  name: "3-of-8",
  labels,
  createNamespaces: ["shop", "bank"],
  policies,
});
const byKey = (policies: readonly Policy[]): string[] =>
  policies.map((one) => JSON.stringify(one, sorted)).sort();
const sorted = (_: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort())
    : value;

describe("bundleOf()", () => {
  it("spreads namespaces over eight bundles", () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 1000; i++) {
      const name = bundleOf(`team-${i}`);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    assert.equal(counts.size, 8);
    assert.ok(Math.max(...counts.values()) < 180, JSON.stringify([...counts]));
  });

  it("gives a namespace the bundle that it always had", () => {
    // Another answer would move the policies of every deployed stack.
    assert.deepEqual(["shop", "payments", "team-1"].map(bundleOf), ["6-of-8", "8-of-8", "7-of-8"]);
  });
});

describe("encodeBundle()", () => {
  it("is read back as it was", () => {
    const namespace = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
    fc.assert(
      fc.property(fc.uniqueArray(namespace), (names) => {
        const policies = names.flatMap((name) => [allow(name), deny(name)]);
        const read = decodeBundle(encodeBundle(bundle(...policies)));
        assert.ok(read);
        assert.deepEqual(byKey(read.policies), byKey(policies));
        assert.deepEqual(read.createNamespaces, ["bank", "shop"]);
        assert.deepEqual([read.name, read.labels], ["3-of-8", labels]);
      }),
    );
  });

  it("is the same for another order", () => {
    const one = bundle(allow("a"), deny("a"), deny("b"));
    const other = bundle(deny("b"), deny("a"), allow("a"));
    assert.equal(encodeBundle(one), encodeBundle({ ...other, createNamespaces: ["bank", "shop"] }));
  });

  it("says once what namespaces have in common", () => {
    const names = Array.from({ length: 125 }, (_, i) => `team-${i}`);
    const lines = encodeBundle(bundle(...names.map(deny))).split("\n");
    assert.equal(lines.length, 1 + 2 + 1);
  });
});

describe("decodeBundle()", () => {
  it("takes any other text for none", () => {
    for (const text of ["", "{}", '{"format":"other"}', "apiVersion: v1"]) {
      assert.equal(decodeBundle(text), undefined);
    }
  });
});

describe("bundledManifest()", () => {
  it("labels an object with what finds it again", () => {
    const { metadata } = bundledManifest(bundle(), deny("shop"));
    assert.deepEqual(metadata.labels, { ...labels, [bundleLabel]: "3-of-8", [stageLabel]: "deny" });
  });
});
