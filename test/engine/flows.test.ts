import assert from "node:assert/strict";
import type { Values } from "../../model/cilium/merge-values.ts";
import { mergeValues } from "../../model/cilium/merge-values.ts";
import { policyManifest } from "../../model/policies/manifest.ts";
import { installCiliumCrds } from "../support/cilium-crds.ts";
import { policiesOf } from "../support/policies.ts";
import { expectRun } from "../support/runs.ts";
import { useSandbox } from "../support/sandbox.ts";

const api = { group: "cilium.io", version: "v2" };
const http = [{ method: "GET", path: "/v1/.*" }];
/** A flow of every kind there is. */
const flows = [
  "web -> api:http",
  { from: "web", to: "api", port: "admin", http },
  "api -> db:sql",
  "db -> db:sql",
  "web -> api.stripe.com:443",
  "web -> *.example.com:443",
  "api -> 203.0.113.0/24:8000-8100",
  "api -> 2001:db8::/32:53/UDP",
  "api -> api-server",
  "nodes -> api:http",
  "default/* -> web:http",
  "* -> api:admin",
  "shop/* -> internet:443",
  { from: "api", to: { namespace: "default", labels: { app: "x" } }, port: "any" },
];
const shop = (...more: unknown[]): Values => ({
  name: "shop",
  create: true,
  workloads: [
    { name: "web", ports: { http: 8080 }, serviceAccount: "web" },
    { name: "api", ports: { http: 8080, admin: 9000 } },
    { name: "db", ports: { sql: 5432 } },
    { name: "cache", ports: { redis: 6379 } },
  ],
  flows: [...flows, ...more],
});
/** Somebody else's Cilium: what this stack would release needs agents, and policies do not. */
const policies = { dialect: "cilium", baseline: "cluster-wide" };

describe("policies in Cilium's dialect", function () {
  this.timeout("2 minutes");
  const sandbox = useSandbox({ count: 1 });

  const configureWith = (over: Values): void =>
    sandbox().engine.configure(
      "dev",
      mergeValues(sandbox().here, {
        cluster: { nodes: 1 },
        dns: { enabled: false },
        nodeTuning: { enabled: false },
        ...over,
      }),
    );
  const configure = (...more: unknown[]): void =>
    configureWith({ cilium: { enabled: false }, policies, namespaces: [shop(...more)] });
  /** Objects in the cluster by name, with the number of times that they were changed. */
  const generations = async (): Promise<Map<string, number>> => {
    const found = await Promise.all(
      ["ciliumnetworkpolicies", "ciliumclusterwidenetworkpolicies"].map((plural) =>
        sandbox().client.custom.listClusterCustomObject({ ...api, plural }),
      ),
    );
    const items = found.flatMap(
      (list: { items: { metadata: { name: string; generation: number } }[] }) => list.items,
    );
    return new Map(items.map(({ metadata }) => [metadata.name, metadata.generation]));
  };

  it("are refused where the cluster does not know such objects", async () => {
    await sandbox().engine.createStack("dev", sandbox().here);
    configure();
    expectRun(await sandbox().engine.preview("dev")).failsSaying(
      "policies.dialect: The cluster does not know CiliumNetworkPolicy",
      "nothing was deployed",
    );
  });

  it("are previewed before the release that brings their definitions", async () => {
    configureWith({ cilium: { hubble: { relay: false, ui: false } }, namespaces: [shop()] });
    const run = await sandbox().engine.preview("dev");
    expectRun(run).succeeds();
    assert.match(run.output, /CiliumNetworkPolicy shop\/allow-web create/);
    assert.match(run.output, /NetworkPolicy shop\/default-deny-all create/);
  });

  it("are taken by the API server, one for each workload and one for the cluster", async () => {
    await installCiliumCrds(sandbox());
    configure();
    expectRun(await sandbox().engine.up("dev")).succeeds();
    const names = ["allow-all-pods", "allow-api", "allow-db", "allow-web", "default-deny-all"];
    assert.deepEqual([...(await generations()).keys()].sort(), names);
  });

  it("are what is wanted when nothing has changed", async () => {
    expectRun(await sandbox().engine.preview("dev", "--expect-no-changes")).succeeds();
  });

  it("change at the two ends of a flow that is added, and nowhere else", async () => {
    const before = await generations();
    configure("db -> cache:redis");
    expectRun(await sandbox().engine.up("dev")).succeeds();
    const after = await generations();
    const changed = [...after].filter(([name, generation]) => before.get(name) !== generation);
    assert.deepEqual(changed, [
      ["allow-cache", 1],
      ["allow-db", (before.get("allow-db") ?? 0) + 1],
    ]);
  });

  it("are taken in every other shape, too", async () => {
    for (const version of ["1.15.19", "1.20.2"]) {
      const ranges = version === "1.15.19" ? [/:8000-8100/] : [];
      const given = {
        ...shop(),
        flows: flows.filter((flow) => !ranges.some((range) => range.test(JSON.stringify(flow)))),
      };
      const found = policiesOf(
        {
          cilium: { version },
          policies: { dialect: "cilium" },
          namespaces: [given],
        },
        { nodeLocalDns: ["169.254.20.10", "10.96.0.10"] },
      );
      for (const policy of found.values()) {
        const body = policyManifest({ ...policy, name: `${policy.name}-other` }, {});
        await sandbox().client.custom.createNamespacedCustomObject({
          ...api,
          namespace: "shop",
          plural: "ciliumnetworkpolicies",
          body,
          dryRun: "All",
          fieldValidation: "Strict",
        });
      }
    }
  });
});
