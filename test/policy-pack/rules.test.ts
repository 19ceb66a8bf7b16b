import assert from "node:assert/strict";
import { RULES } from "../../policy-pack/rules/index.ts";
import { covBlindCases } from "./cases/cov-blind.ts";
import { dnsCacheCases } from "./cases/dns-cache.ts";
import { npDenyCases } from "./cases/np-deny.ts";
import { KINDS, type RuleCase } from "./cases/rule-case.ts";
import { svcNodePortCases } from "./cases/svc-nodeport.ts";
import { holdsUnknown, run } from "./harness.ts";

const CASES: Readonly<Record<string, readonly RuleCase[]>> = {
  "SVC-NODEPORT": svcNodePortCases,
  "NP-DENY": npDenyCases,
  "DNS-CACHE": dnsCacheCases,
  "COV-BLIND": covBlindCases,
};
/** What the rule that reports other rules' doubts needs to have run before it. */
const BEFORE: Readonly<Record<string, readonly string[]>> = { "COV-BLIND": ["SVC-NODEPORT", "DNS-CACHE"] };

for (const { id, title } of RULES) {
  describe(id, () => {
    for (const test of CASES[id] ?? []) {
      it(`${test.kind}: ${test.title}`, async () => {
        const { applied, violations, open } = await run(
          [...(BEFORE[id] ?? []), id],
          test.resources,
          test.config,
        );
        assert.equal(applied, test.kind !== "not-applicable", "applied");
        matchAll(
          violations.map(({ message }) => message),
          test.says ?? [],
        );
        matchAll(open, test.open ?? []);
        if (test.at)
          assert.deepEqual(
            violations.map(({ urn }) => urn),
            test.at,
          );
      });
    }

    for (const kind of KINDS) {
      it(`has a case of kind ${kind}`, () => {
        const cases = (CASES[id] ?? []).filter((test) => test.kind === kind);
        assert.ok(cases.length > 0, `no ${kind} case for ${id} (${title})`);
        for (const test of cases) {
          if (kind === "unknown")
            assert.ok(holdsUnknown(test.resources), `${test.title}: nothing is unknown`);
          if (kind === "fail") assert.ok(test.says, `${test.title}: says nothing`);
          if (kind === "pass") assert.ok(!test.says && !test.open, `${test.title}: says something`);
        }
      });
    }
  });
}

/** Each text matches a pattern of its own, and no pattern is left over. */
function matchAll(texts: readonly string[], patterns: readonly RegExp[]): void {
  const all = texts.join("\n") || "(nothing)";
  const left = [...texts];
  for (const pattern of patterns) {
    const found = left.findIndex((text) => pattern.test(text));
    assert.ok(found >= 0, `${String(pattern)} is not said:\n${all}`);
    left.splice(found, 1);
  }
  assert.deepEqual(left, [], "said besides");
}
