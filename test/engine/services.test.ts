import assert from "node:assert/strict";
import type { V1Service } from "@kubernetes/client-node";
import type { Values } from "../../model/cilium/merge-values.ts";
import { becauseAnnotation, stackLabel } from "../../model/live.ts";
import { clusterPolicyName, clusterPolicySpec } from "../../model/policies/cluster-network-policy.ts";
import { clusterPolicyCrd } from "../support/cluster-policy-crd.ts";
import { plain, policyNames } from "../support/cluster-facts.ts";
import { expectRun } from "../support/runs.ts";
import { useSandbox } from "../support/sandbox.ts";

describe("Services, with one ClusterNetworkPolicy as baseline and kube-system under it", function () {
  this.timeout("2 minutes");
  const sandbox = useSandbox({ count: 1 });
  const off = { enabled: false };

  const configured = (flows: string[], gateway: Values = {}): Values => ({
    // Without a datapath the nodes are the addresses that this says.
    cluster: { apiServer: { host: "10.0.0.10", port: 6443 }, nodeCidr: "10.0.0.0/24" },
    policies: { baseline: "cluster-network-policy", systemNamespaces: true },
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
    await sandbox().client.extensions.createCustomResourceDefinition({ body: clusterPolicyCrd() });
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

  it("come with the baseline that the API was found to serve, and an allowance for each component", async () => {
    const { custom } = sandbox().client;
    const [group, version, plural] = ["policy.networking.k8s.io", "v1alpha2", "clusternetworkpolicies"];
    const policy = (await custom.getClusterCustomObject({
      group,
      version,
      plural,
      name: clusterPolicyName,
    })) as {
      spec: unknown;
    };
    assert.deepEqual(policy.spec, clusterPolicySpec(["default", "kube-system", "shop"], []));
    const policies = await policyNames(sandbox());
    const components = ["coredns", "kube-dns-autoscaler", "metrics-server", "metrics-server-chart"];
    assert.deepEqual(
      policies.filter((name) => name.startsWith("kube-system/")),
      [...components.map((name) => `kube-system/allow-${name}`), "kube-system/default-deny-all"],
    );
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
