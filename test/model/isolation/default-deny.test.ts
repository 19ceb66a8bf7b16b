import assert from "node:assert/strict";
import fc from "fast-check";
import { parse } from "yaml";
import {
  defaultDenyYaml,
  judgeDefaultDeny,
  type IsolationPolicy,
  type JudgedNamespace,
  type Reach,
} from "../../../model/isolation/default-deny.ts";
import { kubernetesEffect } from "../../../model/isolation/effects.ts";
import { UNKNOWN } from "../../../model/verdict.ts";
import { partlyKnown, staysTrue } from "../../support/partly-known.ts";

const BOTH = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
const INGRESS = { podSelector: {}, policyTypes: ["Ingress"] };

const namespace = (name: string): JudgedNamespace => ({ name, labels: {}, where: `Namespace ${name}` });
const within = (name: string): Reach => ({ kind: "namespace", name });
const somewhere = (...candidates: string[]): Reach => ({ kind: UNKNOWN, candidates });

function policy(name: string, reach: Reach, spec: unknown): IsolationPolicy {
  return { where: name, reach, effect: (direction) => kubernetesEffect(spec, direction, false) };
}

describe("judgeDefaultDeny()", () => {
  it("accepts a namespace that denies both ways", () => {
    const verdict = judgeDefaultDeny([namespace("shop")], [policy("deny", within("shop"), BOTH)]);
    assert.deepEqual(verdict, { problems: [], unknowns: [] });
  });

  it("accepts two policies that deny one way each, and one that allows something to all", () => {
    const egress = { podSelector: {}, policyTypes: ["Egress"], egress: [{ ports: [{ port: 53 }] }] };
    const policies = [policy("a", within("shop"), INGRESS), policy("b", within("shop"), egress)];
    assert.deepEqual(judgeDefaultDeny([namespace("shop")], policies), { problems: [], unknowns: [] });
  });

  it("names the missing direction, the nearest policy, and a policy that mends it", () => {
    const { problems } = judgeDefaultDeny([namespace("shop")], [policy("deny-in", within("shop"), INGRESS)]);
    assert.equal(problems.length, 1);
    assert.match(
      problems[0]?.message ?? "",
      /^No policy denies egress by default.*deny-in isolates for ingress only/,
    );
    assert.match(
      problems[0]?.remedy ?? "",
      /namespace: shop\nspec:\n {2}podSelector: \{\}\n {2}policyTypes: \[Egress\]/,
    );
  });

  it("blames once for both directions", () => {
    const { problems } = judgeDefaultDeny([namespace("shop")], [policy("deny", within("bank"), BOTH)]);
    assert.deepEqual(
      problems.map(({ path, message }) => [path, /denies (.*) by default/.exec(message)?.[1]]),
      [["Namespace shop", "ingress and egress"]],
    );
  });

  it("blames a policy that undoes the others", () => {
    const open = { podSelector: {}, policyTypes: ["Egress"], egress: [{}] };
    const policies = [policy("deny", within("shop"), BOTH), policy("open", within("shop"), open)];
    const { problems } = judgeDefaultDeny([namespace("shop")], policies);
    assert.deepEqual(
      problems.map(({ message }) => message),
      ["open allows every pod all egress to everywhere, so nothing is denied by default"],
    );
  });

  it("lets a policy of the cluster serve every namespace", () => {
    const namespaces = [namespace("shop"), namespace("bank")];
    assert.deepEqual(judgeDefaultDeny(namespaces, [policy("all", { kind: "cluster" }, BOTH)]).problems, []);
  });

  it("does not know yet where the deciding policy is not known", () => {
    const spec = { podSelector: UNKNOWN, policyTypes: ["Ingress", "Egress"] };
    const { problems, unknowns } = judgeDefaultDeny([namespace("shop")], [policy("p", within("shop"), spec)]);
    assert.deepEqual(problems, []);
    assert.equal(unknowns.length, 2);
    assert.match(
      unknowns[0]?.reason ?? "",
      /denies ingress by default depends on p, which is not fully known/,
    );
  });

  it("keeps a policy of unknown namespace to its candidate, and blames the others", () => {
    const namespaces = [namespace("shop"), namespace("bank")];
    const { problems, unknowns } = judgeDefaultDeny(namespaces, [policy("p", somewhere("shop"), BOTH)]);
    assert.deepEqual(
      problems.map(({ path }) => path),
      ["Namespace bank"],
    );
    assert.ok(unknowns.every(({ path }) => path === "Namespace shop"));
  });

  it("lets a policy of wholly unknown namespace put one namespace in doubt, not two", () => {
    const floating = policy("p", somewhere(), BOTH);
    const one = judgeDefaultDeny([namespace("shop")], [floating]);
    assert.deepEqual([one.problems.length, one.unknowns.length], [0, 2]);
    const two = judgeDefaultDeny([namespace("shop"), namespace("bank")], [floating]);
    assert.match(two.problems[0]?.message ?? "", /^At least 1 of them lack a policy that denies ingress/);
    assert.equal(two.problems[0]?.path, "Namespaces shop, bank");
  });

  it("says of partly known policies only what stays true", () => {
    const rules = fc.array(fc.constantFrom({}, { ports: [{ port: 53 }] }), { maxLength: 2 });
    const spec = fc.record(
      {
        podSelector: fc.constantFrom({}, { matchLabels: { app: "web" } }),
        policyTypes: fc.subarray(["Ingress", "Egress"]),
        ingress: rules,
        egress: rules,
      },
      { requiredKeys: ["podSelector"] },
    );
    const judge = (specs: unknown) =>
      judgeDefaultDeny(
        [namespace("shop")],
        (specs as unknown[]).map((one, i) => policy(`p${i}`, within("shop"), one)),
      );
    const specs = partlyKnown(fc.array(spec, { maxLength: 4 })).filter(([, partial]) =>
      Array.isArray(partial),
    );
    fc.assert(fc.property(specs, ([full, partial]) => staysTrue(judge(partial), judge(full))));
  });
});

describe("defaultDenyYaml()", () => {
  it("is a NetworkPolicy that denies what it says", () => {
    const { spec, metadata } = parse(defaultDenyYaml("shop", ["egress"])) as {
      spec: unknown;
      metadata: { namespace: string };
    };
    assert.equal(metadata.namespace, "shop");
    assert.equal(kubernetesEffect(spec, "egress", false).isolates, true);
    assert.equal(kubernetesEffect(spec, "ingress", false).isolates, false);
  });
});
