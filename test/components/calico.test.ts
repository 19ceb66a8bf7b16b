import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { settingsOf } from "../support/settings.ts";

interface Made {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

/** What the component declares. */
async function made(calico: object, createNamespace = true): Promise<Made[]> {
  const all: Made[] = [];
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      all.push({ type, name, inputs: inputs as Record<string, unknown> });
      return { id: name, state: inputs as object };
    },
    call: () => ({}),
  });
  // The SDK binds to the mocks that stand when it is loaded.
  const { Calico } = await import("../../components/calico.ts");
  const settings = settingsOf({ datapath: "calico", calico }).calico;
  await pulumi.runtime.runInPulumiStack(async () => {
    const { urn } = new Calico("calico", {
      settings,
      values: { apiServer: { enabled: false } },
      createNamespace,
      production: false,
      labels: { "cluster-network/stack": "cluster-network.dev" },
      released: false,
      clusterUid: "uid",
    });
    await new Promise((resolve) => urn.apply(resolve));
  });
  await pulumi.runtime.disconnect();
  return all;
}

const of = (all: readonly Made[], type: string): Record<string, unknown>[] =>
  all.filter((one) => one.type === type).map(({ inputs }) => inputs);

describe("Calico", () => {
  it("releases the operator's chart with the values that were planned", async () => {
    const [release] = of(await made({}), "kubernetes:helm.sh/v3:Release");
    const { name, namespace, chart, version, repositoryOpts, values } = release ?? {};
    assert.deepEqual(
      { name, namespace, chart, version, repositoryOpts, values },
      {
        name: "calico",
        namespace: "tigera-operator",
        chart: "tigera-operator",
        version: "v3.31.7",
        repositoryOpts: { repo: "https://docs.tigera.io/calico/charts" },
        values: { apiServer: { enabled: false } },
      },
    );
  });

  it("comes from where the settings say", async () => {
    const [release] = of(
      await made({ chart: { oci: "oci://registry.example/tigera-operator" } }),
      "kubernetes:helm.sh/v3:Release",
    );
    assert.deepEqual(
      [release?.chart, release?.repositoryOpts],
      ["oci://registry.example/tigera-operator", undefined],
    );
  });

  it("declares the operator's namespace only where it was not there before", async () => {
    assert.equal(of(await made({}), "kubernetes:core/v1:Namespace").length, 1);
    assert.deepEqual(of(await made({}, false), "kubernetes:core/v1:Namespace"), []);
  });

  it("notes which chart it releases, and nothing that an upgrade of Cilium would go by", async () => {
    const [note] = of(await made({ version: "v3.30.7" }), "kubernetes:core/v1:ConfigMap");
    assert.deepEqual(note?.data, { chart: "tigera-operator v3.30.7" });
  });

  it("waits for Calico as long as for the release", async () => {
    const commands = of(await made({ timeoutSeconds: 77 }), "command:local:Command");
    const environments = commands.map(({ environment }) => environment as Record<string, string>);
    assert.deepEqual(
      environments.flatMap(({ DATAPATH, TIMEOUT_SECONDS }) =>
        DATAPATH === undefined ? [] : [[DATAPATH, TIMEOUT_SECONDS]],
      ),
      [["calico", "77"]],
    );
  });

  it("has children named as Cilium's, in whose place they come when the datapath is exchanged", async () => {
    const names = (all: readonly Made[]): string[] => all.map(({ name }) => name);
    const found = names(await made({}));
    for (const name of ["calico", "calico-record", "calico-agents-ready"])
      assert.ok(found.includes(name), name);
  });
});
