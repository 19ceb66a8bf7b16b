import assert from "node:assert/strict";
import { readObservedServices, readPolicyObjects } from "../../stacks/live-staging.ts";
import { settingsOf } from "../support/settings.ts";

/** A cluster that answers these paths, and no other. */
const cluster = (answers: Readonly<Record<string, readonly object[] | null>>) => ({
  get: <T>(path: string): Promise<T | undefined> =>
    Promise.resolve((path in answers ? { items: answers[path] } : undefined) as T | undefined),
});

describe("readPolicyObjects()", () => {
  it("says of each what it is, and reads none of kinds that the cluster does not know", async () => {
    const metadata = { name: "deny", namespace: "shop" };
    const found = await readPolicyObjects(
      cluster({
        "/apis/networking.k8s.io/v1/networkpolicies": [{ metadata }],
        "/apis/cilium.io/v2/ciliumnetworkpolicies": [{ metadata }],
        "/apis/cilium.io/v2/ciliumclusterwidenetworkpolicies": null,
      }),
    );
    assert.deepEqual(found, [
      { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata },
      { apiVersion: "cilium.io/v2", kind: "CiliumNetworkPolicy", metadata },
    ]);
  });
});

describe("readObservedServices()", () => {
  it("reads where the Services of observed namespaces lead", async () => {
    const service = {
      metadata: { name: "api", namespace: "shop" },
      spec: {
        selector: { app: "api" },
        ports: [
          { port: 80, targetPort: "http" },
          { port: 53, protocol: "UDP" },
        ],
      },
    };
    const settings = settingsOf({ namespaces: [{ name: "shop", stage: "observe" }, { name: "lab" }] });
    const found = await readObservedServices(
      cluster({ "/api/v1/namespaces/shop/services": [service] }),
      settings,
    );
    assert.deepEqual(found, [
      {
        namespace: "shop",
        name: "api",
        selector: { app: "api" },
        ports: [
          { port: 80, targetPort: "http", protocol: "TCP" },
          { port: 53, targetPort: 53, protocol: "UDP" },
        ],
      },
    ]);
  });
});
