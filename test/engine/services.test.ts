import assert from "node:assert/strict";
import type { V1Service } from "@kubernetes/client-node";
import type { Values } from "../../model/cilium/merge-values.ts";
import { becauseAnnotation, stackLabel } from "../../model/live.ts";
import { plain } from "../support/cluster-facts.ts";
import { expectRun } from "../support/runs.ts";
import { useSandbox } from "../support/sandbox.ts";

describe("Services before workloads", function () {
  this.timeout("2 minutes");
  const sandbox = useSandbox({ count: 1 });
  const off = { enabled: false };

  const configured = (flows: string[], gateway: Values = {}): Values => ({
    cilium: off,
    dns: off,
    nodeTuning: off,
    namespaces: [
      {
        name: "shop",
        create: true,
        workloads: [
          { name: "gateway", ports: { http: 8080 }, ...gateway },
          { name: "postgres", ports: { postgres: 5432 }, stateful: true },
        ],
        flows,
      },
      {
        name: "default",
        workloads: [{ name: "kubernetes", ports: { https: 6443 } }],
        flows: ["shop/gateway -> kubernetes:https"],
      },
    ],
  });
  const flows = ["postgres -> gateway:http", "gateway -> postgres:postgres", "postgres -> postgres:postgres"];

  async function services(): Promise<Map<string, V1Service>> {
    const { items } = await sandbox().client.core.listNamespacedService({ namespace: "shop" });
    return new Map(items.map((service) => [service.metadata?.name ?? "", service]));
  }

  before(async () => {
    await sandbox().engine.createStack("dev", configured(flows));
  });

  it("come with named ports and without an address for a stateful workload, and wait for no pod", async () => {
    const run = await sandbox().engine.up("dev");
    expectRun(run).succeeds();
    // One that is there and leads elsewhere is left to its owner, with a word.
    assert.match(
      run.output,
      /Service default\/kubernetes is not of this stack, stays as it is, and selects no/,
    );
    const found = await services();
    assert.deepEqual([...found.keys()], ["gateway", "postgres"]);
    const [gateway, postgres] = [found.get("gateway"), found.get("postgres")];
    assert.equal(gateway?.metadata?.labels?.[stackLabel], "cluster-network.dev");
    assert.match(gateway.metadata.annotations?.[becauseAnnotation] ?? "", /^Declared flows end here/);
    assert.equal(gateway.spec?.type, "ClusterIP");
    assert.notEqual(gateway.spec.clusterIP, "None");
    assert.deepEqual(plain(gateway.spec.ports), [
      { name: "http", port: 8080, protocol: "TCP", targetPort: 8080 },
    ]);
    assert.deepEqual(gateway.spec.selector, { "app.kubernetes.io/name": "gateway" });
    assert.equal(postgres?.spec?.clusterIP, "None");
    assert.equal(postgres.spec.publishNotReadyAddresses, true);
  });

  it("change no more once they are there", async () => {
    const run = await sandbox().engine.preview("dev");
    expectRun(run).succeeds();
    assert.match(run.output, /Resources:\n\s+\d+ unchanged/);
  });

  it("change their form, and go with the last flow", async () => {
    const { engine } = sandbox();
    engine.configure("dev", configured(flows.slice(0, 1), { service: "headless" }));
    expectRun(await engine.up("dev")).succeeds();
    const found = await services();
    assert.deepEqual([...found.keys()], ["gateway"]);
    assert.equal(found.get("gateway")?.spec?.clusterIP, "None");
  });
});
