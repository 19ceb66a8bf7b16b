import assert from "node:assert/strict";
import { CHARTS } from "../../model/chart-services-table.ts";
import { chartName, isKnownChart, judgeChart } from "../../model/chart-services.ts";
import { outcome, UNKNOWN } from "../../model/verdict.ts";

const judge = (chart: string, values: unknown, version?: string) =>
  judgeChart({ where: "Release a/b", chart, values, version });
const messages = (chart: string, values: unknown) =>
  judge(chart, values).problems.map(({ message }) => message);

describe("chartName()", () => {
  for (const [reference, name] of [
    ["cilium", "cilium"],
    ["cilium/cilium", "cilium"],
    ["./charts/ingress-nginx/", "ingress-nginx"],
    ["oci://quay.io/cilium/charts/cilium", "cilium"],
    ["oci://registry.example.com/charts/traefik:40.0.0", "traefik"],
    ["https://example.com/charts/kube-prometheus-stack-88.5.3.tgz", "kube-prometheus-stack"],
    ["/tmp/cilium-1.20.0-rc.1.tgz", "cilium"],
    ["", ""],
  ] as const) {
    it(`reads ${reference || "an empty reference"}`, () => assert.equal(chartName(reference), name));
  }
});

describe("judgeChart()", () => {
  const broken: [chart: string, values: object, said: RegExp][] = [
    [
      "cilium",
      { ingressController: { enabled: true } },
      /ingressController.service.type: LoadBalancer`.*allocate/,
    ],
    ["cilium", { clustermesh: { useAPIServer: true } }, /clustermesh.apiserver.service.type: NodePort/],
    [
      "cilium",
      { hubble: { relay: { enabled: true, service: { type: "NodePort" } } } },
      /values.hubble.relay.service.type: NodePort/,
    ],
    [
      "cilium",
      { ingressController: { enabled: true, service: { type: "ClusterIP", insecureNodePort: 30080 } } },
      /insecureNodePort: 30080/,
    ],
    ["ingress-nginx", {}, /controller.service.type: LoadBalancer/],
    [
      "ingress-nginx",
      { controller: { service: { allocateLoadBalancerNodePorts: false, externalTrafficPolicy: "Local" } } },
      /controller.service.externalTrafficPolicy: Local/,
    ],
    ["traefik", { service: { spec: { type: "NodePort" } } }, /service.spec.type: NodePort/],
    ["traefik", { service: { type: "NodePort" } }, /service.type: NodePort/],
    [
      "kube-prometheus-stack",
      { prometheus: { service: { type: "LoadBalancer" } } },
      /prometheus.service.type: LoadBalancer`.*nothing here switches that off/,
    ],
    ["coredns", { serviceType: "NodePort" }, /serviceType: NodePort/],
    [
      "a-chart-of-our-own",
      { api: { service: { type: "NodePort" } } },
      /api.service.type: NodePort` asks for/,
    ],
    ["a-chart-of-our-own", { list: [{ serviceType: "NodePort" }] }, /list\[0\].serviceType/],
  ];
  for (const [chart, values, said] of broken) {
    it(`blames ${chart} with ${JSON.stringify(values)}`, () => {
      const said_ = messages(chart, values);
      assert.equal(said_.length, 1, said_.join("\n"));
      assert.match(said_[0] ?? "", said);
    });
  }

  const holding: [chart: string, values: object][] = [
    ["cilium", { hubble: { relay: { enabled: true }, ui: { enabled: true } }, nodePort: { enabled: true } }],
    ["cilium", { hubble: { ui: { enabled: false, service: { type: "NodePort" } } } }],
    ["cilium", { hubble: { ui: { service: { type: "NodePort" } } } }],
    ["cilium", { ingressController: { enabled: true, hostNetwork: { enabled: true } } }],
    ["cilium", { ingressController: { enabled: true, service: { allocateLoadBalancerNodePorts: false } } }],
    ["ingress-nginx", { controller: { service: { type: "ClusterIP" } } }],
    ["ingress-nginx", { controller: { service: { allocateLoadBalancerNodePorts: false } } }],
    ["ingress-nginx", { controller: { service: { enabled: false } } }],
    ["traefik", { service: { spec: { allocateLoadBalancerNodePorts: false } } }],
    ["kube-prometheus-stack", {}],
    ["kube-prometheus-stack", { grafana: { enabled: false, service: { type: "NodePort" } } }],
    ["coredns", {}],
    ["tigera-operator", { installation: { kubernetesProvider: "" } }],
    ["a-chart-of-our-own", { api: { enabled: false, service: { type: "NodePort" } }, kind: "NodePort" }],
  ];
  for (const [chart, values] of holding) {
    it(`accepts ${chart} with ${JSON.stringify(values)}`, () =>
      assert.equal(outcome(judge(chart, values)), "holds"));
  }

  it("does not believe a switch that the chart's version does not know", () => {
    const values = { controller: { service: { allocateLoadBalancerNodePorts: false } } };
    assert.equal(outcome(judge("ingress-nginx", values, "4.8.2")), "broken");
    assert.equal(outcome(judge("ingress-nginx", values, "4.8.3")), "holds");
    assert.equal(outcome(judge("ingress-nginx", values, "4.10.0")), "holds");
  });

  it("does not know yet what unknown values decide", () => {
    assert.equal(outcome(judge("ingress-nginx", UNKNOWN)), "unknown");
    assert.equal(outcome(judge("ingress-nginx", { controller: UNKNOWN })), "unknown");
    assert.equal(outcome(judge("cilium", { clustermesh: { useAPIServer: UNKNOWN } })), "unknown");
  });

  it("is not troubled by unknown values that decide nothing", () => {
    assert.equal(outcome(judge("cilium", { k8sServiceHost: UNKNOWN })), "holds");
    assert.equal(outcome(judge("a-chart-of-our-own", { password: UNKNOWN })), "holds");
  });

  it("takes a missing value for one that is not known where the provider leaves those out", () => {
    const partial = (chart: string, values: unknown) =>
      judgeChart({ where: "r", chart, values, isPartial: true });
    assert.deepEqual(partial("ingress-nginx", {}).problems, []);
    assert.equal(partial("kube-prometheus-stack", {}).unknowns.length, 1);
    assert.equal(
      outcome(partial("traefik", { service: { enabled: true, spec: { type: "NodePort" } } })),
      "broken",
    );
  });

  it("finds a node port beside values that are not known", () => {
    const values = { prometheus: UNKNOWN, alertmanager: { service: { type: "NodePort" } } };
    assert.equal(outcome(judge("kube-prometheus-stack", values)), "broken");
  });
});

describe("isKnownChart()", () => {
  it("knows the charts of the table and no others", () => {
    assert.ok(Object.keys(CHARTS).every(isKnownChart));
    assert.equal(isKnownChart("constructor"), false);
  });
});
