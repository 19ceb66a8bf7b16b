import assert from "node:assert/strict";
import { policiesOf as policiesFrom, type SeenPolicy } from "../../support/policies.ts";

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
const policiesOf = (...namespaces: object[]): Map<string, SeenPolicy> => policiesFrom({ namespaces });
/** Of a shop with other flows, and of somebody whom the stack knows nothing of. */
const withFlows = (...flows: unknown[]): Map<string, SeenPolicy> => policiesOf({ ...shop, flows });

const pods = (namespace: string, labels: Record<string, string>) => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
  podSelector: { matchLabels: labels },
});
const every = (namespace: string) => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
});
const tcp = (...ports: number[]) => ports.map((port) => ({ protocol: "TCP", port }));
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
    assert.deepEqual(policies.get("shop/allow-api-gateway")?.spec, {
      podSelector: { matchLabels: named("api-gateway") },
      policyTypes: ["Egress"],
      egress: [{ to: [pods("shop", named("api-backend"))], ports: tcp(8080) }, dns],
    });
    assert.deepEqual(policies.get("shop/allow-api-backend")?.spec, {
      podSelector: { matchLabels: named("api-backend") },
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [pods("shop", named("api-gateway"))], ports: tcp(8080) }],
      egress: [{ to: [pods("shop", { app: "pg" })], ports: tcp(5432) }, dns],
    });
    assert.deepEqual(policies.get("shop/allow-postgres")?.spec, {
      podSelector: { matchLabels: { app: "pg" } },
      policyTypes: ["Ingress"],
      ingress: [{ from: [pods("shop", named("api-backend"))], ports: tcp(5432) }],
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

  it("writes one rule per set of ports, with all that may use it", () => {
    const policies = withFlows(
      "api-gateway -> postgres:postgres",
      "api-backend -> postgres:postgres",
      "lab/* -> postgres:postgres",
    );
    assert.deepEqual(policies.get("shop/allow-postgres")?.spec.ingress, [
      {
        from: [every("lab"), pods("shop", named("api-backend")), pods("shop", named("api-gateway"))],
        ports: tcp(5432),
      },
    ]);
  });

  it("lets a workload talk to itself", () => {
    const { spec } = withFlows("postgres -> postgres:postgres").get("shop/allow-postgres") ?? {};
    assert.deepEqual(spec?.ingress, [{ from: [pods("shop", { app: "pg" })], ports: tcp(5432) }]);
    assert.deepEqual(spec.egress, [{ to: [pods("shop", { app: "pg" })], ports: tcp(5432) }, dns]);
  });

  it("knows every port, ranges, and that every port holds all others", () => {
    const egress = (...flows: unknown[]) =>
      withFlows(...flows)
        .get("shop/allow-api-backend")
        ?.spec.egress?.slice(0, -1);
    const address = { to: [{ ipBlock: { cidr: "203.0.113.0/24" } }] };
    const to = "api-backend -> 203.0.113.0/24";
    assert.deepEqual(egress(`${to}:8000-8100`), [
      { ...address, ports: [{ protocol: "TCP", port: 8000, endPort: 8100 }] },
    ]);
    assert.deepEqual(egress(`${to}:443`, `${to}:any`), [address]);
  });

  it("gives an outsider's flow the side that is ours", () => {
    const policies = withFlows("monitoring -> api-backend:http");
    assert.deepEqual(policies.get("shop/allow-api-backend")?.spec.ingress, [
      { from: [pods("monitoring", named("prometheus"))], ports: tcp(8080) },
    ]);
    assert.deepEqual(
      [...policies.keys()],
      ["shop/allow-dns", "shop/allow-api-backend", "shop/default-deny-all"],
    );
  });

  it("says why each exists, and what it is of", () => {
    const policy = policiesOf(shop).get("shop/allow-api-backend");
    assert.equal(
      policy?.because,
      "Declared flows of api-backend: from api-gateway on TCP 8080, to postgres on TCP 5432",
    );
    assert.equal(policy.workload, "api-backend");
  });

  it("says how many flows there are where nobody would read all of them", () => {
    const workloads = Array.from({ length: 300 }, (_, i) => ({ name: `client-${i}` }));
    const flows = workloads.map(({ name }) => `${name} -> postgres:postgres`);
    const policies = policiesOf({ ...shop, workloads: [...shop.workloads, ...workloads], flows });
    const { because = "" } = policies.get("shop/allow-postgres") ?? {};
    assert.match(because, /from client-0 on TCP 5432, .* and 280 more$/);
    assert.ok(because.length < 2100);
  });
});

