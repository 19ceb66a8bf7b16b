import assert from "node:assert/strict";
import { forCyclonus } from "../../../sandbox/judges/cyclonus-differences.ts";
import type { NetworkPolicySpec } from "../../../sandbox/judges/scene.ts";

const specs = (spec: Partial<NetworkPolicySpec>): NetworkPolicySpec[] =>
  forCyclonus([
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "policy", namespace: "x" },
      spec: { podSelector: {}, ...spec },
    },
  ]).map((policy) => policy.spec);
const everything = { matchLabels: {}, matchExpressions: [] };
const expression = (
  key: string,
  operator: "In" | "NotIn" | "Exists" | "DoesNotExist",
  ...values: string[]
) => ({
  key,
  operator,
  ...(values.length > 0 && { values }),
});

describe("forCyclonus()", () => {
  it("fills in policyTypes as the API server does, and leaves those that are given", () => {
    const types = (spec: Partial<NetworkPolicySpec>) => specs(spec)[0]?.policyTypes;
    assert.deepEqual(types({}), ["Ingress"]);
    assert.deepEqual(types({ policyTypes: [], egress: [] }), ["Ingress"]);
    assert.deepEqual(types({ policyTypes: null, egress: [{}] }), ["Ingress", "Egress"]);
    assert.deepEqual(types({ policyTypes: ["Egress"], ingress: [{}] }), ["Egress"]);
  });

  it("makes two of a NotIn: with the label, or without", () => {
    const selector = { matchExpressions: [expression("app", "NotIn", "a")] };
    const either = [
      { matchLabels: {}, matchExpressions: [expression("app", "NotIn", "a")] },
      { matchLabels: {}, matchExpressions: [expression("app", "DoesNotExist")] },
    ];
    assert.deepEqual(
      specs({ podSelector: selector }).map(({ podSelector }) => podSelector),
      either,
    );
    const [spec] = specs({ ingress: [{ from: [{ podSelector: selector, namespaceSelector: {} }] }] });
    assert.deepEqual(
      spec?.ingress?.[0]?.from,
      either.map((podSelector) => ({ podSelector, namespaceSelector: everything })),
    );
  });

  it("makes every combination of several", () => {
    const selector = { matchExpressions: [expression("a", "NotIn", "1"), expression("b", "NotIn", "2")] };
    const [spec] = specs({ egress: [{ to: [{ podSelector: selector, namespaceSelector: selector }] }] });
    assert.equal(spec?.egress?.[0]?.to?.length, 16);
  });

  it("wants a label that is to be empty to be there", () => {
    assert.deepEqual(specs({ podSelector: { matchLabels: { a: "", b: "1" } } })[0]?.podSelector, {
      matchLabels: { b: "1" },
      matchExpressions: [expression("a", "In", "")],
    });
  });

  it("leaves a missing list of peers missing, an empty one empty, and a selector that is null out", () => {
    const [spec] = specs({
      ingress: [{}, { from: [] }, { from: [{ podSelector: {}, namespaceSelector: null }] }],
    });
    assert.deepEqual(
      spec?.ingress?.map(({ from }) => from),
      [undefined, [], [{ podSelector: everything, namespaceSelector: undefined }]],
    );
  });
});
