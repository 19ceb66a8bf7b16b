import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { GatewayApiPlan } from "../../../model/gateway-api/judge.ts";

const plan: GatewayApiPlan = {
  bundle: "1.6.1",
  required: { gateways: "v1" },
  experimental: [],
  applied: "17",
  complete: false,
};

/** Environment of the script that the component declares. */
async function environmentOf(crds: object, over: Partial<GatewayApiPlan> = {}): Promise<object> {
  const declared: { environment: object }[] = [];
  await pulumi.runtime.setMocks({
    newResource: (args) => {
      if (args.type === "command:local:Command") declared.push(args.inputs as { environment: object });
      return { id: args.name, state: args.inputs as object };
    },
    call: () => ({}),
  });
  // The SDK binds to the mocks that stand when it is loaded.
  const { GatewayApi } = await import("../../../components/gateway-api/gateway-api.ts");
  await pulumi.runtime.runInPulumiStack(async () => {
    const { urn } = new GatewayApi("gateway-api", {
      plan: { ...plan, ...over },
      crds: { existing: false, ...crds },
      labels: { ours: "yes" },
      clusterUid: "uid",
    });
    await new Promise((resolve) => urn.apply(resolve));
  });
  await pulumi.runtime.disconnect();
  assert.equal(declared.length, 1);
  return declared[0]?.environment ?? {};
}

describe("GatewayApi", () => {
  it("tells the script what to apply, and not whether it is there already", async () => {
    const [first, second] = [await environmentOf({}), await environmentOf({}, { complete: true })];
    assert.deepEqual(first, {
      CLUSTER_UID: "uid",
      GATEWAY_API: '{"bundle":"1.6.1","required":{"gateways":"v1"},"experimental":[],"applied":"17"}',
      OBJECT_LABELS: '{"ours":"yes"}',
      NODE_USE_ENV_PROXY: "1",
    });
    assert.deepEqual(second, first);
  });

  it("names the mirror and its digest", async () => {
    const url = "https://mirror.example/crds.yaml";
    const environment = { ...(await environmentOf({ url, sha256: "00" })) };
    assert.deepEqual(environment, { ...environment, CRD_URL: url, CRD_SHA256: "00" });
  });

  it("runs again for other files at the same path", async () => {
    const folder = mkdtempSync(join(tmpdir(), "crds-"));
    const withContent = async (text: string) => {
      writeFileSync(join(folder, "crds.yaml"), text);
      return (await environmentOf({ path: folder })) as { CRD_PATH?: string; CRD_CONTENT?: string };
    };
    const [one, other] = [await withContent("a: 1"), await withContent("a: 2")];
    rmSync(folder, { recursive: true });
    assert.equal(one.CRD_PATH, folder);
    assert.notEqual(one.CRD_CONTENT, other.CRD_CONTENT);
  });
});
