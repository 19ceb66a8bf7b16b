import assert from "node:assert/strict";
import { stackLabel } from "../../model/live.ts";
import type { Values } from "../../model/cilium/merge-values.ts";
import { mergeValues } from "../../model/cilium/merge-values.ts";
import type { Size } from "../../model/sizing/size.ts";
import {
  corefileObject,
  followDaemonSet,
  kubeProxyObject,
  plain,
  policyNames,
  watchCorefile,
  watchDenies,
  watchServices,
} from "../support/cluster-facts.ts";
import { expectRun } from "../support/runs.ts";
import { type Sandbox, useSandbox } from "../support/sandbox.ts";

const shop = ["allow-api-backend", "allow-api-gateway", "allow-dns", "allow-postgres", "default-deny-all"];
const stacks = {
  dev: { policies: shop.map((name) => `shop/${name}`), operators: 1, conntrackMax: 131_072 },
  prod: {
    policies: [
      ...["allow-dns", "allow-ledger", "default-deny-all"].map((name) => `payments/${name}`),
      ...shop.map((name) => `shop/${name}`),
    ],
    operators: 2,
    conntrackMax: 1_048_576,
  },
};

for (const [stack, expected] of Object.entries(stacks)) {
  describe(`the ${stack} stack, from preview to destroy`, function () {
    this.timeout("5 minutes");
    const sandbox = useSandbox();
    let before: Awaited<ReturnType<typeof corefileObject>>;
    let kubeProxy: Awaited<ReturnType<typeof kubeProxyObject>>;
    const allows = expected.policies.filter((name) => !name.endsWith("default-deny-all"));

    it("previews, and changes nothing", async () => {
      before = await corefileObject(sandbox());
      kubeProxy = await kubeProxyObject(sandbox());
      await sandbox().engine.createStack(stack, sandbox().here);
      const run = await sandbox().engine.preview(stack);
      expectRun(run).succeeds();
      assert.match(run.output, /helm\.sh\/v3:Release/);
      assert.deepEqual(await corefileObject(sandbox()), before);
      assert.deepEqual(await policyNames(sandbox()), []);
    });

    it("deploys, without a moment of no Corefile, unserved Services, or a deny without its allows", async () => {
      const watches = [
        watchCorefile(sandbox()),
        await watchDenies(sandbox(), allows),
        watchServices(sandbox(), 3),
      ];
      expectRun(await sandbox().engine.up(stack)).succeeds();
      for (const one of watches) await one.stop();
    });

    it("has released Cilium with the baseline values, and waited for it", async () => {
      const { apps, core } = sandbox().client;
      const namespace = "kube-system";
      const { data } = await core.readNamespacedConfigMap({ namespace, name: "cilium-config" });
      assert.equal(data?.["kube-proxy-replacement"], "true");
      assert.equal(data["enable-bpf-masquerade"], "true");
      assert.equal(data["enable-bpf-tproxy"], "true");
      assert.equal(data["enable-hubble"], "true");
      assert.equal(data.ipam, "kubernetes");
      const agents = await apps.readNamespacedDaemonSet({ namespace, name: "cilium" });
      assert.equal(agents.status?.numberReady, 3);
      const env = agents.spec?.template.spec?.containers[0]?.env ?? [];
      assert.equal(env.find(({ name }) => name === "KUBERNETES_SERVICE_HOST")?.value, "10.0.0.10");
      const operator = await apps.readNamespacedDeployment({ namespace, name: "cilium-operator" });
      assert.equal(operator.status?.readyReplicas, expected.operators);
      for (const name of ["hubble-relay", "hubble-ui"]) {
        assert.equal(
          (await apps.readNamespacedDeployment({ namespace, name })).status?.readyReplicas,
          1,
          name,
        );
      }
    });

    it("has written every policy, labelled and with its reason", async () => {
      assert.deepEqual(await policyNames(sandbox()), [...expected.policies].sort());
      const deny = await sandbox().client.networking.readNamespacedNetworkPolicy({
        namespace: "shop",
        name: "default-deny-all",
      });
      assert.deepEqual(plain(deny.spec), { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
      assert.equal(deny.metadata?.labels?.[stackLabel], `cluster-network.${stack}`);
      assert.match(
        deny.metadata.annotations?.["cluster-network/because"] ?? "",
        /isolated in both directions/,
      );
    });

    it("serves the tuned Corefile", async () => {
      const { data } = await corefileObject(sandbox());
      const corefile = data?.Corefile ?? "";
      for (const line of [
        /success 9984 30/,
        /denial 9984 5/,
        /max_concurrent 1000/,
        /policy sequential/,
        /lameduck 5s/,
      ]) {
        assert.match(corefile, line);
      }
    });

    it("has tuned every node: a privileged step, then an idle container without privileges", async () => {
      const { status, spec } = await tuning(sandbox());
      assert.equal(status?.numberReady, 3);
      const pod = spec?.template.spec;
      assert.equal(pod?.hostNetwork, true);
      const [init] = pod.initContainers ?? [];
      assert.equal(init?.securityContext?.privileged, true);
      assert.equal(init.args?.[0], "apply");
      assert.ok(init.args.includes(`net.netfilter.nf_conntrack_max=${expected.conntrackMax}`));
      assert.ok(init.args.includes("net.ipv4.tcp_tw_reuse=1"));
      const [idle] = pod.containers;
      assert.equal(idle?.securityContext?.privileged, undefined);
      assert.deepEqual(idle?.securityContext?.capabilities?.drop, ["ALL"]);
    });

    it("exports what a user needs", async () => {
      const outputs = await sandbox().engine.outputs(stack);
      assert.equal(outputs.chartVersion, "1.20.2");
      assert.ok((outputs.namespaces as string[]).includes("shop"));
      const images = outputs.images as string[];
      assert.ok(images.includes("quay.io/cilium/cilium:v1.20.2"), images.join());
      assert.ok(images.includes("docker.io/library/busybox:1.37.0"), images.join());
      const sizes = outputs.sizes as Record<string, Size>;
      assert.equal(sizes.conntrackMax?.value, expected.conntrackMax);
      for (const [name, { unit, because, source }] of Object.entries(sizes)) {
        assert.ok(unit && because && source, name);
      }
    });

    it("previews again without a change", async () => {
      expectRun(await sandbox().engine.preview(stack, "--expect-no-changes")).succeeds();
    });

    it("changes only what a changed setting touches", async () => {
      const over: Values = mergeValues(sandbox().here, { dns: { cache: { success: 16384 } } });
      sandbox().engine.configure(stack, over);
      const run = await sandbox().engine.up(stack, "--diff");
      expectRun(run).succeeds();
      assert.match(run.output, /~ 1 updated/);
      assert.match(run.output, /kubernetes:core\/v1:ConfigMapPatch/);
      const { data } = await corefileObject(sandbox());
      assert.match(data?.Corefile ?? "", /success 16384 30/);
    });

    it("brings back a policy that somebody deleted", async () => {
      const policy = { namespace: "shop", name: "allow-postgres" };
      await sandbox().client.networking.deleteNamespacedNetworkPolicy(policy);
      expectRun(await sandbox().engine.up(stack, "--refresh")).succeeds();
      assert.ok((await policyNames(sandbox())).includes("shop/allow-postgres"));
    });

    if (stack === "prod") {
      it("does not let Cilium go from under running pods without consent", async () => {
        const run = await sandbox().engine.destroy(stack);
        assert.notEqual(run.code, 0);
        assert.match(run.output, /protected/);
        assert.deepEqual(await policyNames(sandbox()), [...expected.policies].sort());
        const { status } = await sandbox().client.apps.readNamespacedDaemonSet({
          namespace: "kube-system",
          name: "cilium",
        });
        assert.equal(status?.numberReady, 3);
        expectRun(
          await sandbox().engine.run(["state", "unprotect", "--all", "--yes", "--stack", stack]),
        ).succeeds();
      });
    }

    it("leaves the cluster as it was found when it goes", async () => {
      const { core, apps } = sandbox().client;
      const modes = new Set<string>();
      const tuned = followDaemonSet(sandbox(), "cluster-network-node-tuning", ({ spec, status }) => {
        const mode = spec?.template.spec?.initContainers?.[0]?.args?.[0];
        const everywhere = status?.updatedNumberScheduled === 3 && status.numberReady === 3;
        if (mode !== undefined && everywhere) modes.add(mode);
      });
      const watches = [
        watchCorefile(sandbox()),
        await watchDenies(sandbox(), allows),
        watchServices(sandbox(), 3),
      ];
      const theirs = { metadata: { namespace: "shop", name: "theirs" }, data: { keep: "me" } };
      await core.createNamespacedConfigMap({ namespace: "shop", body: theirs });

      expectRun(await sandbox().engine.destroy(stack)).succeeds();
      for (const one of watches) await one.stop();
      await tuned.stop();

      assert.deepEqual(await corefileObject(sandbox()), before);
      assert.deepEqual(await kubeProxyObject(sandbox()), kubeProxy);
      assert.deepEqual(await policyNames(sandbox()), []);
      assert.ok(modes.has("restore"), "no node had its sysctls given back before the DaemonSet went");
      const kept = await core.readNamespacedConfigMap({ namespace: "shop", name: "theirs" });
      assert.deepEqual(kept.data, { keep: "me" });
      const left = await apps.listNamespacedDaemonSet({ namespace: "kube-system" });
      assert.deepEqual(
        left.items.map(({ metadata }) => metadata?.name),
        ["kube-proxy"],
      );
    });
  });
}

const tuning = ({ client }: Sandbox) =>
  client.apps.readNamespacedDaemonSet({ namespace: "kube-system", name: "cluster-network-node-tuning" });
