import assert from "node:assert/strict";
import { resolveFlows } from "../../../model/policies/flows.ts";
import { networkPolicies, type Policy } from "../../../model/policies/policies.ts";
import { complaints, minimal, settingsOf } from "../../support/settings.ts";

const shop = {
  name: "shop",
  workloads: [
    { name: "api-gateway", ports: { http: 8080 } },
    { name: "api-backend", ports: { http: 8080 } },
    { name: "postgres", ports: { postgres: 5432 }, labels: { app: "pg" } },
  ],
  flows: [
    { from: "api-gateway", to: "api-backend", port: "http" },
    { from: "api-backend", to: "postgres", port: 5432 },
  ],
};
/** A policy with a spec that can be looked into. */
type Seen = Policy & { readonly spec: { readonly ingress?: object[]; readonly egress?: object[] } };
const policiesOf = (...namespaces: object[]): Map<string, Seen> => {
  const settings = settingsOf({ namespaces });
  const policies = networkPolicies(settings, resolveFlows(settings).flows);
  return new Map(policies.map((policy) => [`${policy.namespace}/${policy.name}`, policy]));
};
const pods = (namespace: string, labels: Record<string, string>) => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
  podSelector: { matchLabels: labels },
});
const dns = {
  to: [pods("kube-system", { "k8s-app": "kube-dns" })],
  ports: [
    { protocol: "UDP", port: 53 },
    { protocol: "TCP", port: 53 },
  ],
};
const named = (name: string) => ({ "app.kubernetes.io/name": name });

describe("networkPolicies()", () => {
  it("denies both directions in every namespace, also in one without flows", () => {
    const policies = policiesOf(shop, { name: "empty" });
    for (const namespace of ["shop", "empty"]) {
      assert.deepEqual(policies.get(`${namespace}/default-deny-all`)?.spec, {
        podSelector: {},
        policyTypes: ["Ingress", "Egress"],
      });
    }
  });

  it("lets every pod resolve names by UDP and by TCP", () => {
    assert.deepEqual(policiesOf(shop).get("shop/allow-dns")?.spec, {
      podSelector: {},
      policyTypes: ["Egress"],
      egress: [dns],
    });
  });

  it("writes both sides of a flow: egress where it starts, ingress where it ends", () => {
    const policies = policiesOf(shop);
    const http = [{ protocol: "TCP", port: 8080 }];
    const sql = [{ protocol: "TCP", port: 5432 }];
    assert.deepEqual(policies.get("shop/allow-api-gateway")?.spec, {
      podSelector: { matchLabels: named("api-gateway") },
      policyTypes: ["Egress"],
      egress: [{ to: [pods("shop", named("api-backend"))], ports: http }, dns],
    });
    assert.deepEqual(policies.get("shop/allow-api-backend")?.spec, {
      podSelector: { matchLabels: named("api-backend") },
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [pods("shop", named("api-gateway"))], ports: http }],
      egress: [{ to: [pods("shop", { app: "pg" })], ports: sql }, dns],
    });
    assert.deepEqual(policies.get("shop/allow-postgres")?.spec, {
      podSelector: { matchLabels: { app: "pg" } },
      policyTypes: ["Ingress"],
      ingress: [{ from: [pods("shop", named("api-backend"))], ports: sql }],
    });
  });

  it("crosses namespaces, with one policy in each", () => {
    const policies = policiesOf(shop, {
      name: "payments",
      workloads: [{ name: "ledger", ports: { grpc: { port: 9000, protocol: "UDP" } } }],
      flows: [{ from: "shop/api-backend", to: "ledger", port: "grpc" }],
    });
    const udp = [{ protocol: "UDP", port: 9000 }];
    assert.deepEqual(policies.get("payments/allow-ledger")?.spec.ingress, [
      { from: [pods("shop", named("api-backend"))], ports: udp },
    ]);
    assert.deepEqual(policies.get("shop/allow-api-backend")?.spec.egress?.at(-2), {
      to: [pods("payments", named("ledger"))],
      ports: udp,
    });
  });

  it("writes one policy per workload, however many flows it has", () => {
    assert.equal(policiesOf(shop).size, 2 + 3);
  });

  it("says why each exists", () => {
    assert.equal(
      policiesOf(shop).get("shop/allow-api-backend")?.because,
      "Declared flows of api-backend: from api-gateway on TCP 8080, to postgres on TCP 5432",
    );
  });
});

describe("resolveFlows()", () => {
  const with_ = (flow: object): object => ({ ...minimal, namespaces: [{ ...shop, flows: [flow] }] });
  const cases: [title: string, flow: object, complaint: string][] = [
    [
      "an unknown workload",
      { from: "api-gatway", to: "postgres", port: "postgres" },
      "namespaces[0].flows[0].from: No workload shop/api-gatway is declared: did you mean shop/api-gateway?",
    ],
    [
      "an unknown port name",
      { from: "api-backend", to: "postgres", port: "postgre" },
      "namespaces[0].flows[0].port: shop/postgres has no port postgre: did you mean postgres?",
    ],
    [
      "a port number that is not declared",
      { from: "api-backend", to: "postgres", port: 5433 },
      "namespaces[0].flows[0].port: shop/postgres has no port 5433: use one of postgres",
    ],
  ];
  for (const [title, flow, complaint] of cases) {
    it(`refuses ${title}`, () => assert.deepEqual(complaints(with_(flow)), [complaint]));
  }
});
