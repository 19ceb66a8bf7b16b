import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { ifFound } from "../../components/cluster-client.ts";
import { calicoValues } from "../../model/calico/values.ts";
import { stackLabel } from "../../model/live.ts";
import { mergeValues, type Values } from "../../model/cilium/merge-values.ts";
import { atPath } from "../../model/tree.ts";
import { type CalicoChart, calicoChart } from "../support/calico-chart.ts";
import { plain, policyNames } from "../support/cluster-facts.ts";
import { expectRun } from "../support/runs.ts";
import { settingsOf } from "../support/settings.ts";
import { type Sandbox, useSandbox } from "../support/sandbox.ts";
import { playOperator, type PlayedOperator } from "../support/tigera-operator.ts";
import { watch } from "../support/watch.ts";

const shop = ["allow-api-backend", "allow-api-gateway", "allow-dns", "allow-postgres", "default-deny-all"];

/** Concerns that are tested elsewhere. */
const others = { dns: { enabled: false }, nodeTuning: { enabled: false } };

describe("Calico, by the real chart", function () {
  this.timeout("3 minutes");
  let chart: CalicoChart;
  let operator: PlayedOperator | undefined;
  // Before the cluster goes, so before useSandbox.
  after(async () => await operator?.stop());
  const sandbox = useSandbox();

  const configure = (over: Values = {}): void => {
    const { engine, here } = sandbox();
    const calico = { ...chart, timeoutSeconds: 60 };
    engine.configure(
      "dev",
      mergeValues({ ...others, profile: "small", cluster: here.cluster, calico }, over),
    );
  };
  const cilium = (over: Values = {}): void => {
    const { engine, here } = sandbox();
    engine.configure(
      "dev",
      mergeValues(
        {
          ...others,
          ...here,
          profile: "small",
          datapath: "cilium",
          namespaces: [],
          cilium: { ...(here.cilium as Values), hubble: { enabled: false, relay: false, ui: false } },
        },
        over,
      ),
    );
  };
  const installation = async ({ client }: Sandbox): Promise<Values | undefined> =>
    (await ifFound(
      client.custom.getClusterCustomObject({
        group: "operator.tigera.io",
        version: "v1",
        plural: "installations",
        name: "default",
      }),
    )) as Values | undefined;
  const note = async ({ client }: Sandbox) =>
    await ifFound(client.core.readNamespacedConfigMap({ namespace: "kube-system", name: "cluster-network" }));

  const job = { namespace: "tigera-operator", name: "tigera-operator-uninstall" };
  /** Leaves what an uninstallation that timed out leaves, and what keeps Helm from another try; the operator is away. */
  const leaveJob = async ({ client }: Sandbox): Promise<void> => {
    await operator?.stop();
    operator = undefined;
    await client.batch.createNamespacedJob({
      namespace: job.namespace,
      body: {
        metadata: { name: job.name },
        spec: {
          suspend: true,
          template: {
            spec: { restartPolicy: "Never", containers: [{ name: "x", image: "example.test/x" }] },
          },
        },
      },
    });
  };
  const jobIsGone = ({ client }: Sandbox): Promise<void> =>
    until(async () => (await ifFound(client.batch.readNamespacedJob(job))) === undefined);

  before("brings the chart", async () => {
    chart = calicoChart(sandbox());
    await sandbox().engine.createStack("dev");
    configure();
  });

  it("does not come into Cilium's place without consent", async () => {
    cilium();
    expectRun(await sandbox().engine.up("dev")).succeeds();
    configure();
    expectRun(await sandbox().engine.preview("dev")).failsSaying(
      "datapath: Takes Cilium out and puts Calico in its place: from then on no running pod reaches anything",
    );
  });

  it("does not come before kube-proxy is back, which serves Services for it", async () => {
    configure({ allowDatapathChange: true });
    expectRun(await sandbox().engine.preview("dev")).failsSaying(
      "datapath: Calico leaves Services to kube-proxy, which is off the nodes",
    );
    cilium({ cilium: { kubeProxy: "keep" } });
    expectRun(await sandbox().engine.up("dev")).succeeds();
  });

  it("comes with consent, after Cilium, awaited on every node, and only then come the policies", async () => {
    const { client, engine } = sandbox();
    operator = playOperator(client);
    const early = watch(async () => {
      const policies = await policyNames(sandbox());
      const node = { namespace: "calico-system", name: "calico-node" };
      const ready = await ifFound(client.apps.readNamespacedDaemonSet(node));
      assert.ok(policies.length === 0 || ready?.status?.numberReady === 3, "policies before Calico");
      const agents = { namespace: "kube-system", name: "cilium" };
      const other = await ifFound(client.apps.readNamespacedDaemonSet(agents));
      assert.ok(!other || !(await installation(sandbox())), "two network plugins at once");
      assert.ok(await note(sandbox()), "nobody knows whose the datapath is");
    });
    configure({ allowDatapathChange: true });
    expectRun(await engine.up("dev")).succeeds();
    await early.stop();
    configure();
    assert.deepEqual(
      await policyNames(sandbox()),
      shop.map((name) => `shop/${name}`),
    );
    assert.equal((await sandbox().engine.outputs("dev")).chartVersion, chart.version);
    assert.equal((await note(sandbox()))?.data?.chart, `tigera-operator ${chart.version}`);
  });

  it("has the API server's own word that its Installation is one", async () => {
    const found = await installation(sandbox());
    const network = atPath(found, "spec.calicoNetwork");
    assert.deepEqual(plain(network), {
      bgp: "Disabled",
      linuxDataplane: "Iptables",
      ipPools: [
        {
          blockSize: 26,
          cidr: "10.244.0.0/16",
          // What the API server adds to a pool.
          disableBGPExport: false,
          encapsulation: "VXLAN",
          natOutgoing: "Enabled",
          nodeSelector: "all()",
        },
      ],
    });
  });

  const accepted: [what: string, calico: object, podCidr?: string][] = [
    ...["VXLAN", "VXLANCrossSubnet", "IPIP", "IPIPCrossSubnet", "None"].map(
      (encapsulation): [string, object] => [encapsulation, { encapsulation }],
    ),
    [
      "eBPF, an MTU, blocks and a mirror",
      { dataplane: "ebpf", mtu: 1400, blockSize: 27, imageRegistry: "r.example/m" },
    ],
    ["IPv6", {}, "fd00:10::/56"],
  ];
  for (const [what, calico, podCidr = "10.244.0.0/16"] of accepted) {
    it(`would have its word on one with ${what}, too`, async () => {
      const settings = settingsOf({ datapath: "calico", calico: { version: chart.version, ...calico } });
      const { installation: spec } = calicoValues({ settings: settings.calico, podCidr });
      await sandbox().client.custom.createClusterCustomObject({
        group: "operator.tigera.io",
        version: "v1",
        plural: "installations",
        body: { apiVersion: "operator.tigera.io/v1", kind: "Installation", metadata: { name: "try" }, spec },
        dryRun: "All",
        fieldValidation: "Strict",
      });
    });
  }

  it("leaves kube-proxy where it was", async () => {
    const { items } = await sandbox().client.apps.listNamespacedDaemonSet({ namespace: "kube-system" });
    const proxy = items.find(({ metadata }) => metadata?.name === "kube-proxy");
    assert.equal(proxy?.status?.numberReady, 3);
  });

  it("previews again without a change", async () => {
    expectRun(await sandbox().engine.preview("dev", "--expect-no-changes")).succeeds();
  });

  it("is neither changed under running traffic nor given up without consent", async () => {
    configure({ calico: { encapsulation: "IPIP" } });
    expectRun(await sandbox().engine.preview("dev")).failsSaying(
      "calico: Changes Calico's encapsulation: VXLAN → IPIP. Hurts traffic between nodes",
      "agree by allowDatapathChange: true",
    );
    cilium();
    expectRun(await sandbox().engine.preview("dev")).failsSaying(
      "datapath: Takes Calico out and puts Cilium in its place: from then on no running pod reaches anything",
    );
    assert.ok(await installation(sandbox()));
  });

  it("is not half uninstalled when nobody could finish it", async () => {
    const { client, engine } = sandbox();
    const body = { spec: { replicas: 0 } };
    const deployment = { namespace: "tigera-operator", name: "tigera-operator" };
    const scale = await client.apps.readNamespacedDeploymentScale(deployment);
    await client.apps.replaceNamespacedDeploymentScale({ ...deployment, body: { ...scale, ...body } });
    await until(async () => {
      const { status } = await client.apps.readNamespacedDeployment(deployment);
      return (status?.readyReplicas ?? 0) === 0;
    });
    expectRun(await engine.destroy("dev")).failsSaying("The operator does not run");
    cilium({ allowDatapathChange: true });
    expectRun(await engine.up("dev")).failsSaying("The operator does not run");
    configure();
    assert.ok(await installation(sandbox()));
    const release = await client.core.listNamespacedSecret({
      namespace: "tigera-operator",
      labelSelector: "owner=helm",
    });
    assert.deepEqual(
      release.items.map(({ metadata }) => metadata?.labels?.status),
      ["deployed"],
    );
    const now = await client.apps.readNamespacedDeploymentScale(deployment);
    await client.apps.replaceNamespacedDeploymentScale({
      ...deployment,
      body: { ...now, spec: { replicas: 1 } },
    });
    await until(
      async () => (await client.apps.readNamespacedDeployment(deployment)).status?.readyReplicas === 1,
    );
  });

  it("goes with all that it made, but for the namespace and a user's Secret in it", async () => {
    const { client, engine } = sandbox();
    const secret = { namespace: "tigera-operator", name: "pull" };
    await client.core.createNamespacedSecret({ ...secret, body: { metadata: { name: secret.name } } });
    await leaveJob(sandbox());
    const destroying = engine.destroy("dev");
    await jobIsGone(sandbox());
    operator = playOperator(client);
    expectRun(await destroying).succeeds();
    await until(async () => (await installation(sandbox())) === undefined);
    assert.deepEqual(await policyNames(sandbox()), []);
    assert.equal(await note(sandbox()), undefined);
    assert.ok(await client.core.readNamespacedSecret(secret));
    const { metadata } = await client.core.readNamespace({ name: "tigera-operator" });
    assert.equal(metadata?.labels?.[stackLabel], "cluster-network.dev");
  });

  it("tells what is late where Calico does not come up", async () => {
    const { client, cluster } = sandbox();
    const { metadata } = await client.core.readNamespace({ name: "kube-system" });
    const env = {
      ...process.env,
      KUBECONFIG: cluster.kubeconfig,
      CLUSTER_UID: metadata?.uid,
      DATAPATH: "calico",
      TIMEOUT_SECONDS: "1",
    };
    const child = spawn("node", ["--require", "tsx/cjs", "components/agents-ready.ts"], { env });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => void (said += chunk.toString()));
    const code = await new Promise((resolve) => child.once("close", resolve));
    assert.equal(code, 1);
    assert.match(
      said,
      /^calico: The agent is not ready on every node after 1 s \(the operator has said nothing yet: .*\): mend .*calico\.timeoutSeconds/,
    );
  });

  it("gives its place to Cilium, which comes when it is gone", async () => {
    const { client, engine } = sandbox();
    configure();
    expectRun(await engine.up("dev")).succeeds();
    await leaveJob(sandbox());
    cilium({ allowDatapathChange: true });
    const early = watch(async () => {
      const agents = { namespace: "kube-system", name: "cilium" };
      const other = await ifFound(client.apps.readNamespacedDaemonSet(agents));
      assert.ok(!other || !(await installation(sandbox())), "two network plugins at once");
    });
    const exchanging = engine.up("dev");
    await jobIsGone(sandbox());
    operator = playOperator(client);
    expectRun(await exchanging).succeeds();
    await early.stop();
    assert.equal(await installation(sandbox()), undefined);
    assert.match((await note(sandbox()))?.data?.chart ?? "", /^cilium /);
    cilium();
    expectRun(await engine.preview("dev", "--expect-no-changes")).succeeds();
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, "waited 30 s in vain");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
