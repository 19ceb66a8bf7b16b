import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { V1CustomResourceDefinition } from "@kubernetes/client-node";
import { parse } from "yaml";
import { ifFound } from "../../components/cluster-client.ts";
import { readCrdFiles } from "../../components/gateway-api/source.ts";
import { type Values, mergeValues } from "../../model/cilium/merge-values.ts";
import { crdName, type GatewayCrd, readCrd } from "../../model/gateway-api/crd.ts";
import { gatewayGroup, pairingOf } from "../../model/gateway-api/pairing.ts";
import { stackLabel } from "../../model/live.ts";
import { expectRun } from "../support/runs.ts";
import { useSandbox } from "../support/sandbox.ts";
import { watch } from "../support/watch.ts";
import { useWebServer } from "../support/web-server.ts";

const required = Object.keys(pairingOf("1.20.2")?.required ?? {});
const stack = "cluster-network.dev";
const inSystem = { namespace: "kube-system" };

describe("the CRDs of the Gateway API", function () {
  this.timeout("4 minutes");
  const sandbox = useSandbox({ count: 1 });
  const files = new Map<string, string>();
  const server = useWebServer(files);

  before(() => {
    const standard = readCrdFiles(join(sandbox().tools.path("gateway-api-crds"), "standard"));
    files.set("/standard-install.yaml", standard.map(({ text }) => text).join("\n---\n"));
  });

  /** Settings with the Gateway API on, and little else. */
  const configure = (crds: Values): void =>
    sandbox().engine.configure(
      "dev",
      mergeValues(sandbox().here, {
        cluster: { nodes: 1 },
        cilium: { gatewayApi: { enabled: true, crds }, hubble: { relay: false, ui: false } },
        dns: { enabled: false },
        nodeTuning: { enabled: false },
        namespaces: [],
      }),
    );
  const fromUrl = (): Values => {
    const path = "/standard-install.yaml";
    const sha256 = createHash("sha256")
      .update(files.get(path) ?? "")
      .digest("hex");
    return { url: server() + path, sha256 };
  };
  const fromFolder = (): Values => ({ path: sandbox().tools.path("gateway-api-crds") });

  const crds = async (): Promise<GatewayCrd[]> => {
    const { items } = await sandbox().client.extensions.listCustomResourceDefinition();
    // Items of a list do not say what they are.
    return items.flatMap((item) => readCrd({ ...item, kind: "CustomResourceDefinition" }) ?? []);
  };
  const names = async (): Promise<string[]> => (await crds()).map(({ plural }) => plural).sort();
  const operator = () =>
    ifFound(sandbox().client.apps.readNamespacedDeployment({ ...inSystem, name: "cilium-operator" }));
  const change = async (plural: string, metadata: object): Promise<void> => {
    const { setHeaderOptions, PatchStrategy } = await import("@kubernetes/client-node");
    await sandbox().client.extensions.patchCustomResourceDefinition(
      { name: crdName(plural), body: { metadata } },
      setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
    );
  };

  it("are refused where somebody else's are too old for the chart, and nothing is touched", async () => {
    await sandbox().engine.createStack("dev", sandbox().here);
    const old = join(sandbox().tools.path("gateway-api-crds-1.1"), "standard");
    const file = join(old, `${gatewayGroup}_gatewayclasses.yaml`);
    const body = parse(readFileSync(file, "utf8")) as V1CustomResourceDefinition;
    await sandbox().client.extensions.createCustomResourceDefinition({ body });
    configure(fromFolder());
    expectRun(await sandbox().engine.preview("dev")).failsSaying(
      "nothing was deployed",
      "The CRDs gatewayclasses are of Gateway API 1.1.0, chart 1.20.2 needs 1.6.1, and they are not of this stack",
      `hand them over by the label ${stackLabel}=${stack}`,
    );
    assert.deepEqual(await names(), ["gatewayclasses"]);
  });

  it("are said to be missing where none are to be installed", async () => {
    await change("gatewayclasses", { labels: { [stackLabel]: stack } });
    configure({ existing: true });
    expectRun(await sandbox().engine.preview("dev")).failsSaying(
      "cilium.gatewayApi.crds.existing: The cluster has no CRDs gateways, httproutes, grpcroutes, tlsroutes",
    );
  });

  it("are refused at preview where the folder does not have them", async () => {
    configure({ path: sandbox().tools.path("gateway-api-crds-1.1") });
    expectRun(await sandbox().engine.preview("dev")).failsSaying(
      "nothing was deployed",
      "Has gateways.gateway.networking.k8s.io of Gateway API 1.1.0, older than 1.6.1",
    );
  });

  it("end a deployment before the release where they cannot be had", async () => {
    configure({ url: `${server()}/nothing.yaml` });
    expectRun(await sandbox().engine.up("dev")).failsSaying(
      /nothing\.yaml: Cannot be downloaded \(404 Not Found\): .*cilium\.gatewayApi\.crds\.path/,
    );
    configure({ ...fromUrl(), sha256: "0".repeat(64) });
    expectRun(await sandbox().engine.up("dev")).failsSaying(/Has SHA-256 [0-9a-f]{64}, not 0{64}/);
    assert.deepEqual(await names(), ["gatewayclasses"]);
    const { items } = await sandbox().client.core.listNamespacedSecret({
      ...inSystem,
      labelSelector: "owner=helm",
    });
    assert.deepEqual(items, []);
  });

  it("come from an address, and survive an engine that is killed between two of them", async () => {
    configure(fromUrl());
    const running = sandbox().engine.startUp("dev");
    const begun = async (): Promise<boolean> => {
      while ((await names()).length < 3) await sleep(10);
      return true;
    };
    assert.ok(await Promise.race([begun(), running.done.then(() => false)]), running.output());
    running.kill();
    await running.done;
    assert.ok((await names()).length < required.length, "too late: all of them were there");
    expectRun(await sandbox().engine.run(["cancel", "--yes", "--stack", "dev"])).succeeds();
  });

  it("come from a folder, and are all served before Cilium's operator is there", async () => {
    const looking = watch(async () => {
      if (!(await operator())) return;
      const served = (await crds()).filter(({ bundle }) => bundle === "1.6.1").map(({ plural }) => plural);
      assert.deepEqual(served.sort(), [...required].sort());
    });
    configure(fromFolder());
    expectRun(await sandbox().engine.up("dev")).succeeds();
    await looking.stop();
    assert.ok(await operator());
    for (const { plural, stack: owner } of await crds()) assert.equal(owner, stack, plural);
    expectRun(await sandbox().engine.preview("dev", "--expect-no-changes")).succeeds();
  });

  it("let the chart make its GatewayClass, and users their Gateways", async () => {
    const { custom } = sandbox().client;
    const found = (await custom.getClusterCustomObject({
      group: gatewayGroup,
      version: "v1",
      plural: "gatewayclasses",
      name: "cilium",
    })) as { spec: { controllerName: string } };
    assert.equal(found.spec.controllerName, "io.cilium/gateway-controller");
    const gateway = {
      apiVersion: `${gatewayGroup}/v1`,
      kind: "Gateway",
      metadata: { name: "theirs" },
      spec: {
        gatewayClassName: "cilium",
        listeners: [{ name: "http", port: 80, protocol: "HTTP" }],
      },
    };
    await custom.createNamespacedCustomObject({ ...gateways, body: gateway });
  });

  it("come back where somebody has deleted one", async () => {
    await sandbox().client.extensions.deleteCustomResourceDefinition({ name: crdName("tlsroutes") });
    expectRun(await sandbox().engine.up("dev")).succeeds();
    assert.deepEqual(await names(), [...required].sort());
    expectRun(await sandbox().engine.preview("dev", "--expect-no-changes")).succeeds();
  });

  it("stay when the stack goes, with all Gateways, and that is said", async () => {
    const run = await sandbox().engine.destroy("dev");
    expectRun(run).succeeds();
    assert.match(run.output, /onDestroy\s*: "the CRDs stay, and with them everybody's Gateways and routes"/);
    assert.deepEqual(await names(), [...required].sort());
    const { items } = (await sandbox().client.custom.listNamespacedCustomObject(gateways)) as {
      items: { metadata: { name: string } }[];
    };
    assert.deepEqual(
      items.map(({ metadata }) => metadata.name),
      ["theirs"],
    );
  });

  it("are used as they are where somebody else has newer ones", async () => {
    for (const plural of required) {
      const annotations = { [`${gatewayGroup}/bundle-version`]: "v1.7.0" };
      await change(plural, { labels: { [stackLabel]: null }, annotations });
    }
    configure(fromFolder());
    const run = await sandbox().engine.preview("dev");
    expectRun(run).succeeds();
    assert.match(run.output, /backendtlspolicies are of Gateway API 1\.7\.0/);
    assert.doesNotMatch(run.output, /gateway-api-crds/);
    assert.match(run.output, /helm\.sh\/v3:Release/);
  });
});

const gateways = { group: gatewayGroup, version: "v1", plural: "gateways", namespace: "default" };
