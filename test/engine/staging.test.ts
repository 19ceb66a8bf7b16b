import assert from "node:assert/strict";
import type { ObservedNamespace } from "../../model/observe/report.ts";
import type { Values } from "../../model/cilium/merge-values.ts";
import { waitFor } from "../../sandbox/control-plane/wait.ts";
import { policyNames } from "../support/cluster-facts.ts";
import { follow, type Phase } from "../support/follow.ts";
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
    /** Kills a deployment right when the first policy comes, or the first goes. @returns how many there are then */
    const killedAt = async (phase: Phase): Promise<number> => {
      const { metadata } = await sandbox().client.networking.listNetworkPolicyForAllNamespaces();
      const running = engine.startUp("dev");
      let isReached = false;
      const hear = (happened: Phase): void => {
        if (isReached || happened !== phase) return;
        isReached = true;
        running.kill();
      };
      const path = "/apis/networking.k8s.io/v1/networkpolicies";
      const following = follow(sandbox(), path, hear, { resourceVersion: metadata?.resourceVersion ?? "" });
      await running.done;
      await following.stop();
      assert.ok(isReached, running.output());
      expectRun(await engine.run(["cancel", "--yes", "--stack", "dev"])).succeeds();
      return (await own()).length;
    };

    await engine.createStack("dev", stack("enforce"));
    const flows = await watchFlows(sandbox(), stack("enforce"));
    const stops = [await killedAt("ADDED")];
    expectRun(await engine.up("dev")).succeeds();
    assert.equal((await own()).length, all);

    engine.configure("dev", stack("observe"));
    stops.push(await killedAt("DELETED"));
    expectRun(await engine.up("dev")).succeeds();
    assert.deepEqual(await own(), []);
    await flows.stop();
    // A busy machine kills late; but where both were, nothing was seen of what is in between.
    assert.ok(
      stops.some((policies) => policies > 0 && policies < all),
      `killed at ${stops.join(" and ")} of ${all} policies`,
    );
  });
});
