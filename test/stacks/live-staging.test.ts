import assert from "node:assert/strict";
import { asksWhatPoliciesSay, readObservedServices, readPolicyObjects } from "../../stacks/live-staging.ts";
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

describe("asksWhatPoliciesSay()", () => {
  const content = { chartVersion: "1.20.2", values: { policyAuditMode: true } };
  const release = { secret: "s", revision: 1, status: "deployed", content };
  const cases: [title: string, raw: object, deployed: object, expected: boolean][] = [
    [
      "not where namespaces are enforced by their own policies",
      { namespaces: [{ name: "shop" }] },
      {},
      false,
    ],
    ["of an observed namespace", { namespaces: [{ name: "shop", stage: "observe" }] }, {}, true],
    ["of a policy of the whole cluster", { policies: { baseline: "cluster-wide" } }, {}, true],
    ["where an audit may end", { namespaces: [{ name: "shop" }] }, { release }, true],
  ];
  for (const [title, raw, deployed, expected] of cases) {
    it(title, () => assert.equal(asksWhatPoliciesSay(settingsOf(raw), deployed), expected));
  }
});
