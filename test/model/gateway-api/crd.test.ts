import assert from "node:assert/strict";
import { compareBundles, isOlderMinor, readCrd, serves } from "../../../model/gateway-api/crd.ts";
import { stackLabel } from "../../../model/live.ts";
import { gatewayCrd } from "../../support/gateway-crds.ts";

describe("readCrd()", () => {
  it("reads what tells one CRD from another", () => {
    const object = gatewayCrd("tlsroutes", {
      bundle: "1.4.1",
      channel: "experimental",
      versions: ["v1alpha2-", "v1alpha3"],
      stored: ["v1alpha3"],
      labels: { [stackLabel]: "cluster-network.dev" },
      annotations: { "cluster-network/applied": "17" },
    });
    assert.deepEqual(readCrd(object), {
      plural: "tlsroutes",
      bundle: "1.4.1",
      channel: "experimental",
      versions: [
        { name: "v1alpha2", served: false },
        { name: "v1alpha3", served: true },
      ],
      stored: ["v1alpha3"],
      stack: "cluster-network.dev",
      applied: "17",
      deleting: false,
    });
  });

  it("sees one that is being deleted", () => {
    assert.equal(
      readCrd(gatewayCrd("gateways", { deletionTimestamp: "2026-11-26T00:00:00Z" }))?.deleting,
      true,
    );
  });

  const others: [what: string, object: unknown][] = [
    ["nothing", undefined],
    ["text", "<html>"],
    ["an object of another kind", { ...gatewayCrd("gateways"), kind: "ValidatingAdmissionPolicy" }],
    ["a CRD of another group", { ...gatewayCrd("gateways"), metadata: { name: "gateways.example.com" } }],
    ["a CRD without a name", { kind: "CustomResourceDefinition" }],
  ];
  for (const [what, object] of others) {
    it(`passes over ${what}`, () => assert.equal(readCrd(object), undefined));
  }
});

describe("serves()", () => {
  it("does not count a version that is listed, but not served", () => {
    const crd = readCrd(gatewayCrd("tlsroutes", { versions: ["v1", "v1alpha2-"] }));
    assert.ok(crd);
    assert.deepEqual(
      ["v1", "v1alpha2", "v1beta1"].map((version) => serves(crd, version)),
      [true, false, false],
    );
  });
});

describe("compareBundles(), isOlderMinor()", () => {
  it("compare numbers, not texts", () => {
    assert.ok(compareBundles("1.10.0", "1.9.0") > 0);
    assert.ok(compareBundles("0.8.1", "1.0.0") < 0);
    assert.equal(compareBundles("1.6.1", "1.6.1"), 0);
    assert.ok(compareBundles("1.6.0", "1.6.1") < 0);
  });

  it("take patch releases of a minor for the same", () => {
    assert.equal(isOlderMinor("1.6.0", "1.6.1"), false);
    assert.equal(isOlderMinor("1.5.9", "1.6.1"), true);
    assert.equal(isOlderMinor("1.7.0", "1.6.1"), false);
  });
});
