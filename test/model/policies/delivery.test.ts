import assert from "node:assert/strict";
import { ownLabels } from "../../../model/live.ts";
import {
  bundleChanges,
  type Delivery,
  deliveredPolicies,
  deliveryWarnings,
  describePolicies,
  planDelivery,
} from "../../../model/policies/delivery.ts";
import type { Policy } from "../../../model/policies/policies.ts";
import { formatProblem } from "../../../model/problem.ts";
import { settingsOf } from "../../support/settings.ts";

const labels = ownLabels("cluster-network.dev");
const deny = (namespace: string): Policy => ({
  kind: "NetworkPolicy",
  namespace,
  name: "default-deny-all",
  stage: "deny",
  because: "Every pod is isolated",
  spec: { podSelector: {} },
});
const ofCluster: Policy = {
  kind: "CiliumClusterwideNetworkPolicy",
  name: "allow-dns",
  stage: "dns",
  because: "Every pod resolves names",
  spec: {},
};
const names = Array.from({ length: 1001 }, (_, i) => `team-${i}`);
function deliver(
  delivery: "resources" | "bundles",
  namespaces: readonly string[] = ["shop", "bank"],
): Delivery {
  const settings = settingsOf({
    policies: { delivery },
    namespaces: namespaces.map((name) => ({ name, create: name === "shop" })),
  });
  return planDelivery(settings, [...namespaces.map(deny), ofCluster], labels, { items: [], revision: "9" });
}

describe("planDelivery()", () => {
  it("makes each policy a resource where it is told to", () => {
    const { policies, createNamespaces, bundles } = deliver("resources");
    assert.deepEqual([policies.length, createNamespaces, bundles.length], [3, ["shop"], 0]);
  });

  it("bundles those of namespaces, under other names, and leaves those of the cluster resources", () => {
    const { policies, createNamespaces, bundles } = deliver("bundles");
    assert.deepEqual([policies, createNamespaces], [[ofCluster], []]);
    assert.deepEqual(
      bundles
        .flatMap(({ bundle }) => bundle.policies.map(({ namespace, name }) => `${namespace}/${name}`))
        .sort(),
      ["bank/default-deny-all.bundled", "shop/default-deny-all.bundled"],
    );
    assert.deepEqual(
      bundles.flatMap(({ bundle }) => bundle.createNamespaces),
      ["shop"],
    );
    assert.equal(deliveredPolicies(deliver("bundles")).length, 3);
  });
});

describe("describePolicies()", () => {
  it("says why a resource is there, and of a bundle what is in it and how to see it", () => {
    const described = describePolicies(deliver("bundles", names));
    assert.equal(Object.keys(described).length, 1 + 8);
    assert.equal(described["allow-dns"], "Every pod resolves names");
    assert.match(
      described["bundle 1-of-8"] ?? "",
      /^\d+ policies of \d+ namespaces: kubectl get networkpolicies -A -l cluster-network\/bundle=1-of-8$/,
    );
  });
});

describe("deliveryWarnings()", () => {
  it("tells how long a thousand resources take, and what to do", () => {
    const [warning] = deliveryWarnings(deliver("resources", names), 0).map(formatProblem);
    assert.match(
      warning ?? "",
      /^policies\.delivery: 1002 policies are .* at least 8 minutes .*: set policies\.delivery: bundles/,
    );
    assert.deepEqual(deliveryWarnings(deliver("resources", names.slice(0, 490)), 0), []);
    assert.deepEqual(deliveryWarnings(deliver("bundles", names), 0), []);
  });

  it("counts Services, which no bundle holds", () => {
    const [warning] = deliveryWarnings(deliver("bundles", names), 4000).map(formatProblem);
    assert.match(warning ?? "", /^namespaces: 4000 Services are a resource each.*: set service: none/);
  });
});

describe("bundleChanges()", () => {
  it("says what is written and deleted, and nothing where nothing is", () => {
    assert.match(
      bundleChanges(deliver("bundles")) ?? "",
      /^Policies in bundles, written: 2 \(.*default-deny-all\.bundled/,
    );
    assert.equal(bundleChanges(deliver("resources")), undefined);
  });
});
