import assert from "node:assert/strict";
import { policiesOf } from "../../support/policies.ts";

const shop = {
  name: "shop",
  workloads: [
    { name: "web", ports: { http: 8080 }, serviceAccount: "web" },
    { name: "db", ports: { sql: 5432 } },
  ],
};
const withFlows = (flows: unknown[], over: object = {}, facts = {}) =>
  policiesOf({ ...over, namespaces: [{ ...shop, flows }] }, facts);
const cilium = { policies: { dialect: "cilium" } };

const namespace = "k8s:io.kubernetes.pod.namespace";
const account = "k8s:io.cilium.k8s.policy.serviceaccount";
const web = { "app.kubernetes.io/name": "web", [account]: "web" };
const db = { "app.kubernetes.io/name": "db" };
const inShop = (labels: object) => ({ matchLabels: { ...labels, [namespace]: "shop" } });
const tcp = (...ports: number[]) => [
  { ports: ports.map((port) => ({ port: String(port), protocol: "TCP" })) },
];
const dnsPorts = {
  ports: [
    { port: "53", protocol: "UDP" },
    { port: "53", protocol: "TCP" },
  ],
};
const inSystem = (app: string) => ({ matchLabels: { [namespace]: "kube-system", "k8s:k8s-app": app } });
const dns = { toEndpoints: [inSystem("kube-dns")], toPorts: [dnsPorts] };
const seenDns = { ...dns, toPorts: [{ ...dnsPorts, rules: { dns: [{ matchPattern: "*" }] } }] };

describe("policies in Cilium's dialect", () => {
  const policies = withFlows(["web -> db:sql"], cilium);

  it("are CiliumNetworkPolicies all", () => {
    assert.deepEqual([...new Set([...policies.values()].map(({ kind }) => kind))], ["CiliumNetworkPolicy"]);
  });

  it("have both sides of a flow, and the accounts that pods run under", () => {
    assert.deepEqual(policies.get("shop/allow-web")?.spec, {
      endpointSelector: { matchLabels: web },
      egress: [{ toEndpoints: [inShop(db)], toPorts: tcp(5432) }, dns],
    });
    assert.deepEqual(policies.get("shop/allow-db")?.spec, {
      endpointSelector: { matchLabels: db },
      ingress: [{ fromEndpoints: [inShop(web)], toPorts: tcp(5432) }],
    });
  });

  it("deny by allowing nothing, never by ingressDeny, and say so where the chart can", () => {
    assert.deepEqual(policies.get("shop/default-deny-all")?.spec, {
      endpointSelector: {},
      enableDefaultDeny: { ingress: true, egress: true },
      ingress: [{}],
      egress: [{}],
    });
    const old = withFlows([], { ...cilium, cilium: { version: "1.15.19" } });
    assert.deepEqual(old.get("shop/default-deny-all")?.spec, {
      endpointSelector: {},
      ingress: [{}],
      egress: [{}],
    });
  });

  it("let every pod resolve names", () => {
    assert.deepEqual(policies.get("shop/allow-dns")?.spec, { endpointSelector: {}, egress: [dns] });
  });

  it("mean pods of any namespace where every pod of the cluster is meant", () => {
    const { spec } = withFlows(["* -> db:sql"], cilium).get("shop/allow-db") ?? {};
    assert.deepEqual(spec?.ingress, [
      {
        fromEndpoints: [{ matchExpressions: [{ key: namespace, operator: "Exists" }] }],
        toPorts: tcp(5432),
      },
    ]);
  });

  it("keep to the ports that a list may have", () => {
    const flows = Array.from({ length: 50 }, (_, i) => `db -> 203.0.113.0/24:${1000 + i}`);
    const [rule] = withFlows(flows, cilium).get("shop/allow-db")?.spec.egress ?? [];
    assert.deepEqual(
      (rule?.toPorts as { ports: unknown[] }[]).map(({ ports }) => ports.length),
      [40, 10],
    );
  });
});

