import assert from "node:assert/strict";
import type { LiveCluster } from "../../../model/live.ts";
import { planPolicies } from "../../../model/policies/plan-policies.ts";
import { formatProblem } from "../../../model/problem.ts";
import { liveCluster } from "../../support/live.ts";
import { settingsOf } from "../../support/settings.ts";

const flow = "namespaces[0].flows[0]";
const named = (...names: string[]) => names.map((name) => ({ name, labels: {} }));
const planOf = (over: object, flows: unknown[], live: Partial<LiveCluster> = {}) =>
  planPolicies(
    settingsOf({
      ...over,
      namespaces: [{ name: "shop", workloads: [{ name: "web", ports: { http: 8080 } }], flows }],
    }),
    liveCluster({ namespaces: named("shop", "payments", "monitoring"), ...live }),
  );
const problemsOf = (...args: Parameters<typeof planOf>): string[] =>
  planOf(...args).problems.map(formatProblem);

describe("planPolicies()", () => {
  it("refuses flows of namespaces that are not there", () => {
    assert.deepEqual(problemsOf({}, ["paymets/* -> web:http"]), [
      `${flow}.from: Namespace paymets does not exist: did you mean payments?`,
    ]);
    assert.deepEqual(problemsOf({}, ["ingress-controller -> web:http"]), [
      `${flow}.from: Namespace ingress-nginx does not exist: create it first, or say in policies.ingressController where it runs`,
    ]);
    assert.deepEqual(problemsOf({}, ["monitoring -> web:http", "payments/* -> web:http"]), []);
  });

  it("writes the addresses of the API server behind its Service, each with its port", () => {
    const live = {
      apiServer: { host: "lb.example.com", port: 443, from: "the kubeconfig" },
      apiServerEndpoints: [{ address: "192.168.0.2", port: 6443 }],
      serviceAddresses: ["10.96.0.1"],
    };
    const { policies } = planOf({ datapath: "calico" }, ["web -> api-server"], live);
    const { spec } = policies.find(({ name }) => name === "allow-web") ?? {};
    assert.deepEqual((spec as { egress: unknown[] }).egress[0], {
      to: [{ ipBlock: { cidr: "192.168.0.2/32" } }],
      ports: [{ protocol: "TCP", port: 6443 }],
    });
  });

  it("refuses an API server that pods could not reach, but where Cilium knows it", () => {
    const live = { apiServer: { host: "127.0.0.1", port: 6443, from: "the kubeconfig" } };
    assert.deepEqual(problemsOf({ datapath: "calico" }, ["web -> api-server"], live), [
      `${flow}.to: No address of the API server is known that pods could reach: set cluster.apiServer with an address as host`,
    ]);
    assert.deepEqual(problemsOf({}, ["web -> api-server"], live), []);
  });

  it("knows NodeLocal DNSCache by its DaemonSet", () => {
    const daemonSets = [{ namespace: "kube-system", name: "node-local-dns", labels: {} }];
    const live = { daemonSets, dnsAddresses: ["10.96.0.10"] };
    const { policies } = planOf({ datapath: "calico" }, [], live);
    assert.match(JSON.stringify(policies), /"169\.254\.20\.10\/32".*"10\.96\.0\.10\/32"/);
    assert.doesNotMatch(
      JSON.stringify(planOf({ datapath: "calico" }, [], { dnsAddresses: ["10.96.0.10"] }).policies),
      /ipBlock/,
    );
  });

  it("refuses Cilium's objects where nobody has brought their definitions", () => {
    const others = { cilium: { enabled: false }, policies: { dialect: "cilium" } };
    assert.deepEqual(problemsOf(others, []), [
      "policies.dialect: The cluster does not know CiliumNetworkPolicy, and this stack deploys no Cilium: leave it out, or let Cilium be deployed first",
    ]);
    assert.deepEqual(problemsOf(others, [], { ciliumPolicies: [] }), []);
  });
});
