import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { CiliumSettings } from "../../model/settings.ts";
import { settingsOf } from "../support/settings.ts";

/** Inputs of the release that the component declares. */
async function releaseOf(cilium: object): Promise<Record<string, unknown>> {
  const inputs: Record<string, unknown>[] = [];
  await pulumi.runtime.setMocks({
    newResource: (args) => {
      if (args.type === "kubernetes:helm.sh/v3:Release") inputs.push(args.inputs as Record<string, unknown>);
      return { id: args.name, state: args.inputs as object };
    },
    call: () => ({}),
  });
  // The SDK binds to the mocks that stand when it is loaded.
  const { Cilium } = await import("../../components/cilium.ts");
  const settings: CiliumSettings = settingsOf({ cilium }).cilium;
  const apiServer = { host: "10.0.0.10", port: 6443 };
  await pulumi.runtime.runInPulumiStack(async () => {
    const { urn } = new Cilium("cilium", {
      settings,
      apiServer,
      nodes: 3,
      production: true,
      labels: {},
      released: false,
    });
    await new Promise((resolve) => urn.apply(resolve));
  });
  await pulumi.runtime.disconnect();
  const [release] = inputs;
  assert.ok(release);
  return release;
}

describe("Cilium", () => {
  it("comes from Cilium's official repository unless told otherwise", async () => {
    const { chart, version, repositoryOpts } = await releaseOf({});
    assert.deepEqual(
      { chart, version, repositoryOpts },
      { chart: "cilium", version: "1.20.2", repositoryOpts: { repo: "https://helm.cilium.io" } },
    );
  });

  it("comes from another repository", async () => {
    const { chart, repositoryOpts } = await releaseOf({
      chart: { repository: "https://charts.example/mirror" },
    });
    assert.deepEqual(
      { chart, repositoryOpts },
      { chart: "cilium", repositoryOpts: { repo: "https://charts.example/mirror" } },
    );
  });

  it("comes from a registry", async () => {
    const { chart, version, repositoryOpts } = await releaseOf({
      chart: { oci: "oci://registry.example/cilium" },
    });
    assert.deepEqual(
      { chart, version, repositoryOpts },
      {
        chart: "oci://registry.example/cilium",
        version: "1.20.2",
        repositoryOpts: undefined,
      },
    );
  });

  it("comes from a folder, whose own version counts", async () => {
    const { chart, version } = await releaseOf({ chart: { path: "./charts/cilium" } });
    assert.deepEqual({ chart, version }, { chart: "./charts/cilium", version: undefined });
  });

  it("runs two operators in production", async () => {
    const { values } = (await releaseOf({})) as { values: { operator: unknown } };
    assert.deepEqual(values.operator, { replicas: 2 });
  });
});
