import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { V1NetworkPolicy, V1Service } from "@kubernetes/client-node";
import { stackLabel } from "../../model/live.ts";
import { bundledSuffix, bundleLabel, bundleOf } from "../../model/policies/bundle.ts";
import { plain, policyNames } from "../support/cluster-facts.ts";
import { expectRun } from "../support/runs.ts";
import { useSandbox } from "../support/sandbox.ts";
import { type Watch, watch } from "../support/watch.ts";

const stack = "cluster-network.dev";
const both = ["bank", "shop"];
/** Enough to be killed in the middle of; in two bundles, for each takes the start of a process. */
const teams = Array.from({ length: 400 }, (_, i) => `team-${i}`)
  .filter((name) => both.map(bundleOf).includes(bundleOf(name)))
  .slice(0, 40);
const allows = ["allow-db", "allow-dns", "allow-web"];

/** Namespaces in which web talks to db, which so gets a Service; in those with a loop, db to web, too. */
const namespaces = (names: readonly string[], ...loops: readonly string[]) =>
  names.map((name) => ({
    name,
    create: true,
    workloads: [
      { name: "web", ports: { http: 80 } },
      { name: "db", ports: { sql: 5432 } },
    ],
    flows: ["web -> db:sql", ...(loops.includes(name) ? ["db -> web:http"] : [])],
  }));
const bundledIn = (names: readonly string[]): string[] =>
  names
    .flatMap((name) => [...allows, "default-deny-all"].map((one) => `${name}/${one}${bundledSuffix}`))
    .sort();

