import assert from "node:assert/strict";
import { corefileObject, policyNames } from "../support/cluster-facts.ts";
import { expectRun } from "../support/runs.ts";
import { useSandbox } from "../support/sandbox.ts";

const stub = "corp.example:53 {\n    forward . 10.9.9.9\n}\n";

describe("what others did, and other clusters", function () {
  this.timeout("4 minutes");
  const home = useSandbox();
  const elsewhere = useSandbox({ count: 1 });

  it("an edit of the Corefile survives every later deployment, and the destroy", async () => {
    const { engine, here, client } = home();
    const coredns = { namespace: "kube-system", name: "coredns" };
    await engine.createStack("dev", here);
    expectRun(await engine.up("dev")).succeeds();
    const found = await client.core.readNamespacedConfigMap(coredns);
    const edited = `${found.data?.Corefile ?? ""}${stub}`;
    await client.core.replaceNamespacedConfigMap({
      ...coredns,
      body: { ...found, data: { Corefile: edited } },
    });

    expectRun(await engine.up("dev", "--refresh")).succeeds();
    expectRun(await engine.preview("dev", "--expect-no-changes")).succeeds();
    assert.match((await corefileObject(home())).data?.Corefile ?? "", /corp\.example:53/);
  });

  it("a stack refuses to be destroyed, or deployed, in another cluster", async () => {
    const { newEngine, here } = home();
    const there = elsewhere();
    const mine = { namespace: "shop", name: "default-deny-all" };
    await there.client.core.createNamespace({ body: { metadata: { name: "shop" } } });
    const spec = { podSelector: {}, policyTypes: ["Ingress"] };
    await there.client.networking.createNamespacedNetworkPolicy({
      namespace: "shop",
      body: { metadata: mine, spec },
    });

    const lost = newEngine({ folder: home().engine.folder, kubeconfig: there.cluster.kubeconfig });
    expectRun(await lost.destroy("dev")).failsSaying("is not the cluster that this stack was deployed to");
    assert.deepEqual(await policyNames(there), ["shop/default-deny-all"]);

    lost.configure("dev", { ...here, namespaces: [] });
    expectRun(await lost.up("dev")).failsSaying("is not the cluster that this stack was deployed to");
    assert.deepEqual(await policyNames(there), ["shop/default-deny-all"]);
    home().engine.configure("dev", here);
  });

  it("the destroy returns to the edited Corefile", async () => {
    expectRun(await home().engine.destroy("dev")).succeeds();
    assert.match((await corefileObject(home())).data?.Corefile ?? "", /corp\.example:53/);
    assert.deepEqual(await policyNames(home()), []);
  });
});
