import assert from "node:assert/strict";
import { ownLabels } from "../../../model/live.ts";
import { bundleLabel, revisionAnnotation } from "../../../model/policies/bundle.ts";
import type { LivePolicies, LivePolicy } from "../../../model/policies/live-policy.ts";
import {
  bundledService,
  decodeServices,
  encodeServices,
  serviceBundleOf,
} from "../../../model/services/bundle.ts";
import { describeServices, planServices, type ServiceDelivery } from "../../../model/services/delivery.ts";
import type { LiveService } from "../../../model/services/existing.ts";
import type { PlannedService } from "../../../model/services/planned.ts";
import { settingsOf } from "../../support/settings.ts";

const labels = ownLabels("cluster-network.dev");
const serviceOf = (namespace: string, name = "db"): PlannedService => ({
  namespace,
  name,
  headless: false,
  publishNotReadyAddresses: false,
  selector: { app: name },
  ports: [{ name: "sql", port: 5432, targetPort: 5432, protocol: "TCP" }],
  observed: false,
  because: "Declared flows end here",
  path: "namespaces[0].workloads[0]",
});
const shop = serviceOf("shop");
const bank = serviceOf("bank");

type Live = Parameters<typeof planServices>[3];
const plan = (delivery: "resources" | "bundles", planned: readonly PlannedService[], live: Live = {}) =>
  planServices(settingsOf({ policies: { delivery } }), planned, labels, live);
const named = (delivery: ServiceDelivery) => ({
  resources: delivery.services.map(({ namespace }) => namespace),
  bundles: delivery.bundles.flatMap(({ bundle }) => bundle.services.map(({ namespace }) => namespace)).sort(),
});
/** What stands in the cluster after a deployment in bundles. */
function deployed(
  { bundles }: ServiceDelivery,
  revision = "7",
): { services: LiveService[]; bundledServices: LivePolicies } {
  const items = bundles.flatMap(({ bundle }) =>
    bundle.services.map((service): LivePolicy => {
      const { kind, metadata, spec } = bundledService(bundle, service);
      const annotations = { ...metadata.annotations, [revisionAnnotation]: revision };
      return { kind, metadata: { ...metadata, annotations }, spec: { ...spec, clusterIP: "10.96.0.7" } };
    }),
  );
  return {
    services: items.map(({ metadata: { namespace, name, labels: own = {} } }) => ({
      namespace,
      name,
      labels: own,
    })),
    bundledServices: { items, revision: "100" },
  };
}
const asResource = { namespace: "shop", name: "db", labels };

describe("planServices()", () => {
  it("delivers new ones as the setting says", () => {
    assert.deepEqual(named(plan("resources", [shop, bank])), { resources: ["shop", "bank"], bundles: [] });
    assert.deepEqual(named(plan("bundles", [shop, bank])), { resources: [], bundles: ["bank", "shop"] });
  });

  it("leaves those that are there as they came, whatever the setting says", () => {
    const live = { services: [asResource] };
    assert.deepEqual(named(plan("bundles", [shop, bank], live)), { resources: ["shop"], bundles: ["bank"] });
    const packed = deployed(plan("bundles", [shop]));
    const back = plan("resources", [shop, bank], packed);
    assert.deepEqual(named(back), { resources: ["bank"], bundles: ["shop"] });
    assert.deepEqual(back.bundles[0]?.changes, { write: [], remove: [] });
  });

  it("is no matter of what another stack has in bundles", () => {
    const theirs = { ...ownLabels("cluster-network.other"), [bundleLabel]: "1-of-4" };
    const live = { services: [{ ...asResource, labels: theirs }] };
    assert.deepEqual(named(plan("resources", [shop], live)).resources, ["shop"]);
  });

  it("has a reason to apply a bundle again where one was changed or deleted, and else none", () => {
    const live = deployed(plan("bundles", [shop]));
    assert.equal(plan("bundles", [shop], live).bundles[0]?.revision, "7");
    const { items } = live.bundledServices;
    const changed = items.map((one) => ({ ...one, spec: { ...(one.spec as object), selector: {} } }));
    for (const found of [changed, []]) {
      const bundledServices = { items: found, revision: "100" };
      const [again] = plan("bundles", [shop], { ...live, bundledServices }).bundles;
      assert.deepEqual([again?.revision, again?.changes.write], ["100", ["shop/db"]]);
    }
  });

  it("lists what is meant no more, and keeps a bundle until nothing of it is left", () => {
    const live = deployed(plan("bundles", [shop]));
    const [left] = plan("bundles", [], live).bundles;
    assert.deepEqual([left?.bundle.services, left?.changes.remove], [[], ["shop/db"]]);
  });
});

describe("describeServices()", () => {
  it("says why a resource is there, and of a bundle what is in it and how to see it", () => {
    const name = serviceBundleOf("bank");
    assert.deepEqual(describeServices(plan("bundles", [shop, bank], { services: [asResource] })), {
      "shop/db": "Declared flows end here",
      [`bundle ${name}`]: `1 Services of 1 namespaces: kubectl get services -A -l ${bundleLabel}=${name}`,
    });
  });
});

describe("encodeServices()", () => {
  const names = ["bank", "shop", "team-1", "team-2"];
  const textOf = (planned: readonly PlannedService[]): string[] =>
    plan("bundles", planned).bundles.map(({ bundle }) => encodeServices(bundle));

  it("is the same text whatever the order, and wherever the settings stand", () => {
    const moved = names.map((name, i) => ({ ...serviceOf(name), path: `namespaces[${i}].workloads[9]` }));
    assert.deepEqual(textOf(moved.reverse()), textOf(names.map((name) => serviceOf(name))));
  });

  it("says once what many namespaces have, and is read back", () => {
    const [{ bundle } = { bundle: undefined }] = plan("bundles", [shop, serviceOf("shop", "web")]).bundles;
    assert.ok(bundle);
    const many = Array.from({ length: 100 }, (_, i) => ({ ...serviceOf(`team-${i}`) }));
    const full = { ...bundle, services: many };
    assert.equal(encodeServices(full).split("\n").length, 2);
    assert.deepEqual(decodeServices(encodeServices(bundle)), bundle);
    assert.equal(decodeServices("something else"), undefined);
  });
});
