import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { CiliumSettings } from "../../model/settings.ts";
import { settingsOf } from "../support/settings.ts";

const values = { operator: { replicas: 2 } };

/** Inputs of what the component declares of a type. */
async function inputsOf(type: string, cilium: object): Promise<Record<string, unknown>> {
  const inputs: Record<string, unknown>[] = [];
  await pulumi.runtime.setMocks({
    newResource: (args) => {
      if (args.type === type) inputs.push(args.inputs as Record<string, unknown>);
      return { id: args.name, state: args.inputs as object };
    },
    call: () => ({}),
  });
  // The SDK binds to the mocks that stand when it is loaded.
  const { Cilium } = await import("../../components/cilium.ts");
  const settings: CiliumSettings = settingsOf({ cilium }).cilium;
  await pulumi.runtime.runInPulumiStack(async () => {
    const { urn } = new Cilium("cilium", {
      settings,
      values,
      firstInstalled: "1.19.4",
      production: true,
      labels: {},
      released: false,
      clusterUid: "uid",
    });
    await new Promise((resolve) => urn.apply(resolve));
  });
  await pulumi.runtime.disconnect();
  const [first] = inputs;
  assert.ok(first);
  return first;
}

const releaseOf = (cilium: object) => inputsOf("kubernetes:helm.sh/v3:Release", cilium);

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

  it("gives the chart the values that were planned", async () => {
    assert.deepEqual((await releaseOf({})).values, values);
  });

  it("notes which chart it releases, and which one the cluster began with", async () => {
    const { data } = await inputsOf("kubernetes:core/v1:ConfigMap", { version: "1.20.1" });
    assert.deepEqual(data, { chart: "cilium 1.20.1", firstInstalled: "1.19.4" });
  });
});
