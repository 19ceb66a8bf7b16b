import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { ifFound } from "../../components/cluster-client.ts";
import { mergeValues, type Values } from "../../model/cilium/merge-values.ts";
import { neededLabel, takenOffAnnotation } from "../../model/kube-proxy.ts";
import { kubeProxyObject, watchServices } from "../support/cluster-facts.ts";
import { expectRun } from "../support/runs.ts";
import { useSandbox } from "../support/sandbox.ts";
import { until } from "../support/data-plane.ts";

const named = { namespace: "kube-system", name: "kube-proxy" };
const beside: Values = { values: { kubeProxyReplacement: false } };

describe("kube-proxy", function () {
  this.timeout("4 minutes");
  const sandbox = useSandbox();
  let original: Awaited<ReturnType<typeof kubeProxyObject>>;

  /** Settings on top of the sandbox's own, without what takes time and is tested elsewhere. */
  const configure = (cilium: Values = {}): void => {
    const hubble = { enabled: false, relay: false, ui: false };
    const over = { dns: { enabled: false }, nodeTuning: { enabled: false }, namespaces: [] };
    const { engine, here } = sandbox();
    engine.configure(
      "dev",
      mergeValues(mergeValues(here, over), { cilium: mergeValues({ hubble }, cilium) }),
    );
  };
  const live = () => sandbox().client.apps.readNamespacedDaemonSet(named);
  const selector = async () => (await live()).spec?.template.spec?.nodeSelector;
  const podsOf = async (labelSelector: string) =>
    (await sandbox().client.core.listNamespacedPod({ namespace: "kube-system", labelSelector })).items;
  const change = async (edit: (daemonSet: Awaited<ReturnType<typeof live>>) => void): Promise<void> => {
    const body = await live();
    edit(body);
    await sandbox().client.apps.replaceNamespacedDaemonSet({ ...named, body });
  };
  /** What kubeadm does at an upgrade: its own form in place of all that is there. */
  const reapply = () =>
    change((body) => {
      const { labels, annotations, spec } = structuredClone(original);
      Object.assign(body, { spec, metadata: { ...body.metadata, labels, annotations } });
    });
  /** Runs the script as the engine does. */
  const script = async (to: "off" | "on", env: NodeJS.ProcessEnv = {}) => {
    const { metadata } = await sandbox().client.core.readNamespace({ name: "kube-system" });
    return spawnSync(process.execPath, ["--require", "tsx/cjs", "components/kube-proxy/switch.ts", to], {
      env: { ...process.env, CLUSTER_UID: metadata?.uid, FORM: "again", TIMEOUT_SECONDS: "30", ...env },
      encoding: "utf8",
    });
  };

  before("notes it as kubeadm left it", async () => {
    original = await kubeProxyObject(sandbox());
    await sandbox().engine.createStack("dev", sandbox().here);
  });

  it("stays on the nodes where Cilium does not replace it", async () => {
    configure(beside);
    expectRun(await sandbox().engine.up("dev")).succeeds();
    assert.deepEqual(await kubeProxyObject(sandbox()), original);
  });

  it("leaves when Cilium comes to replace it, after agents that do so", async () => {
    const before = (await podsOf("k8s-app=cilium")).map(({ metadata }) => metadata?.uid);
    configure({ allowDatapathChange: true });
    const served = watchServices(
      sandbox(),
      3,
      // Agents that were started before are as ready, and serve nobody.
      ({ spec }) => "cluster-network/replaces-kube-proxy" in (spec?.template.metadata?.annotations ?? {}),
    );
    expectRun(await sandbox().engine.up("dev")).succeeds();
    await served.stop();
    const agents = (await podsOf("k8s-app=cilium")).map(({ metadata }) => metadata?.uid);
    assert.deepEqual(
      agents.filter((uid) => before.includes(uid)),
      [],
      "an agent that was started without it",
    );
    assert.deepEqual(await selector(), { "kubernetes.io/os": "linux", [neededLabel]: "true" });
    await until("its pods to go", 20, async () => (await podsOf("k8s-app=kube-proxy")).length === 0);
  });

  it("is no change in the run after", async () => {
    configure();
    expectRun(await sandbox().engine.preview("dev", "--expect-no-changes")).succeeds();
  });

  it("is off already for a run that was killed and comes again", async () => {
    const form = (await live()).metadata?.annotations?.[takenOffAnnotation] ?? "";
    const { generation } = (await live()).metadata ?? {};
    assert.equal((await script("off", { FORM: form })).status, 0);
    assert.equal((await live()).metadata?.generation, generation);
    expectRun(await sandbox().engine.preview("dev", "--expect-no-changes")).succeeds();
  });

  it("is noticed when kubeadm brings it back, and leaves again", async () => {
    await reapply();
    expectRun(await sandbox().engine.preview("dev", "--expect-no-changes")).failsSaying("kube-proxy-off");
    const served = watchServices(sandbox(), 3);
    expectRun(await sandbox().engine.up("dev")).succeeds();
    await served.stop();
    assert.ok(neededLabel in ((await selector()) ?? {}));
    expectRun(await sandbox().engine.preview("dev", "--expect-no-changes")).succeeds();
  });

  it("must be back before Cilium stops to replace it", async () => {
    configure({ ...beside, allowDatapathChange: true, kubeProxy: "keep" });
    expectRun(await sandbox().engine.up("dev")).failsSaying(
      "nothing was deployed",
      "Cilium is to stop replacing kube-proxy, which is off the nodes",
    );
  });

  it("comes back as it was, with what others changed meanwhile, when it is to be kept", async () => {
    await change(({ spec }) => {
      Object.assign(spec?.template.spec?.nodeSelector ?? {}, { "kubernetes.io/arch": "amd64" });
    });
    configure({ kubeProxy: "keep" });
    expectRun(await sandbox().engine.up("dev")).succeeds();
    const found = await kubeProxyObject(sandbox());
    assert.deepEqual(await selector(), { "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64" });
    assert.deepEqual(found.annotations, original.annotations);
    assert.equal((await live()).status?.numberReady, 3);
    expectRun(await sandbox().engine.preview("dev", "--expect-no-changes")).succeeds();
    await reapply();
  });

  it("comes back when it is to be kept though no state knows that it is off", async () => {
    assert.equal((await script("off")).status, 0);
    const preview = await sandbox().engine.preview("dev");
    expectRun(preview).succeeds();
    assert.match(preview.output, /kube-proxy is off the nodes: the deployment puts it back before all else/);
    assert.ok(neededLabel in ((await selector()) ?? {}), "a preview that put it back");
    expectRun(await sandbox().engine.up("dev")).succeeds();
    assert.deepEqual(await kubeProxyObject(sandbox()), original);
    assert.equal((await live()).status?.numberReady, 3);
    expectRun(await sandbox().engine.preview("dev", "--expect-no-changes")).succeeds();
  });

  it("is on every node again before Cilium goes", async () => {
    configure();
    expectRun(await sandbox().engine.up("dev")).succeeds();
    assert.ok(neededLabel in ((await selector()) ?? {}));
    const served = watchServices(sandbox(), 3);
    expectRun(await sandbox().engine.destroy("dev")).succeeds();
    await served.stop();
    assert.deepEqual(await kubeProxyObject(sandbox()), original);
  });

  it("is left alone by a run that finds no agents", async () => {
    assert.notEqual((await script("off")).status, 0);
    assert.deepEqual(await kubeProxyObject(sandbox()), original);
  });

  describe("and another network plugin", () => {
    const flannel = { namespace: "kube-flannel", name: "kube-flannel-ds" };

    before("runs it", async () => {
      const { core, apps } = sandbox().client;
      await core.createNamespace({ body: { metadata: { name: flannel.namespace } } });
      const labels = { app: "flannel" };
      const containers = [{ name: "kube-flannel", image: "ghcr.io/flannel-io/flannel:v0.27.0" }];
      const template = { metadata: { labels }, spec: { containers } };
      await apps.createNamespacedDaemonSet({
        ...flannel,
        body: { metadata: flannel, spec: { selector: { matchLabels: labels }, template } },
      });
      await until(
        "its pods",
        20,
        async () => (await apps.readNamespacedDaemonSet(flannel)).status?.numberReady === 3,
      );
    });

    it("stop the deployment, which says what to do", async () => {
      expectRun(await sandbox().engine.up("dev")).failsSaying(
        "nothing was deployed",
        "cilium: The cluster has a network plugin already: flannel (DaemonSet kube-flannel/kube-flannel-ds, on 3 nodes)",
        "set cilium.migrateFrom: [flannel]",
      );
      const cilium = { namespace: "kube-system", name: "cilium" };
      assert.equal(await ifFound(sandbox().client.apps.readNamespacedDaemonSet(cilium)), undefined);
    });

    it("stay together while nodes are moved, if somebody agrees", async () => {
      configure({ migrateFrom: ["flannel"], values: { cni: { customConf: true, uninstall: false } } });
      const run = await sandbox().engine.preview("dev");
      expectRun(run).succeeds();
      assert.match(run.output, /helm\.sh\/v3:Release/);
      assert.doesNotMatch(run.output, /kube-proxy-off/);
    });
  });

  it("is nothing to put back when somebody deleted it", async () => {
    await sandbox().client.apps.deleteNamespacedDaemonSet(named);
    assert.equal((await script("on")).status, 0);
  });
});
