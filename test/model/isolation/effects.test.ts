import assert from "node:assert/strict";
import { ciliumEffect, kubernetesEffect, type Direction } from "../../../model/isolation/effects.ts";
import { UNKNOWN, type Truth } from "../../../model/verdict.ts";

type Expected = [isolates: Truth, opens: Truth];
const shop = { name: "shop", labels: {} };

describe("kubernetesEffect()", () => {
  const cases: [title: string, spec: unknown, ingress: Expected, egress: Expected][] = [
    ["nothing but an empty selector", { podSelector: {} }, [true, false], [false, false]],
    ["both types", { podSelector: {}, policyTypes: ["Ingress", "Egress"] }, [true, false], [true, false]],
    ["Egress alone", { podSelector: {}, policyTypes: ["Egress"] }, [false, false], [true, false]],
    ["egress rules without types", { podSelector: {}, egress: [{ to: [{}] }] }, [true, false], [true, false]],
    ["an empty egress without types", { podSelector: {}, egress: [] }, [true, false], [false, false]],
    ["a rule that allows all", { podSelector: {}, ingress: [{}] }, [true, true], [false, false]],
    [
      "rules of a direction that the types leave out",
      { podSelector: {}, policyTypes: ["Egress"], ingress: [{}], egress: [] },
      [false, false],
      [true, false],
    ],
    [
      "a rule with ports only",
      { podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] },
      [true, false],
      [false, false],
    ],
    [
      "a rule with peers only",
      { podSelector: {}, ingress: [{ from: [{ namespaceSelector: {} }] }] },
      [true, false],
      [false, false],
    ],
    [
      "empty peers and ports",
      { podSelector: {}, ingress: [{ from: [], ports: [] }] },
      [true, true],
      [false, false],
    ],
    [
      "a selector with labels",
      { podSelector: { matchLabels: { a: "b" } }, ingress: [{}] },
      [false, false],
      [false, false],
    ],
    ["an unknown selector", { podSelector: UNKNOWN }, [UNKNOWN, false], [false, false]],
    ["unknown types", { podSelector: {}, policyTypes: UNKNOWN }, [UNKNOWN, false], [UNKNOWN, false]],
    [
      "one unknown type",
      { podSelector: {}, policyTypes: ["Ingress", UNKNOWN] },
      [true, false],
      [UNKNOWN, false],
    ],
    ["an unknown rule", { podSelector: {}, ingress: [UNKNOWN] }, [true, UNKNOWN], [false, false]],
    ["unknown ports", { podSelector: {}, ingress: [{ ports: UNKNOWN }] }, [true, UNKNOWN], [false, false]],
    ["nothing known", UNKNOWN, [UNKNOWN, UNKNOWN], [UNKNOWN, UNKNOWN]],
  ];
  for (const [title, spec, ingress, egress] of cases) {
    it(`of ${title}`, () => {
      assert.deepEqual(effect(kubernetesEffect(spec, "ingress", false)), ingress, "ingress");
      assert.deepEqual(effect(kubernetesEffect(spec, "egress", false)), egress, "egress");
    });
  }

  it("takes what a patch leaves out for not known", () => {
    const types = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
    assert.deepEqual(effect(kubernetesEffect(types, "ingress", true)), [true, UNKNOWN]);
    assert.deepEqual(effect(kubernetesEffect({ ...types, ingress: [] }, "ingress", true)), [true, false]);
    assert.deepEqual(effect(kubernetesEffect({ policyTypes: ["Ingress"] }, "ingress", true)), [
      UNKNOWN,
      UNKNOWN,
    ]);
    assert.deepEqual(effect(kubernetesEffect({ policyTypes: ["Ingress"] }, "egress", true)), [false, false]);
  });
});

describe("ciliumEffect()", () => {
  const all = { fromEntities: ["all"] };
  const cases: [title: string, spec: unknown, expected: Expected][] = [
    ["an empty entry, which allows nothing", { endpointSelector: {}, ingress: [{}] }, [true, false]],
    ["an empty list", { endpointSelector: {}, ingress: [] }, [false, false]],
    ["no section", { endpointSelector: {}, egress: [{}] }, [false, false]],
    ["a deny section", { endpointSelector: {}, ingressDeny: [all] }, [true, false]],
    [
      "default-deny switched off",
      { endpointSelector: {}, enableDefaultDeny: { ingress: false }, ingress: [{}] },
      [false, false],
    ],
    [
      "it switched off for egress",
      { endpointSelector: {}, enableDefaultDeny: { egress: false }, ingress: [{}] },
      [true, false],
    ],
    [
      "an unknown switch",
      { endpointSelector: {}, enableDefaultDeny: { ingress: UNKNOWN }, ingress: [{}] },
      [UNKNOWN, false],
    ],
    ["the entity all", { endpointSelector: {}, ingress: [all] }, [true, true]],
    [
      "the entity all without isolation",
      { endpointSelector: {}, enableDefaultDeny: { ingress: false }, ingress: [all] },
      [false, true],
    ],
    [
      "the entity all on some ports",
      { endpointSelector: {}, ingress: [{ ...all, toPorts: [{}] }] },
      [true, false],
    ],
    ["the entity cluster", { endpointSelector: {}, ingress: [{ fromEntities: ["cluster"] }] }, [true, false]],
    ["an unknown entity", { endpointSelector: {}, ingress: [{ fromEntities: [UNKNOWN] }] }, [true, UNKNOWN]],
    [
      "a selector with labels",
      { endpointSelector: { matchLabels: { a: "b" } }, ingress: [{}] },
      [false, false],
    ],
    ["a selector of nodes", { nodeSelector: {}, ingress: [{}] }, [false, false]],
  ];
  for (const [title, spec, expected] of cases) {
    it(`of ${title}`, () =>
      assert.deepEqual(effect(ciliumEffect({ spec }, "ingress", shop, false)), expected));
  }

  it("joins spec and specs", () => {
    const specs = [{ endpointSelector: {}, egress: [{}] }, UNKNOWN];
    const object = { spec: { endpointSelector: {}, ingress: [{}] }, specs };
    const of = (direction: Direction) => effect(ciliumEffect(object, direction, shop, false));
    assert.deepEqual(of("ingress"), [true, UNKNOWN]);
    assert.deepEqual(of("egress"), [true, UNKNOWN]);
  });
});

function effect({ isolates, opens }: { isolates: Truth; opens: Truth }): Expected {
  return [isolates, opens];
}