describe("policies in bundles", function () {
  this.timeout("3 minutes");
  const sandbox = useSandbox({ count: 1 });
  const configure = (delivery: string, of: readonly object[]): void =>
    sandbox().engine.configure("dev", {
      ...sandbox().here,
      cluster: { nodes: 1, apiServer: { host: "10.0.0.10", port: 6443 } },
      cilium: { enabled: false },
      dns: { enabled: false },
      nodeTuning: { enabled: false },
      policies: { delivery },
      namespaces: of,
    });
  const silent = async (): Promise<void> =>
    expectRun(await sandbox().engine.preview("dev", "--expect-no-changes")).succeeds();
  const objects = async (): Promise<V1NetworkPolicy[]> =>
    (await sandbox().client.networking.listNetworkPolicyForAllNamespaces()).items;
  /** Services of the stack. */
  const services = async (): Promise<V1Service[]> => {
    const labelSelector = `${stackLabel}=${stack}`;
    return (await sandbox().client.core.listServiceForAllNamespaces({ labelSelector })).items;
  };
  const servicesIn = async (names: readonly string[]): Promise<Map<string, string>> =>
    new Map(
      (await services())
        .filter(({ metadata }) => names.includes(metadata?.namespace ?? ""))
        .map(({ metadata }) => [`${metadata?.namespace}/${metadata?.name}`, metadata?.uid ?? ""]),
    );
  /** Those that are not resources. */
  const servicesInBundles = async (): Promise<string[]> =>
    (await services())
      .filter(({ metadata }) => metadata?.labels?.[bundleLabel])
      .map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`)
      .sort();
  const versions = async (): Promise<Map<string, string>> =>
    new Map(
      [...(await objects()), ...(await services())].map(({ metadata }) => [
        `${metadata?.namespace}/${metadata?.name}`,
        metadata?.resourceVersion ?? "",
      ]),
    );

  /** Makes a Service select other pods, from the nodes' ports; what its address is. */
  async function leadAstray(service: { namespace: string; name: string }): Promise<string | undefined> {
    const { core } = sandbox().client;
    const found = await core.readNamespacedService(service);
    const spec = { ...found.spec, type: "NodePort", selector: { app: "other" } };
    await core.replaceNamespacedService({ ...service, body: { ...found, spec } });
    return found.spec?.clusterIP;
  }

  /** Of each delivery: no deny without its allows; and once both namespaces deny, one of the two always does. */
  const watchBoth = (): Watch =>
    watch(async () => {
      const there = new Set(await policyNames(sandbox()));
      for (const suffix of ["", bundledSuffix]) {
        for (const namespace of [...both, ...teams]) {
          if (!there.has(`${namespace}/default-deny-all${suffix}`)) continue;
          const lacking = allows.filter((allow) => !there.has(`${namespace}/${allow}${suffix}`));
          assert.deepEqual(lacking, [], `${namespace} denies without them`);
        }
      }
      for (const namespace of both) {
        const isDenied = ["", bundledSuffix].some((suffix) =>
          there.has(`${namespace}/default-deny-all${suffix}`),
        );
        assert.ok(isDenied, `${namespace} is not denied`);
      }
    }, 20);

  it("give way to resources, and leave the namespaces, and Services as they came", async () => {
    const { client, engine } = sandbox();
    const leaving = teams.slice(0, 1);
    await engine.createStack("dev", sandbox().here);
    configure("bundles", namespaces([...both, ...leaving]));
    expectRun(await engine.up("dev")).succeeds();
    const made = await servicesIn(both);
    assert.deepEqual([...made.keys()], ["bank/db", "shop/db"]);

    const watched = watchBoth();
    configure("resources", namespaces(both, "shop"));
    expectRun(await engine.up("dev")).succeeds();
    await watched.stop();
    const left = both.flatMap((name) => [...allows, "default-deny-all"].map((one) => `${name}/${one}`));
    assert.deepEqual(await policyNames(sandbox()), left.sort());
    const { ["shop/web"]: added, ...same } = Object.fromEntries(await servicesIn([...both, ...leaving]));
    assert.ok(added);
    assert.deepEqual(same, Object.fromEntries(made));
    assert.deepEqual(await servicesInBundles(), ["bank/db", "shop/db"]);
    const { items } = await client.core.listNamespace({ labelSelector: `${stackLabel}=${stack}` });
    assert.equal(items.length, both.length + leaving.length);
  });

  it("take over from resources, though the engine is killed in the middle, without a moment of no deny", async () => {
    const { engine } = sandbox();
    const made = await servicesIn(both);
    const watched = watchBoth();
    configure("bundles", namespaces([...both, ...teams], "shop"));
    const running = engine.startUp("dev");
    const bundled = async (): Promise<string[]> =>
      (await policyNames(sandbox())).filter((name) => name.endsWith(bundledSuffix));
    const begun = async (): Promise<boolean> => {
      while ((await bundled()).length === 0) await sleep(5);
      return true;
    };
    assert.ok(await Promise.race([begun(), running.done.then(() => false)]), running.output());
    running.kill();
    await running.done;
    const all = bundledIn([...both, ...teams]);
    assert.ok((await bundled()).length < all.length, "the kill came too late");

    expectRun(await engine.run(["cancel", "--yes", "--stack", "dev"])).succeeds();
    expectRun(await engine.up("dev")).succeeds();
    await watched.stop();
    assert.deepEqual(await policyNames(sandbox()), all);
    // Clients use them: they are the same ones, and what came as a resource is one still.
    assert.deepEqual(await servicesIn(both), made);
    const inBundles = [...both, ...teams].map((name) => `${name}/db`);
    assert.deepEqual(await servicesInBundles(), inBundles.sort());
  });

  it("change at the two ends of a new flow, and where somebody changed them, and nowhere else", async () => {
    const { core, networking } = sandbox().client;
    const [one = "", other = ""] = teams;
    const gone = { namespace: one, name: `allow-db${bundledSuffix}` };
    const opened = { namespace: other, name: `default-deny-all${bundledSuffix}` };
    const before = await versions();
    await networking.deleteNamespacedNetworkPolicy(gone);
    const deny = await networking.readNamespacedNetworkPolicy(opened);
    const spec = { ...deny.spec, podSelector: {}, egress: [{}] };
    await networking.replaceNamespacedNetworkPolicy({ ...opened, body: { ...deny, spec } });
    await core.deleteNamespacedService({ namespace: one, name: "db" });
    const led = { namespace: other, name: "db" };
    const address = await leadAstray(led);

    configure("bundles", namespaces([...both, ...teams], "shop", "bank"));
    expectRun(await sandbox().engine.up("dev")).succeeds();
    const after = await versions();
    const changed = [...after]
      .filter(([name, version]) => before.get(name) !== version)
      .map(([name]) => name);
    const expected = [
      `bank/allow-db${bundledSuffix}`,
      `bank/allow-web${bundledSuffix}`,
      "bank/web",
      `${one}/db`,
      ...[gone, opened, led].map(({ namespace, name }) => `${namespace}/${name}`),
    ];
    assert.deepEqual(changed.sort(), expected.sort());
    const repaired = await networking.readNamespacedNetworkPolicy(opened);
    assert.deepEqual(plain(repaired.spec), { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    const { spec: leads } = await core.readNamespacedService(led);
    assert.deepEqual(leads?.selector, { "app.kubernetes.io/name": "db" });
    assert.deepEqual([leads.type, leads.clusterIP], ["ClusterIP", address]);
    await silent();
  });

  it("go with the stack, and Services with them", async () => {
    expectRun(await sandbox().engine.destroy("dev")).succeeds();
    assert.deepEqual(await versions(), new Map());
  });
});
