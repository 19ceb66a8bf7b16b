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
import { bundledManifest } from "../../../model/policies/bundle.ts";
import type { Policy } from "../../../model/policies/policies.ts";
import { formatProblem } from "../../../model/problem.ts";
import type { ServiceDelivery } from "../../../model/services/delivery.ts";
import type { PlannedService } from "../../../model/services/planned.ts";
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

const service: PlannedService = {
  namespace: "shop",
  name: "db",
  headless: false,
  publishNotReadyAddresses: false,
  selector: { app: "db" },
  ports: [],
  observed: false,
  because: "",
  path: "",
};
/** So many Services that are resources. */
const servicesOf = (count: number): ServiceDelivery => ({
  services: Array.from({ length: count }, () => service),
  bundles: [],
});

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

describe("planDelivery() under a policy of the whole cluster", () => {
  const allow: Policy = {
    kind: "NetworkPolicy",
    namespace: "shop",
    name: "allow-web",
    stage: "workload",
    workload: "web",
    because: "web → api TCP 8080",
    spec: { podSelector: { matchLabels: { app: "web" } }, policyTypes: ["Egress"], egress: [{}] },
  };
  const settings = settingsOf({ policies: { delivery: "bundles" }, namespaces: [{ name: "bank" }] });
  const before = planDelivery(settings, [allow, deny("shop"), deny("bank")], labels, undefined);
  const items = before.bundles.flatMap(({ bundle }) =>
    bundle.policies.map((policy) => {
      const { kind, metadata, spec } = bundledManifest(bundle, policy);
      return { kind, metadata, spec };
    }),
  );
  const leave = (...denied: string[]) =>
    planDelivery(settings, [deny("bank")], labels, { items, revision: "9" }, new Set(denied));
  const changes = ({ bundles }: Delivery) => ({
    write: bundles.flatMap((one) => one.changes.write),
    remove: bundles.flatMap((one) => one.changes.remove),
  });

  it("keeps the allows of a namespace that goes as long as that denies there, untouched", () => {
    const kept = leave("shop", "bank");
    assert.deepEqual(kept.leaving, ["shop"]);
    assert.deepEqual(changes(kept), { write: [], remove: ["shop/default-deny-all.bundled"] });
    assert.match(
      deliveryWarnings(settings, kept, servicesOf(0)).map(formatProblem).join(),
      /^policies\.delivery: .* allows stay in namespaces that go, .*: shop: deploy once more/,
    );
  });

  it("takes them away where it denies there no more, and of namespaces that stay", () => {
    const gone = leave("bank");
    assert.deepEqual([gone.leaving, deliveryWarnings(settings, gone, servicesOf(0))], [[], []]);
    assert.deepEqual(changes(gone).remove.sort(), [
      "shop/allow-web.bundled",
      "shop/default-deny-all.bundled",
    ]);
    const renamed = planDelivery(
      settings,
      [deny("shop"), deny("bank")],
      labels,
      { items, revision: "9" },
      new Set(["shop"]),
    );
    assert.deepEqual(changes(renamed).remove, ["shop/allow-web.bundled"]);
  });

  it("leaves alone what is another stack's", () => {
    const theirs = items.map((one) => ({
      ...one,
      metadata: {
        ...one.metadata,
        labels: { ...one.metadata.labels, ...ownLabels("cluster-network.other") },
      },
    }));
    const live = { items: theirs, revision: "9" };
    assert.deepEqual(planDelivery(settings, [deny("bank")], labels, live, new Set(["shop"])).leaving, []);
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
  const warn = (way: "resources" | "bundles", namespaces: readonly string[], services = 0): string[] => {
    const settings = settingsOf({ policies: { delivery: way } });
    return deliveryWarnings(settings, deliver(way, namespaces), servicesOf(services)).map(formatProblem);
  };

  it("tells how long a thousand resources take, and what to do", () => {
    const [warning] = warn("resources", names);
    assert.match(
      warning ?? "",
      /^policies\.delivery: 1002 policies are .* at least 8 minutes .*: set bundles/,
    );
    assert.deepEqual(warn("resources", names.slice(0, 490)), []);
    assert.deepEqual(warn("bundles", names), []);
  });

  it("counts Services, and says how those that stay as they came get into bundles", () => {
    const [first] = warn("resources", names.slice(0, 2), 4000);
    assert.match(first ?? "", /^policies\.delivery: 4000 Services are a resource each.*: set bundles/);
    const [later] = warn("bundles", names, 4000);
    assert.match(later ?? "", /4000 Services .*: Services stay as they came: .* with service: none/);
  });
});

describe("bundleChanges()", () => {
  it("says what is written and deleted, and nothing where nothing is", () => {
    const bundle = { name: "1-of-4", labels, services: [] };
    const changes = { write: [], remove: ["shop/db"] };
    const services = { services: [], bundles: [{ bundle, revision: "9", changes }] };
    const [policies, deleted] = bundleChanges(deliver("bundles"), services);
    assert.match(policies ?? "", /^Policies in bundles, written: 2 \(.*default-deny-all\.bundled/);
    assert.equal(deleted, "Services in bundles, deleted: 1 (shop/db)");
    assert.deepEqual(bundleChanges(deliver("resources"), servicesOf(1)), []);
  });
});
