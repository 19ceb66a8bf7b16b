import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { ObservedNamespace } from "../../model/observe/report.ts";
import type { Values } from "../../model/cilium/merge-values.ts";
import { waitFor } from "../../sandbox/control-plane/wait.ts";
import { policyNames } from "../support/cluster-facts.ts";
import { watchFlows } from "../support/policy-watch.ts";
import { expectRun } from "../support/runs.ts";
import { useSandbox } from "../support/sandbox.ts";

const name = (value: string) => ({ "app.kubernetes.io/name": value });

describe("stages of a namespace", function () {
  this.timeout("3 minutes");
  const sandbox = useSandbox({ count: 1 });
  const bare = { cilium: { enabled: false }, dns: { enabled: false }, nodeTuning: { enabled: false } };

  describe("in which pods run", () => {
    const shop: Values = {
      name: "shop",
      workloads: [{ name: "web" }, { name: "api", ports: { http: 8080 } }],
      flows: [{ from: "web", to: "api", port: "http" }],
    };
    const stack = (over: Values): Values => ({ ...bare, namespaces: [{ ...shop, ...over }] });
    const deployments = [
      { app: "web", replicas: 1, labels: name("web") },
      { app: "api", replicas: 1, labels: name("api"), ports: [8080, 9090] },
      { app: "legacy-cron", replicas: 2, labels: { app: "legacy-cron" } },
    ];
    const cron = "Deployment shop/legacy-cron (2 pods, app=legacy-cron)";

    before("runs them", async function () {
      this.timeout("1 minute");
      const { core, apps } = sandbox().client;
      const namespace = "shop";
      await core.createNamespace({ body: { metadata: { name: namespace } } });
      for (const { app, replicas, labels, ports = [] } of deployments) {
        const containers = [
          { name: "main", image: "none", ports: ports.map((port) => ({ containerPort: port })) },
        ];
        await apps.createNamespacedDeployment({
          namespace,
          body: {
            metadata: { name: app },
            spec: {
              replicas,
              selector: { matchLabels: labels },
              template: { metadata: { labels }, spec: { containers } },
            },
          },
        });
      }
      await waitFor("pods", { seconds: 30, every: 100 }, async () => {
        const { items } = await core.listNamespacedPod({ namespace });
        const running = items.filter(({ status }) => status?.phase === "Running").length;
        return running === 4 ? { value: undefined } : { seen: `${running} run` };
      });
      await sandbox().engine.createStack("dev", stack({}));
    });

    it("refuses default-deny while pods run that no flow explains, and lists them", async () => {
      expectRun(await sandbox().engine.preview("dev")).failsSaying(
        "nothing was deployed",
        `namespaces[0]: Default-deny would cut off pods that run in shop and no flow explains: ${cron}: declare`,
        "or acceptUnexplainedPods: true to go on",
      );
    });

    it("observes: writes nothing, and reports what enforcement would break", async () => {
      const { engine } = sandbox();
      engine.configure("dev", stack({ stage: "observe" }));
      expectRun(await engine.up("dev")).succeeds();
      assert.deepEqual(await policyNames(sandbox()), []);
      const { observed, warnings } = await engine.outputs("dev");
      const report = (observed as Record<string, ObservedNamespace>).shop;
      assert.deepEqual(report?.unexplainedPods, [cron]);
      assert.deepEqual(report.unreachedPorts, ["Deployment shop/api TCP 9090"]);
      assert.match(report.narrowedPorts.join(), /^Deployment shop\/api TCP 8080: keeps shop\/web; loses /);
      assert.match((warnings as string[]).join(), /shop is observed, so nothing is denied there/);
    });

    it("enforces once somebody agrees, and then only warns", async () => {
      const { engine } = sandbox();
      engine.configure("dev", stack({ acceptUnexplainedPods: true }));
      expectRun(await engine.up("dev")).succeeds();
      assert.equal((await policyNames(sandbox())).length, 4);
      const { observed, warnings } = await engine.outputs("dev");
      assert.equal(observed, undefined);
      assert.match(
        (warnings as string[]).join(),
        /Default-deny cuts off pods that run in shop and no flow explains/,
      );
      engine.configure("dev", stack({}));
      const again = await engine.preview("dev", "--expect-no-changes");
      expectRun(again).succeeds();
      assert.match(again.output, /so what they send and get is denied: Deployment shop\/legacy-cron/);
    });
  });

  it("keep every declared flow open, wherever an engine is killed", async () => {
    const { newEngine } = sandbox();
    const names = ["a", "b", "c", "d", "e", "f"];
    const stack = (stage: string): Values => ({
      ...bare,
      namespaces: names.map((ns, i) => ({
        name: `team-${ns}`,
        create: true,
        stage,
        workloads: ["web", "api", "db"].map((workload) => ({ name: workload, ports: { main: 8080 } })),
        flows: [
          { from: "web", to: "api", port: "main" },
          { from: "api", to: "db", port: "main" },
          { from: "web", to: `team-${names[(i + 1) % names.length]}/web`, port: "main" },
        ],
      })),
    });
    const all = names.length * 5;
    const engine = newEngine();
    const own = async () => (await policyNames(sandbox())).filter((policy) => policy.startsWith("team-"));
    /** Kills a deployment as soon as the cluster has, or has only, so many policies. */
    const killedAt = async (reached: (policies: number) => boolean): Promise<number> => {
      const running = engine.startUp("dev");
      let seen = (await own()).length;
      const until = async (): Promise<void> => {
        while (!reached(seen)) {
          await sleep(5);
          seen = (await own()).length;
        }
      };
      await Promise.race([until(), running.done]);
      running.kill();
      await running.done;
      assert.ok(reached(seen), running.output());
      expectRun(await engine.run(["cancel", "--yes", "--stack", "dev"])).succeeds();
      return (await own()).length;
    };

    await engine.createStack("dev", stack("enforce"));
    const flows = await watchFlows(sandbox(), stack("enforce"));
    const stops = [await killedAt((policies) => policies >= all / 2)];
    expectRun(await engine.up("dev")).succeeds();
    assert.equal((await own()).length, all);

    engine.configure("dev", stack("observe"));
    stops.push(await killedAt((policies) => policies < all), await killedAt((policies) => policies < 10));
    expectRun(await engine.up("dev")).succeeds();
    assert.deepEqual(await own(), []);
    await flows.stop();
    for (const policies of stops) {
      assert.ok(policies > 0 && policies < all, `killed at ${stops.join(", ")} of ${all} policies`);
    }
  });
});
