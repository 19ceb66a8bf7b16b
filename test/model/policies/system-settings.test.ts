import assert from "node:assert/strict";
import { policyFacts } from "../../../model/policies/facts.ts";
import { planPolicies } from "../../../model/policies/plan-policies.ts";
import type { Policy } from "../../../model/policies/policies.ts";
import { systemComponents } from "../../../model/policies/system-namespaces.ts";
import type { LiveCluster } from "../../../model/live.ts";
import { liveCluster } from "../../support/live.ts";
import { complaints, minimal, settingsOf } from "../../support/settings.ts";

const on = { policies: { systemNamespaces: true } };
const system = { name: "kube-system", labels: {} };

function policiesOf(raw: object, live: Partial<LiveCluster> = {}): Map<string, Policy> {
  const settings = settingsOf({ ...on, ...raw });
  const { policies, problems } = planPolicies(settings, liveCluster({ namespaces: [system], ...live }));
  assert.deepEqual(problems, []);
  return new Map(policies.map((policy) => [`${policy.namespace}/${policy.name}`, policy]));
}

describe("withSystemNamespaces()", () => {
  it("declares kube-system with its components, where it is asked for alone", () => {
    assert.deepEqual(settingsOf({}).namespaces, []);
    const [namespace, ...others] = settingsOf(on).namespaces;
    assert.deepEqual(others, []);
    assert.equal(namespace?.name, "kube-system");
    assert.equal(namespace.create, false);
    assert.equal(namespace.stage, "enforce");
    const names = namespace.workloads.map(({ name, service }) => [name, service]);
    assert.deepEqual(names[0], ["coredns", "none"]);
    assert.ok(!names.flat().includes("clustermesh-apiserver"));
  });

  it("leaves out what the settings rule out", () => {
    const names = (raw: object) =>
      settingsOf({ ...on, ...raw }).namespaces[0]?.workloads.map(({ name }) => name);
    const hubble = { hubble: { enabled: false, relay: false, ui: false } };
    assert.deepEqual(names({ cilium: hubble }), [
      "coredns",
      "kube-dns-autoscaler",
      "metrics-server",
      "metrics-server-chart",
    ]);
    const clusterMesh = { id: 1, apiServer: true };
    assert.ok(names({ cilium: { clusterMesh } })?.includes("clustermesh-apiserver"));
  });

  it("lays them beside what the stack says of kube-system, which comes first", () => {
    const csi = { name: "csi", ports: { grpc: 9000 } };
    const own = {
      name: "dns",
      labels: { "k8s-app": "kube-dns" },
      ports: { dns: { port: 53, protocol: "UDP" } },
    };
    const said = {
      name: "kube-system",
      stage: "observe",
      acceptUnexplainedPods: true,
      workloads: [csi, own],
      flows: ["csi -> api-server", "* -> dns"],
    };
    const [namespace] = settingsOf({ ...on, namespaces: [said] }).namespaces;
    assert.equal(namespace?.stage, "observe");
    assert.equal(namespace.acceptUnexplainedPods, true);
    const names = namespace.workloads.map(({ name }) => name);
    assert.deepEqual(names.slice(0, 3), ["csi", "dns", "kube-dns-autoscaler"]);
    assert.deepEqual(namespace.flows.slice(0, 2), said.flows);
    assert.ok(!JSON.stringify(namespace.flows).includes("coredns"));
  });
});

describe("policies of kube-system", () => {
  it("come with default-deny both ways, and one for each component", () => {
    const policies = policiesOf({});
    const expected = settingsOf(on).namespaces[0]?.workloads.map(({ name }) => `kube-system/allow-${name}`);
    assert.deepEqual(
      [...policies.keys()].sort(),
      ["kube-system/allow-dns", "kube-system/default-deny-all", ...(expected ?? [])].sort(),
    );
  });

  it("add nothing to the policies of other namespaces, which allow DNS already", () => {
    const shop = {
      name: "shop",
      workloads: [{ name: "web", ports: { http: 80 } }],
      flows: ["* -> web:http"],
    };
    const live = { namespaces: [system, { name: "shop", labels: {} }] };
    const without = planPolicies(settingsOf({ namespaces: [shop] }), liveCluster(live)).policies;
    const withThem = [...policiesOf({ namespaces: [shop] }, live).values()];
    assert.deepEqual(
      withThem.filter(({ namespace }) => namespace === "shop"),
      without,
    );
  });

  it("are in order with every dialect and baseline", () => {
    for (const policies of [
      { dialect: "cilium" },
      { baseline: "cluster-wide" },
      { dialect: "cilium", baseline: "cluster-wide" },
    ]) {
      assert.ok(policiesOf({ policies: { ...on.policies, ...policies } }).has("kube-system/allow-coredns"));
    }
  });

  const said: [title: string, raw: object, complaint: string][] = [
    [
      "default-deny in kube-system without its allowances",
      { namespaces: [{ name: "kube-system" }] },
      "namespaces[0]: Default-deny in kube-system would cut off the cluster's DNS and all else that runs there: set policies.systemNamespaces: true, which allows what its components need, or stage: observe",
    ],
    [
      "nodes whose addresses are not known, once",
      { ...on, datapath: "calico" },
      "policies.systemNamespaces: An allowance of kube-system cannot be written (Where Cilium does not enforce, nodes are addresses, which are not known): set cluster.nodeCidr; probes of a pod's own node need no flow",
    ],
    [
      "a monitoring that is isolated and not declared",
      { ...on, namespaces: [{ name: "monitoring" }] },
      "policies.systemNamespaces: An allowance of kube-system cannot be written (No workload of monitoring has the labels app.kubernetes.io/name=prometheus that monitoring stands for, and its pods are isolated): declare it under the workloads of monitoring, so that its side is written, too",
    ],
  ];
  for (const [title, raw, complaint] of said) {
    it(`refuse ${title}`, () => {
      assert.deepEqual(complaints({ ...minimal, ...raw }), [complaint]);
    });
  }

  it("keep the path of what the stack says itself", () => {
    const namespaces = [{ name: "kube-system", flows: ["coredns -> nowhere"] }];
    const [complaint, ...others] = complaints({ ...minimal, ...on, namespaces });
    assert.match(complaint ?? "", /^namespaces\[0\]\.flows\[0\]\.to: No workload kube-system\/nowhere/);
    assert.deepEqual(others, []);
  });
});

describe("systemComponents", () => {
  it("say of every allowance why, and where it can be read up", () => {
    for (const { name, allowances } of systemComponents) {
      assert.ok(allowances.length > 0, name);
      for (const { because, source } of allowances) assert.ok(because.length > 10 && source.length > 5, name);
    }
  });

  it("need no fact that is not read", () => {
    assert.deepEqual(policyFacts(settingsOf(on)).nodeTunnels, []);
  });
});
