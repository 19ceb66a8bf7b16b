import assert from "node:assert/strict";
import { parseKind, Resource } from "../../policy-pack/resource.ts";
import { unknown, unknownCheckingProxy } from "./harness.ts";

describe("parseKind()", () => {
  for (const [type, group, version, kind, patch] of [
    ["kubernetes:core/v1:Service", "", "v1", "Service", false],
    ["kubernetes:v1:Service", "", "v1", "Service", false],
    ["kubernetes:core/v1:ServicePatch", "", "v1", "Service", true],
    ["kubernetes:networking.k8s.io/v1:NetworkPolicy", "networking.k8s.io", "v1", "NetworkPolicy", false],
    ["kubernetes:cilium.io/v2:CiliumNetworkPolicyPatch", "cilium.io", "v2", "CiliumNetworkPolicy", true],
    ["kubernetes:helm.sh/v3:Release", "helm.sh", "v3", "Release", false],
  ] as const) {
    it(`reads ${type}`, () => assert.deepEqual(parseKind(type), { group, version, kind, patch }));
  }

  it("knows no kind of other resources", () => {
    for (const type of [
      "aws:s3/bucket:Bucket",
      "pulumi:providers:kubernetes",
      "kubernetes:yaml:",
      "Service",
    ]) {
      assert.equal(parseKind(type), undefined, type);
    }
  });
});

describe("Resource", () => {
  const labelOf = (type: string, props: Record<string, unknown>) =>
    new Resource({ type, name: "in-program", urn: "urn", props: unknownCheckingProxy(props) }).label;

  it("is called by kind, namespace and name", () => {
    const metadata = { name: "web", namespace: "shop" };
    assert.equal(labelOf("kubernetes:core/v1:Service", { metadata }), "Service shop/web");
    assert.equal(labelOf("kubernetes:core/v1:ServicePatch", { metadata }), "ServicePatch shop/web");
    assert.equal(labelOf("kubernetes:core/v1:Namespace", { metadata: { name: "shop" } }), "Namespace shop");
    assert.equal(labelOf("kubernetes:helm.sh/v3:Release", metadata), "Release shop/web");
  });

  it("is called by its name in the program when the object's is not known", () => {
    assert.equal(
      labelOf("kubernetes:core/v1:Service", { metadata: { name: unknown } }),
      'Service "in-program"',
    );
    assert.equal(labelOf("kubernetes:core/v1:Service", { metadata: unknown }), 'Service "in-program"');
    const metadata = { name: "web", namespace: unknown };
    assert.equal(labelOf("kubernetes:core/v1:Service", { metadata }), "Service web");
  });
});
