import assert from "node:assert/strict";
import { ownLabels, stackLabel } from "../../../model/live.ts";
import {
  bundledManifest,
  bundleLabel,
  bundleOf,
  revisionAnnotation,
} from "../../../model/policies/bundle.ts";
import { bundled, planBundles, type PlannedBundle } from "../../../model/policies/bundle-plan.ts";
import type { LivePolicy } from "../../../model/policies/live-policy.ts";
import { networkPolicies, type Policy } from "../../../model/policies/policies.ts";
import { settingsOf } from "../../support/settings.ts";

const labels = ownLabels("cluster-network.dev");
const policiesOf = (...names: string[]): Policy[] =>
  networkPolicies(settingsOf({ namespaces: names.map((name) => ({ name })) }), []).map(bundled);
/** What stands in the cluster after a deployment with that revision. */
const deployed = (plan: readonly PlannedBundle[], revision = "7"): LivePolicy[] =>
  plan.flatMap(({ bundle }) =>
    bundle.policies.map((policy) => {
      const { kind, metadata, spec } = bundledManifest(bundle, policy);
      return {
        kind,
        metadata: { ...metadata, annotations: { ...metadata.annotations, [revisionAnnotation]: revision } },
        spec,
      };
    }),
  );
const plan = (policies: readonly Policy[], items: readonly LivePolicy[] = [], revision = "100") =>
  planBundles(policies, [], labels, { items, revision });

describe("planBundles()", () => {
  it("gives each namespace to its bundle, and leaves out empty ones", () => {
    const planned = plan(policiesOf("shop", "team-2"));
    const expected = [...new Set([bundleOf("shop"), bundleOf("team-2")])].sort();
    assert.deepEqual(
      planned.map(({ bundle }) => bundle.name),
      expected,
    );
    assert.equal(planned.flatMap(({ bundle }) => bundle.policies).length, 4);
  });

  it("has a reason to apply what is not there, and none when it is", () => {
    const first = plan(policiesOf("shop"));
    assert.equal(first[0]?.revision, "100");
    assert.deepEqual(first[0].changes.write, ["shop/allow-dns.bundled", "shop/default-deny-all.bundled"]);
    const [again] = plan(policiesOf("shop"), deployed(first, "100"), "200");
    assert.deepEqual([again?.revision, again?.changes], ["100", { write: [], remove: [] }]);
  });

  it("keeps the newest revision, by number", () => {
    const first = plan(policiesOf("shop"));
    const [older, newer] = [deployed(first, "999"), deployed(first, "1000")];
    const [again] = plan(policiesOf("shop"), [...older.slice(0, 1), ...newer.slice(1)]);
    assert.equal(again?.revision, "1000");
  });

  it("finds what somebody deleted, changed, or relabelled", () => {
    const policies = policiesOf("shop");
    const live = deployed(plan(policies));
    const [dns, deny] = live;
    assert.ok(dns && deny);
    const opened = { ...deny, spec: { ...(deny.spec as object), egress: [{}] } };
    const other = {
      ...dns,
      metadata: { ...dns.metadata, labels: { ...dns.metadata.labels, [bundleLabel]: "9-of-9" } },
    };
    for (const [items, changed] of [
      [[dns], "shop/default-deny-all.bundled"],
      [[dns, opened], "shop/default-deny-all.bundled"],
      [[other, deny], "shop/allow-dns.bundled"],
    ] as const) {
      const found = plan(policies, items).find(({ bundle }) => bundle.name === bundleOf("shop"));
      assert.deepEqual([found?.revision, found?.changes.write], ["100", [changed]]);
    }
  });

  it("does not mind what others noted on an object", () => {
    const policies = policiesOf("shop");
    const live = deployed(plan(policies)).map((one) => ({
      ...one,
      metadata: { ...one.metadata, labels: { ...one.metadata.labels, theirs: "yes" } },
    }));
    assert.equal(plan(policies, live)[0]?.revision, "7");
  });

  it("lists what is in the bundle no more, and keeps a bundle until nothing of it is left", () => {
    const live = deployed(plan(policiesOf("shop")));
    const [left] = plan([], live);
    assert.deepEqual(left?.changes.remove, ["shop/allow-dns.bundled", "shop/default-deny-all.bundled"]);
    assert.deepEqual([left.revision, left.bundle.policies], ["100", []]);
    assert.deepEqual(plan([], []), []);
  });

  it("leaves alone what is of another stack", () => {
    const live = deployed(plan(policiesOf("shop"))).map((one) => ({
      ...one,
      metadata: {
        ...one.metadata,
        labels: { ...one.metadata.labels, [stackLabel]: "cluster-network.other" },
      },
    }));
    assert.deepEqual(plan([], live), []);
  });
});
