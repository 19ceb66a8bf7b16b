import assert from "node:assert/strict";
import { applyBundle, removeBundle } from "../../../components/policy-bundles/apply-bundle.ts";
import { BundleApi } from "../../../components/policy-bundles/bundle-api.ts";
import { ownLabels, stackLabel } from "../../../model/live.ts";
import { type PolicyBundle, revisionAnnotation, stageLabel } from "../../../model/policies/bundle.ts";
import { bundled } from "../../../model/policies/bundle-plan.ts";
import { resolveFlows } from "../../../model/policies/flows.ts";
import { networkPolicies } from "../../../model/policies/policies.ts";
import type { ServiceBundle } from "../../../model/services/bundle.ts";
import type { ServiceContent } from "../../../model/services/manifest.ts";
import { PolicyCluster } from "../../support/policy-cluster.ts";
import { settingsOf } from "../../support/settings.ts";

const stack = "cluster-network.dev";
const namespaces = ["blue", "green", "red"];
const path = (namespace: string, name: string): string =>
  `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies/${name}.bundled`;

/** Namespaces with a web that talks to a db, and perhaps with a cache that talks to the db, too. */
function bundleOf(names: readonly string[] = namespaces, withCache = false): PolicyBundle {
  const settings = settingsOf({
    namespaces: names.map((name) => ({
      name,
      workloads: [
        { name: "web" },
        { name: "db", ports: { sql: 5432 } },
        ...(withCache ? [{ name: "cache" }] : []),
      ],
      flows: [
        { from: "web", to: "db", port: "sql" },
        ...(withCache ? [{ from: "cache", to: "db", port: "sql" }] : []),
      ],
    })),
  });
  const policies = networkPolicies(settings, resolveFlows(settings).flows).map(bundled);
  return { name: "1-of-8", labels: ownLabels(stack), createNamespaces: [], policies };
}

const all = (names: readonly string[] = namespaces): string[] =>
  names.flatMap((name) =>
    ["allow-db", "allow-dns", "allow-web", "default-deny-all"].map((one) => `${name}/${one}.bundled`),
  );

/** Fails when a namespace denies and does not allow all that is meant. */
function expectAllowsBesideDenies(cluster: PolicyCluster): void {
  const there = new Set(cluster.policies());
  for (const name of namespaces.filter((one) => there.has(`${one}/default-deny-all.bundled`))) {
    for (const policy of all([name])) assert.ok(there.has(policy), `${name} denies without ${policy}`);
  }
}

class Crash extends Error {}

/** Plays a crash before the write of that number. */
function crashAt(cluster: PolicyCluster, write: number): void {
  const last = cluster.writes + write;
  cluster.beforeWrite = () => {
    if (cluster.writes >= last) throw new Crash();
  };
}

