import assert from "node:assert/strict";
import { isEmptySelector, selectsNamespace, type NamespaceFacts } from "../../../model/isolation/selector.ts";
import { UNKNOWN, type Truth } from "../../../model/verdict.ts";

const shop: NamespaceFacts = { name: "shop", labels: { tier: "web" } };
const elsewhere: NamespaceFacts = { name: "shop", labels: UNKNOWN };
const requirement = (key: string, operator: string, ...values: unknown[]) => ({
  matchExpressions: [{ key, operator, values }],
});
const POD_NAMESPACE = "k8s:io.kubernetes.pod.namespace";
const TIER = "io.cilium.k8s.namespace.labels.tier";

describe("isEmptySelector()", () => {
  const cases: [title: string, selector: unknown, expected: Truth][] = [
    ["nothing", undefined, true],
    ["{}", {}, true],
    ["empty lists", { matchLabels: {}, matchExpressions: [] }, true],
    ["a label", { matchLabels: { app: "web" } }, false],
    ["a label of unknown value", { matchLabels: { app: UNKNOWN } }, false],
    ["a negative condition, which leaves pods out as well", requirement("app", "DoesNotExist"), false],
    ["labels that are not known", { matchLabels: UNKNOWN }, UNKNOWN],
    [
      "labels that are not known beside a condition",
      { matchLabels: UNKNOWN, ...requirement("a", "Exists") },
      false,
    ],
    ["a selector that is not known", UNKNOWN, UNKNOWN],
  ];
  for (const [title, selector, expected] of cases) {
    it(`of ${title}: ${String(expected)}`, () => assert.equal(isEmptySelector(selector), expected));
  }
});

describe("selectsNamespace()", () => {
  const cases: [title: string, selector: unknown, namespace: NamespaceFacts, expected: Truth][] = [
    ["no condition", {}, shop, true],
    ["its name", { matchLabels: { [POD_NAMESPACE]: "shop" } }, shop, true],
    ["another name", { matchLabels: { [POD_NAMESPACE]: "bank" } }, shop, false],
    ["a name that is not known", { matchLabels: { [POD_NAMESPACE]: UNKNOWN } }, shop, UNKNOWN],
    ["all but another", requirement("io.kubernetes.pod.namespace", "NotIn", "kube-system"), shop, true],
    ["all but itself", requirement("io.kubernetes.pod.namespace", "NotIn", "a", "shop"), shop, false],
    ["all but one that is not known", requirement(POD_NAMESPACE, "NotIn", UNKNOWN), shop, UNKNOWN],
    ["itself among unknown ones", requirement(POD_NAMESPACE, "In", UNKNOWN, "shop"), shop, true],
    ["a label that it has", { matchLabels: { [`any:${TIER}`]: "web" } }, shop, true],
    ["a label that it lacks", requirement("io.cilium.k8s.namespace.labels.zone", "Exists"), shop, false],
    ["the absence of one", requirement("io.cilium.k8s.namespace.labels.zone", "DoesNotExist"), shop, true],
    ["a label of a namespace declared elsewhere", { matchLabels: { [TIER]: "web" } }, elsewhere, UNKNOWN],
    ["a label of pods", { matchLabels: { [POD_NAMESPACE]: "shop", "k8s:app": "web" } }, shop, false],
    ["the absence of a label of pods", requirement("app", "DoesNotExist"), shop, false],
    ["an operator that is not known", requirement(TIER, UNKNOWN as unknown as string), shop, UNKNOWN],
  ];
  for (const [title, selector, namespace, expected] of cases) {
    it(`by ${title}: ${String(expected)}`, () =>
      assert.equal(selectsNamespace(selector, namespace), expected));
  }
});
