import assert from "node:assert/strict";
import type { LivePod } from "../../../model/live-pods.ts";
import { type LiveCluster, ownLabels } from "../../../model/live.ts";
import { observe } from "../../../model/observe/report.ts";
import { planPolicies } from "../../../model/policies/plan-policies.ts";
import { livePod } from "../../support/live-pods.ts";
import { liveCluster } from "../../support/live.ts";
import { settingsOf } from "../../support/settings.ts";

const stack = "cluster-network.test";
const label = (value: string) => ({ "app.kubernetes.io/name": value });
const shop = {
  name: "shop",
  stage: "observe",
  workloads: [{ name: "web" }, { name: "api", ports: { http: 8080 } }],
  flows: [{ from: "web", to: "api", port: "http" }],
};
const lab = { name: "lab", stage: "enforce" };

const tcp = (port: number, name?: string) => ({ port, protocol: "TCP" as const, name });
const pods: LivePod[] = [
  livePod("Deployment web", { labels: label("web") }),
  livePod("Deployment api", { labels: label("api"), ports: [tcp(8080, "http"), tcp(9090, "metrics")] }),
  livePod("Deployment legacy-cron", { labels: { app: "legacy-cron" }, ports: [tcp(7000)] }),
  livePod("DaemonSet agent", { hostNetwork: true, ports: [tcp(9100)] }),
  livePod("Deployment probe", { namespace: "lab", labels: { app: "probe" } }),
];

function report(over: Partial<LiveCluster> = {}, namespaces: object[] = [shop, lab]) {
  const settings = settingsOf({ namespaces });
  const live = liveCluster({
    namespaces: ["shop", "lab"].map((name) => ({
      name,
      labels: { "kubernetes.io/metadata.name": name },
    })),
    pods,
    policyObjects: [],
    ...over,
  });
  return observe(settings, live, planPolicies(settings, live), stack);
}

const policy = (name: string, spec: object, labels: object = {}) => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name, namespace: "shop", labels },
  spec,
});

describe("observe()", () => {
  it("reports of observed namespaces what enforcement would break, by owner", () => {
    const { observed, warnings } = report();
    assert.deepEqual(observed, {
      shop: {
        unexplainedPods: ["Deployment shop/legacy-cron (1 pod, app=legacy-cron)"],
        unreachedPorts: ["Deployment shop/api TCP 9090 (metrics)"],
        unreachedServices: [],
        narrowedPorts: [
          "Deployment shop/api TCP 8080 (http): keeps shop/web; loses lab/probe, shop/api, shop/legacy-cron and pods of namespaces that are not declared",
        ],
        shutIn: [
          "Deployment shop/api (1 pod, app.kubernetes.io/name=api)",
          "Deployment shop/web (1 pod, app.kubernetes.io/name=web)",
        ],
      },
    });
    assert.deepEqual(warnings, [
      "namespaces[0]: shop is observed, so nothing is denied there; enforcement would cut off a workload that no flow explains, leave a port to nobody, close a port to some who reach it today and keep 2 workloads from the outside (output observed)",
    ]);
  });

  it("has nothing to say where no namespace is observed", () =>
    assert.deepEqual(report({}, [{ ...shop, stage: "enforce" }, lab]), { observed: {}, warnings: [] }));

  it("says so where enforcement would break nothing", () => {
    const { observed, warnings } = report({ pods: [] });
    assert.deepEqual(Object.values(observed.shop ?? {}).flat(), []);
    assert.match(warnings.join(), /by what runs now, enforcement would break nothing$/);
  });

  it("does not count what somebody else's policies deny already", () => {
    const theirs = policy("theirs", {
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [{ podSelector: { matchLabels: label("web") } }] }],
      egress: [{ to: [{ podSelector: {} }] }],
    });
    const { observed } = report({ policyObjects: [theirs] });
    assert.deepEqual(observed.shop?.narrowedPorts, []);
    assert.deepEqual(observed.shop.shutIn, []);
    assert.deepEqual(observed.shop.unreachedPorts, []);
  });

  it("takes what this stack's own policies deny for what goes with them", () => {
    const own = policy(
      "default-deny-all",
      { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
      ownLabels(stack),
    );
    const { observed } = report({ policyObjects: [own] });
    assert.deepEqual(observed.shop?.unreachedPorts, []);
  });

  it("counts what somebody else's policies go on to allow", () => {
    const theirs = policy("theirs", {
      podSelector: { matchLabels: label("api") },
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ podSelector: { matchLabels: label("web") } }], ports: [{ port: 9090 }] }],
    });
    const spoken = policy("web-out", {
      podSelector: { matchLabels: label("web") },
      policyTypes: ["Egress"],
      egress: [{ to: [{ podSelector: { matchLabels: label("api") } }] }],
    });
    assert.deepEqual(report({ policyObjects: [theirs, spoken] }).observed.shop?.unreachedPorts, []);
  });

  it("knows ports that only a Service names, and Services that would lead to nobody", () => {
    const service = (name: string, targetPort: number | string, selector: object = label("api")) => ({
      namespace: "shop",
      name,
      selector: selector as Record<string, string>,
      ports: [{ port: 80, targetPort, protocol: "TCP" as const }],
    });
    const observedServices = [
      service("api", "http"),
      service("api-metrics", "metrics"),
      service("api-debug", 6060),
      service("elsewhere", 80, {}),
    ];
    const { observed } = report({ observedServices });
    assert.deepEqual(observed.shop?.unreachedPorts, [
      "Deployment shop/api TCP 6060",
      "Deployment shop/api TCP 9090 (metrics)",
    ]);
    assert.deepEqual(observed.shop.unreachedServices, [
      "Service shop/api-metrics TCP 80 → metrics",
      "Service shop/api-debug TCP 80 → 6060",
    ]);
  });

  it("says which policies it did not understand", () => {
    const odd = { apiVersion: "example.com/v1", kind: "OddPolicy", metadata: { name: "odd" } };
    assert.match(report({ policyObjects: [odd] }).warnings.join(), /odd.*what is observed leaves it out/);
  });

  it("stays a screenful", () => {
    const many = Array.from({ length: 40 }, (_, i) =>
      livePod(`Deployment d${i}`, { labels: { app: `d${i}` } }),
    );
    const lines = report({ pods: many }).observed.shop?.unexplainedPods ?? [];
    assert.equal(lines.length, 13);
    assert.equal(lines.at(-1), "and 28 more");
  });

  it("looks through a thousand workloads in a moment", () => {
    const many = Array.from({ length: 1000 }, (_, i) =>
      livePod(`Deployment d${i}`, {
        namespace: i < 100 ? "shop" : "lab",
        labels: { app: `d${i}` },
        ports: [tcp(8080), tcp(9090)],
      }),
    );
    const begun = performance.now();
    report({ pods: many });
    assert.ok(performance.now() - begun < 2000, `${performance.now() - begun} ms`);
  });
});