describe("applyBundle()", () => {
  it("creates each namespace's policies, and does nothing when they are there", async () => {
    const cluster = new PolicyCluster(namespaces);
    const api = new BundleApi(cluster);
    const { created, changed, deleted } = await applyBundle(api, bundleOf(), "7");
    assert.deepEqual([created, changed, deleted], [12, 0, 0]);
    assert.deepEqual(cluster.policies(), all());
    const { writes } = cluster;
    await applyBundle(api, bundleOf(), "7");
    assert.equal(cluster.writes, writes);
  });

  it("ended at any write, leaves no namespace denied without its allows, and the next run converges", async () => {
    for (let write = 0; write < 12; write++) {
      const cluster = new PolicyCluster(namespaces);
      const api = new BundleApi(cluster);
      crashAt(cluster, write);
      await assert.rejects(applyBundle(api, bundleOf(), "7"), Crash);
      assert.ok(cluster.policies().length <= write);
      expectAllowsBesideDenies(cluster);
      cluster.beforeWrite = () => undefined;
      await applyBundle(api, bundleOf(), "7");
      assert.deepEqual(cluster.policies(), all());
    }
  });

  it("touches the policies of both ends where a flow comes, and no other", async () => {
    const cluster = new PolicyCluster(["red"]);
    const api = new BundleApi(cluster);
    await applyBundle(api, bundleOf(["red"]), "7");
    const before = new Map(cluster.objects);
    const { created, changed } = await applyBundle(api, bundleOf(["red"], true), "8");
    assert.deepEqual([created, changed], [1, 1]);
    const touched = [...cluster.objects]
      .filter(([key, object]) => before.get(key) !== object)
      .map(([key]) => key);
    assert.deepEqual(touched.sort(), [path("red", "allow-cache"), path("red", "allow-db")]);
  });

  it("never takes over what is not of the stack: it goes on elsewhere, and denies nothing there", async () => {
    const cluster = new PolicyCluster(namespaces);
    const foreign = {
      metadata: { name: "allow-dns.bundled", namespace: "green" },
      spec: { podSelector: {} },
    };
    await cluster.ask(path("green", "x").replace(/\/[^/]*$/, ""), { method: "POST", body: foreign });
    const { failures } = await applyBundle(new BundleApi(cluster), bundleOf(), "7");
    assert.deepEqual([...failures.keys()], ["green"]);
    assert.match(
      failures.get("green") ?? "",
      /green\/allow-dns\.bundled: Exists already and is not of this stack/,
    );
    assert.deepEqual(cluster.objects.get(path("green", "allow-dns"))?.spec, foreign.spec);
    const left = all(["green"]).slice(0, -1);
    assert.deepEqual(cluster.policies(), [...all(["blue"]), ...left, ...all(["red"])].sort());
  });

  it("says which namespace is gone, and goes on elsewhere", async () => {
    const cluster = new PolicyCluster(["blue", "red"]);
    const { failures } = await applyBundle(new BundleApi(cluster), bundleOf(), "7");
    assert.match(failures.get("green") ?? "", /Namespace green does not exist any more/);
    assert.deepEqual(cluster.policies(), all(["blue", "red"]));
  });

  it("takes away a rule that somebody added, and leaves what they noted", async () => {
    const cluster = new PolicyCluster(namespaces);
    const api = new BundleApi(cluster);
    await applyBundle(api, bundleOf(), "7");
    const deny = path("red", "default-deny-all");
    const object = cluster.objects.get(deny);
    assert.ok(object);
    const metadata = { ...object.metadata, labels: { ...object.metadata.labels, theirs: "yes" } };
    const opened = { podSelector: {}, policyTypes: ["Ingress", "Egress"], egress: [{}] };
    await cluster.ask(deny, { method: "PUT", body: { ...object, metadata, spec: opened } });
    const { changed } = await applyBundle(api, bundleOf(), "8");
    assert.equal(changed, 1);
    const repaired = cluster.objects.get(deny);
    assert.deepEqual(repaired?.spec, { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    assert.equal(repaired.metadata.labels?.theirs, "yes");
    assert.equal(repaired.metadata.annotations?.[revisionAnnotation], "8");
  });

  it("deletes what is in the bundle no more, a deny before its allows, wherever it ends", async () => {
    for (let write = 0; write < 4; write++) {
      const cluster = new PolicyCluster(namespaces);
      const api = new BundleApi(cluster);
      await applyBundle(api, bundleOf(), "7");
      crashAt(cluster, write);
      await assert.rejects(applyBundle(api, bundleOf(["blue", "red"]), "8"), Crash);
      expectAllowsBesideDenies(cluster);
      cluster.beforeWrite = () => undefined;
      await applyBundle(api, bundleOf(["blue", "red"]), "8");
      assert.deepEqual(cluster.policies(), all(["blue", "red"]));
    }
  });

  it("writes policies of every stage, flows of all pods of a namespace too", async () => {
    const cluster = new PolicyCluster(["blue"]);
    const settings = settingsOf({
      namespaces: [{ name: "blue", flows: [{ from: "blue/*", to: "203.0.113.0/24", port: 443 }] }],
    });
    const policies = networkPolicies(settings, resolveFlows(settings).flows).map(bundled);
    const bundle: PolicyBundle = { ...bundleOf(), policies };
    const api = new BundleApi(cluster);
    await applyBundle(api, bundle, "7");
    const wanted = policies.map(({ namespace, name }) => `${namespace}/${name}`).sort();
    assert.deepEqual(cluster.policies().sort(), wanted);
    assert.ok(wanted.includes("blue/allow-all-pods.bundled"), wanted.join());
    await removeBundle(api, bundle);
    assert.deepEqual(cluster.policies(), []);
  });

  it("leaves its revision behind where there was nothing to write", async () => {
    const cluster = new PolicyCluster(namespaces);
    const api = new BundleApi(cluster);
    await applyBundle(api, bundleOf(), "7");
    await applyBundle(api, bundleOf(["blue", "red"]), "8");
    const revisions = [...cluster.objects.values()].map(
      (one) => one.metadata.annotations?.[revisionAnnotation],
    );
    assert.equal(revisions.filter((one) => one === "8").length, 1);
  });

  it("creates namespaces, labels its own, and refuses somebody else's", async () => {
    const cluster = new PolicyCluster(["green"]);
    const api = new BundleApi(cluster);
    const bundle = { ...bundleOf(), createNamespaces: namespaces };
    const { failures } = await applyBundle(api, bundle, "7");
    assert.deepEqual([...failures], [["green", "Namespace green: Exists already and is not of this stack"]]);
    assert.deepEqual(cluster.policies(), all(["blue", "red"]));
    assert.equal(cluster.objects.get("/api/v1/namespaces/red")?.metadata.labels?.[stackLabel], stack);
  });

  it("reads more than one page", async () => {
    const many = Array.from({ length: 150 }, (_, i) => `team-${i}`);
    const cluster = new PolicyCluster(many);
    const api = new BundleApi(cluster);
    assert.equal((await applyBundle(api, bundleOf(many), "7")).created, 600);
    assert.equal((await applyBundle(api, bundleOf(many), "7")).created, 0);
  });
});

describe("removeBundle()", () => {
  it("removes a deny before its allows, wherever it ends, and leaves the namespaces", async () => {
    for (let write = 0; write < 12; write++) {
      const cluster = new PolicyCluster(namespaces);
      const api = new BundleApi(cluster);
      await applyBundle(api, bundleOf(), "7");
      crashAt(cluster, write);
      await assert.rejects(removeBundle(api, bundleOf()), Crash);
      expectAllowsBesideDenies(cluster);
      cluster.beforeWrite = () => undefined;
      await removeBundle(api, bundleOf());
      assert.deepEqual(
        [...cluster.objects.keys()],
        namespaces.map((name) => `/api/v1/namespaces/${name}`),
      );
    }
  });

  it("removes one whose stage somebody has renamed", async () => {
    const cluster = new PolicyCluster(namespaces);
    const api = new BundleApi(cluster);
    await applyBundle(api, bundleOf(), "7");
    const body = { metadata: { labels: { [stageLabel]: "other" } } };
    await cluster.ask(path("red", "allow-dns"), { method: "PATCH", body });
    await removeBundle(api, bundleOf());
    assert.deepEqual(cluster.policies(), []);
  });

  it("leaves what is of another bundle, or another stack", async () => {
    const cluster = new PolicyCluster(namespaces);
    const api = new BundleApi(cluster);
    await applyBundle(api, bundleOf(), "7");
    await removeBundle(api, { ...bundleOf(), name: "2-of-8" });
    await removeBundle(api, { ...bundleOf(), labels: ownLabels("cluster-network.other") });
    assert.deepEqual(cluster.policies(), all());
  });
});

describe("applyBundle(), of Services", () => {
  const serviceOf = (namespace: string, over: Partial<ServiceContent> = {}): ServiceContent => ({
    namespace,
    name: "db",
    headless: false,
    publishNotReadyAddresses: false,
    selector: { app: "db" },
    ports: [{ name: "sql", port: 5432, targetPort: 5432, protocol: "TCP" }],
    because: "Declared flows end here",
    ...over,
  });
  const servicesOf = (over: Partial<ServiceContent> = {}, names = namespaces): ServiceBundle => ({
    name: "1-of-4",
    labels: ownLabels(stack),
    services: names.map((name) => serviceOf(name, over)),
  });
  const at = (namespace: string): string => `/api/v1/namespaces/${namespace}/services/db`;
  const found = (cluster: PolicyCluster, namespace = "red") => {
    const object = cluster.objects.get(at(namespace));
    assert.ok(object);
    return { ...object, spec: object.spec as { clusterIP: string; selector: object; ports: object[] } };
  };

  it("creates them, and does nothing when they are there with what the API has given them", async () => {
    const cluster = new PolicyCluster(namespaces);
    const api = new BundleApi(cluster);
    assert.equal((await applyBundle(api, servicesOf(), "7")).created, 3);
    const { writes } = cluster;
    assert.notEqual(found(cluster).spec.clusterIP, undefined);
    await applyBundle(api, servicesOf(), "7");
    assert.equal(cluster.writes, writes);
  });

  it("ended at any write, goes on there", async () => {
    for (let write = 0; write < 3; write++) {
      const cluster = new PolicyCluster(namespaces);
      const api = new BundleApi(cluster);
      crashAt(cluster, write);
      await assert.rejects(applyBundle(api, servicesOf(), "7"), Crash);
      cluster.beforeWrite = () => undefined;
      assert.equal((await applyBundle(api, servicesOf(), "7")).created, 3 - write);
    }
  });

  it("changes one in place: it is the same Service under the same address", async () => {
    const cluster = new PolicyCluster(namespaces);
    const api = new BundleApi(cluster);
    await applyBundle(api, servicesOf(), "7");
    const before = found(cluster);
    const selector = { app: "database" };
    assert.equal((await applyBundle(api, servicesOf({ selector }), "8")).changed, 3);
    const after = found(cluster);
    assert.deepEqual(after.spec, { ...before.spec, selector, publishNotReadyAddresses: false });
    assert.equal(after.metadata.uid, before.metadata.uid);
  });

  it("makes one anew that gets or loses its address, which no write can change", async () => {
    const cluster = new PolicyCluster(namespaces);
    const api = new BundleApi(cluster);
    await applyBundle(api, servicesOf(), "7");
    for (const headless of [true, false]) {
      const before = found(cluster);
      const { failures } = await applyBundle(api, servicesOf({ headless }), "8");
      assert.equal(failures.size, 0);
      assert.equal(found(cluster).spec.clusterIP === "None", headless);
      assert.notEqual(found(cluster).metadata.uid, before.metadata.uid);
    }
  });

  it("leaves somebody else's as it is, though it came since the plan, and goes on elsewhere", async () => {
    const cluster = new PolicyCluster(namespaces);
    const foreign = { kind: "Service", metadata: { name: "db", namespace: "green" }, spec: { ports: [] } };
    await cluster.ask("/api/v1/namespaces/green/services", { method: "POST", body: foreign });
    const before = found(cluster, "green");
    const { failures } = await applyBundle(new BundleApi(cluster), servicesOf(), "7");
    assert.match(failures.get("green") ?? "", /Exists already and is not of this stack/);
    assert.deepEqual(found(cluster, "green"), before);
    assert.deepEqual(cluster.policies(), ["blue/db", "green/db", "red/db"]);
  });

  it("deletes what is meant no more, all of it with the bundle, and no policy under the same labels", async () => {
    const cluster = new PolicyCluster(namespaces);
    const api = new BundleApi(cluster);
    await applyBundle(api, { ...bundleOf(), name: "1-of-4" }, "7");
    await applyBundle(api, servicesOf(), "7");
    assert.equal((await applyBundle(api, servicesOf({}, ["blue", "red"]), "8")).deleted, 1);
    const left = (): string[] => cluster.policies().filter((name) => name.endsWith("/db"));
    assert.deepEqual(left(), ["blue/db", "red/db"]);
    assert.equal(await removeBundle(api, servicesOf()), 2);
    assert.deepEqual(cluster.policies(), all());
  });
});
