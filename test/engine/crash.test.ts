import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { corefileObject, policyNames, watchCorefile, watchDenies } from "../support/cluster-facts.ts";
import { expectRun } from "../support/runs.ts";
import { type Sandbox, useSandbox } from "../support/sandbox.ts";

/** What the cluster shows when a deployment has got so far; the engine is killed right then. */
const moments: [when: string, reached: (sandbox: Sandbox) => Promise<boolean>][] = [
  [
    "the Corefile is backed up",
    async ({ client }) => {
      const { items } = await client.core.listNamespacedConfigMap({ namespace: "kube-system" });
      return items.some(({ metadata }) => metadata?.name === "coredns-before-cluster-network");
    },
  ],
  [
    "the release is under way",
    async ({ client }) => {
      const { items } = await client.core.listNamespacedSecret({
        namespace: "kube-system",
        labelSelector: "owner=helm",
      });
      return items.length > 0;
    },
  ],
  ["the first policy is there", async (sandbox) => (await policyNames(sandbox)).length > 0],
];

describe("an engine that is killed in the middle", function () {
  this.timeout("6 minutes");
  const sandbox = useSandbox();
  const allows = ["allow-api-backend", "allow-api-gateway", "allow-dns", "allow-postgres"].map(
    (p) => `shop/${p}`,
  );

  for (const [when, reached] of moments) {
    it(`of up, when ${when}: the next run converges, and destroy leaves the cluster as it was`, async () => {
      const { newEngine, here } = sandbox();
      const engine = newEngine();
      await engine.createStack("dev", here);
      const before = await corefileObject(sandbox());
      const watches = [watchCorefile(sandbox()), watchDenies(sandbox(), allows)];

      const running = engine.startUp("dev");
      const until = async (): Promise<boolean> => {
        while (!(await reached(sandbox()))) await sleep(10);
        return true;
      };
      const inTime = await Promise.race([until(), running.done.then(() => false)]);
      assert.ok(inTime, `the engine ended before ${when}:\n${running.output()}`);
      running.kill();
      await running.done;

      expectRun(await engine.run(["cancel", "--yes", "--stack", "dev"])).succeeds();
      expectRun(await engine.up("dev")).succeeds();
      expectRun(await engine.preview("dev", "--expect-no-changes")).succeeds();
      assert.equal((await policyNames(sandbox())).length, allows.length + 1);

      expectRun(await engine.destroy("dev")).succeeds();
      for (const one of watches) await one.stop();
      assert.deepEqual(await corefileObject(sandbox()), before);
      assert.deepEqual(await policyNames(sandbox()), []);
    });
  }
});