describe("flows that only Cilium can enforce", () => {
  const policyOf = (flow: unknown, over: object = {}, facts = {}) =>
    withFlows([flow, "web -> db:sql"], over, facts).get("shop/allow-web");
  /** All that web may, but for the flow to db. */
  const egress = (flow: unknown, over: object = {}, facts = {}) => {
    const { kind, spec } = policyOf(flow, over, facts) ?? {};
    assert.equal(kind, "CiliumNetworkPolicy");
    return (spec?.egress ?? []).filter((rule) => !JSON.stringify(rule).includes("5432"));
  };

  it("make the policies of their workloads Cilium's, with all other flows in them, and no others", () => {
    const policies = withFlows(["web -> api.stripe.com:443", "web -> db:sql"]);
    const kinds = Object.fromEntries([...policies].map(([name, { kind }]) => [name, kind]));
    assert.deepEqual(kinds, {
      "shop/allow-dns": "NetworkPolicy",
      "shop/allow-db": "NetworkPolicy",
      "shop/allow-web": "CiliumNetworkPolicy",
      "shop/default-deny-all": "NetworkPolicy",
    });
    assert.equal(policies.get("shop/allow-web")?.spec.egress?.length, 3);
  });

  it("are names, whose answers Cilium's proxy has to see", () => {
    assert.deepEqual(egress("web -> api.stripe.com:443"), [
      { toFQDNs: [{ matchName: "api.stripe.com" }], toPorts: tcp(443) },
      seenDns,
    ]);
    assert.deepEqual(egress("web -> *.example.com:443")[0], {
      toFQDNs: [{ matchPattern: "*.example.com" }],
      toPorts: tcp(443),
    });
  });

  it("are the API server and nodes", () => {
    assert.deepEqual(egress("web -> api-server")[0], { toEntities: ["kube-apiserver"], toPorts: tcp(6443) });
    assert.deepEqual(egress("web -> nodes:9100")[0], {
      toEntities: ["host", "remote-node"],
      toPorts: tcp(9100),
    });
    assert.deepEqual(policyOf("api-server -> web:http")?.spec.ingress, [
      { fromEntities: ["kube-apiserver", "remote-node"], toPorts: tcp(8080) },
    ]);
  });

  it("are its own Ingress and Gateways", () => {
    const over = { cilium: { ingressController: { enabled: true } } };
    assert.deepEqual(policyOf("ingress-controller -> web:http", over)?.spec.ingress, [
      { fromEntities: ["ingress"], toPorts: tcp(8080) },
    ]);
  });

  it("are requests, which the end that answers reads", () => {
    const http = [{ path: "/v1/.*", method: "GET" }];
    const policies = withFlows([
      { from: "db", to: "web", port: "http", http },
      { from: "db", to: "203.0.113.0/24", port: 80, http },
    ]);
    const [rules] = tcp(8080);
    const read = [{ method: "GET", path: "/v1/.*" }];
    assert.deepEqual(policies.get("shop/allow-web")?.spec.ingress, [
      { fromEndpoints: [inShop(db)], toPorts: [{ ...rules, rules: { http: read } }] },
    ]);
    assert.deepEqual(policies.get("shop/allow-db")?.spec.egress?.slice(0, 2), [
      { toCIDRSet: [{ cidr: "203.0.113.0/24" }], toPorts: [{ ...tcp(80)[0], rules: { http: read } }] },
      { toEndpoints: [inShop(web)], toPorts: tcp(8080) },
    ]);
  });

  it("are DNS from a cache on the node, which is the host and may be a pod", () => {
    const policies = withFlows(["web -> db:sql"], {}, { nodeLocalDns: ["169.254.20.10", "10.96.0.10"] });
    const toPorts = [dnsPorts];
    const expected = [
      { toEndpoints: [inSystem("kube-dns"), inSystem("node-local-dns")], toPorts },
      { toEntities: ["host", "remote-node"], toPorts },
      { toCIDR: ["169.254.20.10/32", "10.96.0.10/32"], toPorts },
    ];
    assert.deepEqual(policies.get("shop/allow-dns")?.spec.egress, expected);
    assert.deepEqual(policies.get("shop/allow-web")?.spec.egress?.slice(1), expected);
    assert.equal(policies.get("shop/allow-db")?.kind, "NetworkPolicy");
  });
});

describe("the cluster-wide baseline", () => {
  const policies = policiesOf({
    policies: { baseline: "cluster-wide" },
    namespaces: [{ ...shop, flows: ["web -> db:sql"] }, { name: "lab" }],
  });

  it("is one policy instead of two in each namespace", () => {
    assert.deepEqual([...policies.keys()], ["shop/allow-db", "shop/allow-web", "default-deny-all"]);
    const { kind, stage, spec } = policies.get("default-deny-all") ?? {};
    assert.deepEqual([kind, stage], ["CiliumClusterwideNetworkPolicy", "deny"]);
    assert.deepEqual(spec, {
      endpointSelector: { matchExpressions: [{ key: namespace, operator: "In", values: ["lab", "shop"] }] },
      enableDefaultDeny: { ingress: true, egress: true },
      ingress: [{}],
      egress: [dns],
    });
  });

  it("is none without namespaces", () => {
    assert.equal(policiesOf({ policies: { baseline: "cluster-wide" } }).size, 0);
  });
});