describe("flows of every pod of a namespace", () => {
  const internal = policiesOf(
    { ...shop, flows: [...shop.flows, "shop/* -> lab/agent:main"] },
    { name: "lab", workloads: [{ name: "agent", ports: { main: 9999 } }] },
  );
  const rule = { to: [pods("lab", named("agent"))], ports: tcp(9999) };

  it("are a policy of their own, which holds DNS, too", () => {
    const policy = internal.get("shop/allow-all-pods");
    assert.deepEqual(policy?.spec, { podSelector: {}, policyTypes: ["Egress"], egress: [rule, dns] });
    assert.equal(policy.stage, "all-pods");
  });

  it("are in each workload's policy that isolates for that direction, which comes before it", () => {
    assert.deepEqual(internal.get("shop/allow-api-gateway")?.spec.egress?.[1], rule);
    assert.ok(!("egress" in (internal.get("shop/allow-postgres")?.spec ?? {})));
    assert.match(internal.get("shop/allow-api-gateway")?.because ?? "", /; with what every pod of shop may$/);
  });

  it("are one rule at the other end", () => {
    assert.deepEqual(internal.get("lab/allow-agent")?.spec.ingress, [
      { from: [every("shop")], ports: tcp(9999) },
    ]);
  });

  it("reach every declared namespace where they are the cluster's", () => {
    const policies = policiesOf({ ...shop, flows: ["* -> postgres:postgres"] }, { name: "lab" });
    assert.deepEqual(policies.get("shop/allow-postgres")?.spec.ingress, [
      { from: [{ namespaceSelector: {} }], ports: tcp(5432) },
    ]);
    for (const namespace of ["shop", "lab"]) {
      assert.deepEqual(policies.get(`${namespace}/allow-all-pods`)?.spec.egress, [
        { to: [pods("shop", { app: "pg" })], ports: tcp(5432) },
        dns,
      ]);
    }
  });
});

describe("the API server, nodes and NodeLocal DNSCache where Cilium does not enforce", () => {
  const raw = (...flows: unknown[]) => ({
    datapath: "calico",
    cluster: { name: "test", nodes: 3, nodeCidr: "192.168.0.0/24" },
    namespaces: [{ ...shop, flows }],
  });
  const block = (cidr: string) => ({ ipBlock: { cidr } });

  it("are addresses", () => {
    const facts = { apiServer: { addresses: ["10.0.0.10", "fd00::10"], ports: [6443] } };
    const policies = policiesFrom(raw("api-backend -> api-server", "nodes -> api-backend:http"), facts);
    const { spec } = policies.get("shop/allow-api-backend") ?? {};
    assert.deepEqual(spec?.egress?.[0], {
      to: [block("10.0.0.10/32"), block("fd00::10/128")],
      ports: tcp(6443),
    });
    assert.deepEqual(spec.ingress, [{ from: [block("192.168.0.0/24")], ports: tcp(8080) }]);
  });

  it("answer DNS on each node, at both addresses", () => {
    const facts = { nodeLocalDns: ["169.254.20.10", "10.96.0.10"] };
    const policies = policiesFrom(raw("api-backend -> postgres:postgres"), facts);
    for (const name of ["allow-dns", "allow-api-backend"]) {
      assert.deepEqual(policies.get(`shop/${name}`)?.spec.egress?.at(-1), {
        ...dns,
        to: [...dns.to, block("169.254.20.10/32"), block("10.96.0.10/32")],
      });
    }
  });
});
