import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { V1CustomResourceDefinition } from "@kubernetes/client-node";
import { ifFound } from "../../components/cluster-client.ts";
import { documentsAt } from "../../components/gateway-api/source.ts";
import { chooseCrds } from "../../model/gateway-api/choose.ts";
import { crdName } from "../../model/gateway-api/crd.ts";
import { experimentalCrds, pairingOf } from "../../model/gateway-api/pairing.ts";
import { useSandbox } from "../support/sandbox.ts";

const version = "1.15.19";
const pairing = pairingOf(version) ?? assert.fail();
const missing = "Required GatewayAPI resources are not found";

(process.platform === "linux" ? describe : describe.skip)(`the operator of Cilium ${version}`, function () {
  this.timeout("2 minutes");
  const sandbox = useSandbox({ count: 1 });

  before(async () => {
    const folder = sandbox().tools.path("gateway-api-crds-1.1");
    const plan = { ...pairing, experimental: experimentalCrds(version, version) };
    for (const { object } of chooseCrds(documentsAt(folder), plan, [], folder).chosen) {
      await sandbox().client.extensions.createCustomResourceDefinition({
        body: object as unknown as V1CustomResourceDefinition,
      });
    }
  });

  it("finds all that it looks for in the CRDs that are paired with it", async () => {
    assert.doesNotMatch(await startUp(), new RegExp(missing));
  });

  for (const plural of Object.keys(pairing.required)) {
    it(`does without the Gateway API where ${plural} are missing`, async () => {
      const { extensions } = sandbox().client;
      const name = crdName(plural);
      const { metadata, spec } = await extensions.readCustomResourceDefinition({ name });
      await extensions.deleteCustomResourceDefinition({ name });
      while (await ifFound(extensions.readCustomResourceDefinition({ name }))) await sleep(20);
      assert.match(await startUp(), new RegExp(`${missing}.*${name}`));
      const { annotations } = metadata ?? {};
      await extensions.createCustomResourceDefinition({ body: { metadata: { name, annotations }, spec } });
    });
  }

  /** What the operator says until it has looked for the CRDs, and would go on as a leader. */
  async function startUp(): Promise<string> {
    const { tools, cluster, folder } = sandbox();
    // It knows some settings from the chart's ConfigMap only: a file for each key.
    const config = join(folder, "cilium-config");
    mkdirSync(config, { recursive: true });
    const settings = {
      "enable-gateway-api": "true",
      "k8s-kubeconfig-path": cluster.kubeconfig,
      "operator-api-serve-addr": "127.0.0.1:0",
      "gops-port": "0",
    };
    for (const [key, value] of Object.entries(settings)) writeFileSync(join(config, key), value);
    const operator = spawn(tools.path("cilium-operator"), [`--config-dir=${config}`]);
    let said = "";
    const hear = (chunk: Buffer): string => (said += chunk.toString());
    operator.stdout.on("data", hear);
    operator.stderr.on("data", hear);
    const ended = new Promise((resolve) => operator.once("close", resolve));
    const deadline = Date.now() + 20_000;
    while (!said.includes("Waiting for leader election") && operator.exitCode === null) {
      assert.ok(Date.now() < deadline, said);
      await sleep(20);
    }
    operator.kill("SIGKILL");
    await ended;
    assert.match(said, /Checking for required GatewayAPI resources/);
    return said;
  }
});
