import assert from "node:assert/strict";
import { corefileObject, policyNames, watchCorefile, watchDenies } from "../support/cluster-facts.ts";
import { firstOf } from "../support/follow.ts";
import { expectRun } from "../support/runs.ts";
import { useSandbox } from "../support/sandbox.ts";

const inSystem = "/api/v1/namespaces/kube-system";

/** What comes into the cluster when a deployment has got so far; the engine is killed right then. */
const moments: [when: string, path: string, query?: Readonly<Record<string, string>>][] = [
  [
    "the Corefile is backed up",
    `${inSystem}/configmaps`,
    { fieldSelector: "metadata.name=coredns-before-cluster-network" },
  ],
  ["the release is under way", `${inSystem}/secrets`, { labelSelector: "owner=helm" }],
  ["the first policy is there", "/apis/networking.k8s.io/v1/networkpolicies"],
];

describe("an engine that is killed in the middle", function () {
  this.timeout("6 minutes");
  const sandbox = useSandbox();
  const allows = ["allow-api-backend", "allow-api-gateway", "allow-dns", "allow-postgres"].map(
    (p) => `shop/${p}`,
  );

  for (const [when, path, query] of moments) {
    it(`of up, when ${when}: the next run converges, and destroy leaves the cluster as it was`, async () => {
      const { newEngine, here } = sandbox();
      const engine = newEngine();
      await engine.createStack("dev", here);
      const before = await corefileObject(sandbox());
      const watches = [watchCorefile(sandbox()), await watchDenies(sandbox(), allows)];

      const reached = firstOf(sandbox(), path, query);
      const running = engine.startUp("dev");
      const inTime = await Promise.race([reached.there, running.done.then(() => false)]);
      assert.ok(inTime, `the engine ended before ${when}:\n${running.output()}`);
      running.kill();
      await running.done;
      await reached.stop();

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
