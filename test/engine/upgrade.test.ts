import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mergeValues, type Values } from "../../model/cilium/merge-values.ts";
import type { UpgradeReport } from "../../model/cilium/upgrade.ts";
import { isRolledOut } from "../../components/rolled-out.ts";
import { newestRelease } from "../support/cluster-facts.ts";
import { expectRun } from "../support/runs.ts";
import { type Sandbox, useSandbox } from "../support/sandbox.ts";
import { watch } from "../support/watch.ts";

describe("Cilium that runs", function () {
  this.timeout("5 minutes");
  const sandbox = useSandbox();

  /** Settings on top of the sandbox's own. */
  const configure = (cilium: Values): void => {
    const { engine, here } = sandbox();
    engine.configure("dev", mergeValues(here, { cilium }));
  };
  const upgradeOutput = async (): Promise<UpgradeReport | undefined> =>
    (await sandbox().engine.outputs("dev")).upgrade as UpgradeReport | undefined;

  describe("keeps running traffic", () => {
    const base = (over: Values = {}): Values =>
      mergeValues({ version: "1.15.19", chart: { path: sandbox().tools.path("cilium-chart-1.15") } }, over);
    const larger = { values: { bpf: { ctTcpMax: 600_000 } } };

    before("deploys 1.15.19", async () => {
      await sandbox().engine.createStack("dev", sandbox().here);
      configure(base());
      expectRun(await sandbox().engine.up("dev")).succeeds();
    });
    after("destroys it", async () => {
      expectRun(await sandbox().engine.destroy("dev")).succeeds();
    });

    it("and what Helm keeps of it can be read", async () => {
      const content = await newestRelease(sandbox());
      assert.equal(content.chartVersion, "1.15.19");
      assert.equal(content.values.kubeProxyReplacement, true);
      assert.ok(!("upgradeCompatibility" in content.values), "a new cluster has its chart's own defaults");
      assert.equal(await firstInstalled(sandbox()), "1.15.19");
      assert.equal(await upgradeOutput(), undefined);
    });

    it("when values change that no traffic depends on", async () => {
      configure(base({ values: { debug: { enabled: true } } }));
      expectRun(await sandbox().engine.up("dev")).succeeds();
      assert.equal(await upgradeOutput(), undefined);
      assert.equal((await newestRelease(sandbox())).revision, 2);
    });

    it("by refusing a change that would cut it", async () => {
      configure(base(larger));
      expectRun(await sandbox().engine.up("dev")).failsSaying(
        "nothing was deployed",
        "cilium: Changes connection tracking and NAT maps (bpf.ctTcpMax, ",
        "agree by allowDatapathChange: true",
      );
      assert.equal((await newestRelease(sandbox())).revision, 2);
    });

    it("unless somebody agrees, and tells what was done", async () => {
      configure(base({ ...larger, allowDatapathChange: true }));
      expectRun(await sandbox().engine.up("dev")).succeeds();
      const report = await upgradeOutput();
      assert.deepEqual(
        report?.effects.map(({ what }) => what),
        ["connection tracking and NAT maps"],
      );
      assert.equal((await newestRelease(sandbox())).revision, 3);
    });

    it("and has nothing left to tell in the next run", async () => {
      configure(base(larger));
      expectRun(await sandbox().engine.preview("dev", "--expect-no-changes")).succeeds();
    });

    it("by refusing to skip minor versions", async () => {
      configure({});
      expectRun(await sandbox().engine.preview("dev")).failsSaying(
        "cilium.version: Cilium 1.15.19 is installed, and 1.20.2 skips 1.16, 1.17, 1.18, 1.19",
        "set the newest 1.16.x first",
      );
    });

    it("by refusing to be taken out", async () => {
      configure(base({ enabled: false }));
      expectRun(await sandbox().engine.up("dev")).failsSaying("cilium.enabled: false uninstalls Cilium");
      configure(base(larger));
    });

    describe("through an audit", () => {
      const mark = "cluster-network/policy-audit";
      const namespace = (name: string, stage: string, flows: readonly string[] = []) => ({
        name,
        create: true,
        stage,
        workloads: ["web", "api"].map((workload) => ({ name: workload, ports: { http: 8080 } })),
        flows: ["web -> api:http", ...flows],
      });
      const stage = (...namespaces: ReturnType<typeof namespace>[]): void => {
        const { engine, here } = sandbox();
        engine.configure("dev", mergeValues(here, { cilium: base(larger), namespaces }));
      };
      const agents = () =>
        sandbox().client.apps.readNamespacedDaemonSet({ namespace: "kube-system", name: "cilium" });
      const audits = async (): Promise<unknown> =>
        (
          await sandbox().client.core.readNamespacedConfigMap({
            namespace: "kube-system",
            name: "cilium-config",
          })
        ).data?.["policy-audit-mode"];
      const revisions = async () => {
        const { items } = await sandbox().client.networking.listNetworkPolicyForAllNamespaces();
        return items.map(({ metadata }) => `${metadata?.name} ${metadata?.resourceVersion}`).sort();
      };

      it("which its agents know before policies come", async () => {
        const audited = watch(async () => {
          const { items } = await sandbox().client.networking.listNamespacedNetworkPolicy({
            namespace: "lab",
          });
          if (items.length === 0) return;
          const daemonSet = await agents();
          assert.equal(daemonSet.spec?.template.metadata?.annotations?.[mark], "true");
          assert.ok(isRolledOut(daemonSet), "policies came while agents still restarted");
        }, 10);
        stage(namespace("shop", "audit"), namespace("lab", "audit"));
        expectRun(await sandbox().engine.up("dev")).succeeds();
        await audited.stop();
        assert.equal(await audits(), "true");
        assert.equal((await revisions()).length, 8);
      });

      it("which does not end before policies are as they are to be", async () => {
        stage(namespace("shop", "enforce", ["api -> web:http"]), namespace("lab", "enforce"));
        expectRun(await sandbox().engine.preview("dev")).failsSaying(
          "The audit would end before these policies are as the settings have them",
          "NetworkPolicy shop/allow-api (changes) and NetworkPolicy shop/allow-web (changes)",
        );
      });

      it("and out of it, by restarted agents and with the same policies", async () => {
        const before = await revisions();
        stage(namespace("shop", "enforce"), namespace("lab", "enforce"));
        expectRun(await sandbox().engine.up("dev")).succeeds();
        const daemonSet = await agents();
        assert.equal(daemonSet.spec?.template.metadata?.annotations?.[mark], "false");
        assert.ok(isRolledOut(daemonSet));
        assert.equal(await audits(), undefined);
        assert.deepEqual(await revisions(), before);
      });
    });
  });

  describe("goes to the next minor and back", () => {
    /** No chart 1.19 is at hand: one of 1.20 that calls itself so goes the same way through everything. */
    const version = "1.19.0";
    let older: string;

    before("deploys the older one", async () => {
      const { engine, folder, tools } = sandbox();
      older = join(folder, "chart-1.19");
      cpSync(tools.path("cilium-chart"), older, { recursive: true });
      const file = join(older, "Chart.yaml");
      writeFileSync(file, readFileSync(file, "utf8").replaceAll("1.20.2", version));
      configure({ version, chart: { path: older } });
      expectRun(await engine.up("dev")).succeeds();
    });

    it("held to the defaults that the cluster began with", async () => {
      configure({});
      const run = await sandbox().engine.up("dev");
      expectRun(run).succeeds();
      const { chartVersion, values } = await newestRelease(sandbox());
      assert.deepEqual([chartVersion, values.upgradeCompatibility], ["1.20.2", "1.19"]);
      assert.equal(await firstInstalled(sandbox()), version);
      const report = await upgradeOutput();
      assert.match(report?.from ?? "", /^1\.19\.0 \(revision \d+, deployed\)$/);
      assert.deepEqual([report?.to, report?.effects], ["1.20.2", []]);
    });

    it("without a change in the run after", async () => {
      expectRun(await sandbox().engine.preview("dev", "--expect-no-changes")).succeeds();
    });

    it("back to where it came from", async () => {
      configure({ version, chart: { path: older } });
      expectRun(await sandbox().engine.up("dev")).succeeds();
      const { chartVersion, values } = await newestRelease(sandbox());
      assert.equal(chartVersion, version);
      assert.ok(!("upgradeCompatibility" in values));
      const warnings = (await sandbox().engine.outputs("dev")).warnings as string[];
      assert.ok(warnings.some((text) => text.startsWith("Cilium goes back from 1.20.2 to 1.19.0")));
    });
  });
});

async function firstInstalled({ client }: Sandbox): Promise<string | undefined> {
  const record = { namespace: "kube-system", name: "cluster-network" };
  return (await client.core.readNamespacedConfigMap(record)).data?.firstInstalled;
}
