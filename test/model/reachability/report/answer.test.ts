import assert from "node:assert/strict";
import { pictureOf } from "../../../../model/reachability/report/picture.ts";
import { type Answer, answer } from "../../../../model/reachability/report/answer.ts";
import { readPolicies } from "../../../../model/reachability/read-policies.ts";
import { formatProblem } from "../../../../model/problem.ts";
import { inventoryOf } from "../../../support/manifests.ts";
import { shop } from "../../../support/shop.ts";

function ask(question: { from: string; to: string; port?: string }, text = shop): Answer {
  const found = answer(pictureOf(inventoryOf(text)), question);
  assert.ok(!("problems" in found), JSON.stringify(found));
  return found;
}
function refusal(question: { from: string; to: string; port?: string }, text = shop): string {
  const found = answer(pictureOf(inventoryOf(text)), question);
  assert.ok("problems" in found);
  return found.problems.map(formatProblem).join("\n");
}

describe("answer()", () => {
  it("says which rule of which policy lets a connection pass, on both sides", () => {
    const { verdict, findings } = ask({ from: "shop/api-gateway", to: "shop/api-backend", port: "8080" });
    assert.equal(verdict, "allowed");
    assert.deepEqual(
      findings.map(({ ports, egress, ingress }) => [ports, egress.allowedBy, ingress.allowedBy]),
      [
        [
          "TCP 8080",
          [{ policy: "NetworkPolicy shop/allow-api-gateway", path: "spec.egress[0]" }],
          [{ policy: "NetworkPolicy shop/allow-api-backend", path: "spec.ingress[0]" }],
        ],
      ],
    );
  });

  it("says which policies isolate where nothing lets it pass, and what to add: that would do", () => {
    const question = { from: "shop/api-gateway", to: "shop/postgres", port: "5432" };
    const { verdict, findings } = ask(question);
    const [finding] = findings;
    assert.equal(verdict, "denied");
    assert.deepEqual(finding?.egress.isolatedBy, [
      "NetworkPolicy shop/default-deny-all",
      "NetworkPolicy shop/allow-api-gateway",
    ]);
    assert.deepEqual(
      finding.additions.map(({ says }) => says),
      [
        "Let shop/api-gateway send to shop/postgres on TCP 5432",
        "Let shop/postgres receive from shop/api-gateway on TCP 5432",
      ],
    );
    const added = finding.additions.map(({ manifest }) => JSON.stringify(manifest));
    assert.equal(ask(question, [shop, ...added].join("\n---\n")).verdict, "allowed");
    assert.equal(ask(question, [shop, added[0]].join("\n---\n")).verdict, "denied");
  });

  it("answers without a port with all by which they reach each other", () => {
    const { verdict, findings } = ask({ from: "shop/api-backend", to: "kube-system/coredns" });
    assert.deepEqual([verdict, findings.map(({ ports }) => ports)], ["allowed", ["TCP 53", "UDP 53"]]);
    assert.equal(ask({ from: "shop/postgres", to: "shop/api-gateway" }).verdict, "denied");
  });

  it("takes a port by the name that the pods give it", () => {
    assert.equal(ask({ from: "shop/api-backend", to: "shop/postgres", port: "pg" }).verdict, "allowed");
    assert.match(
      refusal({ from: "shop/api-backend", to: "shop/postgres", port: "pgg" }),
      /^--port: shop\/postgres has no port called pgg: did you mean pg\?$/,
    );
  });

  it("tells the port of a Service from that of its pods", () => {
    const by = { from: "shop/api-gateway", to: "shop/api-backend" };
    const { verdict, notes } = ask({ ...by, port: "80" });
    assert.equal(verdict, "denied");
    assert.match(
      notes.join(),
      /^80 is a port of Service shop\/backend, which sends to port 8080 of shop\/api-backend; policies see that one: ask for --port 8080, or --to shop\/backend$/,
    );
    const service = ask({ from: "shop/api-gateway", to: "shop/backend", port: "80" });
    assert.equal(service.verdict, "allowed");
    assert.deepEqual(service.notes, [
      "Service shop/backend sends to shop/api-backend: policies see these pods",
      "Its port 80 is TCP 8080 of shop/api-backend",
    ]);
    assert.equal(ask({ from: "shop/api-gateway", to: "10.96.0.7", port: "80" }).verdict, "allowed");
    assert.match(
      refusal({ from: "shop/api-gateway", to: "shop/backend", port: "8081" }),
      /Service shop\/backend has no port 8081 that its pods answer: use one of 80/,
    );
  });

  it("is partly allowed where some of the pairs are, and keeps them apart", () => {
    const { verdict, findings } = ask({ from: "shop/*", to: "shop/postgres", port: "5432" });
    assert.equal(verdict, "partly");
    assert.deepEqual(
      findings.filter((one) => one.verdict === "allowed").map(({ from, to }) => [from, to]),
      [[["shop/api-backend"], ["shop/postgres"]]],
    );
    assert.deepEqual(
      findings
        .filter((one) => one.verdict === "denied")
        .flatMap(({ from }) => from)
        .sort(),
      ["shop/api-gateway", "shop/postgres"],
    );
  });

  it("asks a range in the parts that policies tell apart", () => {
    const { verdict, findings } = ask({ from: "shop/api-backend", to: "203.0.113.0/24", port: "443" });
    assert.equal(verdict, "partly");
    assert.deepEqual(
      findings.map((one) => [one.verdict, one.to]),
      [
        ["allowed", ["203.0.113.0/25", "203.0.113.192/26"]],
        ["denied", ["203.0.113.128/26"]],
      ],
    );
    assert.equal(ask({ from: "shop/api-backend", to: "203.0.113.5", port: "443" }).verdict, "allowed");
    assert.equal(ask({ from: "shop/api-backend", to: "internet", port: "80" }).verdict, "denied");
  });

  it("knows a pod by its name, its address, and its workload's name alone", () => {
    for (const to of ["postgres", "postgres-0", "shop/postgres-0", "10.244.0.5"]) {
      assert.equal(ask({ from: "api-backend", to, port: "5432" }).verdict, "allowed", to);
    }
  });

  const typos: [from: string, said: RegExp][] = [
    [
      "shop/api-gatewy",
      /^--from: No workload or pod shop\/api-gatewy is there: did you mean shop\/api-gateway\?$/,
    ],
    ["shp/api-gateway", /^--from: No namespace shp is there: did you mean shop\/api-gateway\?$/],
    ["shop/nobody-knows-it", /name one of shop\/api-backend, shop\/api-gateway, shop\/postgres$/],
    ["internt", /did you mean internet\?/],
    ["empty/*", /^--from: Namespace empty has no pods: /],
  ];
  for (const [from, said] of typos) {
    it(`says what was meant by ${from}`, () => assert.match(refusal({ from, to: "shop/postgres" }), said));
  }

  for (const port of ["0", "65536", "x y", "80/QUIC", "-1"]) {
    it(`refuses ${port} as a port`, () =>
      assert.match(
        refusal({ from: "shop/postgres", to: "shop/postgres", port }),
        /^--port: .* (is no port|is no protocol): use /,
      ));
  }

  describe("with a policy that is not understood", () => {
    const strange = `${shop}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: strange, namespace: shop }
spec: { podSelector: { matchLabel: { app: x } }, policyTypes: [Ingress] }
`;
    it("does not know what it may decide, rather than taking it for denied", () => {
      const { verdict, findings } = ask(
        { from: "shop/api-gateway", to: "shop/postgres", port: "5432" },
        strange,
      );
      assert.equal(verdict, "unknown");
      assert.match(findings[0]?.egress.reason ?? "", /NetworkPolicy shop\/strange.* is not understood$/);
    });
    it("still knows what another namespace's policies deny", () =>
      assert.equal(
        ask({ from: "internet", to: "kube-system/coredns", port: "9153" }, strange).verdict,
        "denied",
      ));
  });

  it("does not propose to allow what a policy denies whatever else allows", () => {
    const deny = `
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: no-way, namespace: shop }
spec:
  endpointSelector: { matchLabels: { app: postgres } }
  ingressDeny: [{ fromEndpoints: [{ matchLabels: { app: api-backend } }] }]
`;
    const { verdict, findings } = ask(
      { from: "shop/api-backend", to: "shop/postgres", port: "5432" },
      `${shop}\n---${deny}`,
    );
    assert.equal(verdict, "denied");
    assert.deepEqual(
      findings[0]?.additions.map(({ says }) => says),
      ["Narrow CiliumNetworkPolicy shop/no-way spec.ingressDeny[0]: it denies, whatever else allows"],
    );
  });

  it("proposes what Cilium has its own words for, in them", () => {
    const cilium = `${shop}\n---\n{ apiVersion: apps/v1, kind: DaemonSet, metadata: { name: cilium, namespace: kube-system }, spec: { template: { spec: { hostNetwork: true } } } }`;
    for (const to of ["api.example.com", "api-server", "nodes"]) {
      const [finding] = ask({ from: "shop/postgres", to, port: "443" }, cilium).findings;
      const [addition] = finding?.additions ?? [];
      assert.equal((addition?.manifest as { kind: string }).kind, "CiliumNetworkPolicy", to);
      const { problems } = readPolicies([addition?.manifest]);
      assert.deepEqual(problems, []);
    }
  });
});
