import assert from "node:assert/strict";
import { policyManifest } from "../../../model/policies/manifest.ts";
import { planPolicies } from "../../../model/policies/plan-policies.ts";
import {
  type End,
  judge,
  type PodGroup,
  readPolicies,
  type World,
} from "../../../model/reachability/index.ts";
import type { LiveCluster } from "../../../model/live.ts";
import { liveCluster } from "../../support/live.ts";
import { liveNode } from "../../support/nodes.ts";
import { minimal, settingsOf } from "../../support/settings.ts";

const [node, tunnel, newNodesTunnel, apiServer] = ["10.0.0.7", "10.244.7.1", "10.244.9.1", "10.0.0.10"];
const namespaces = ["kube-system", "shop", "monitoring", "default"].map((name) => ({
  name,
  labels: { "kubernetes.io/metadata.name": name },
}));

const pod = (namespace: string, name: string, labels: Record<string, string>, address: string): PodGroup => ({
  name: `${namespace}/${name}`,
  namespace,
  labels,
  ports: [],
  addresses: [address],
});
const app = (name: string) => ({ "k8s-app": name });
const pods = {
  dns: pod("kube-system", "coredns", app("kube-dns"), "10.244.1.2"),
  metrics: pod("kube-system", "metrics-server", app("metrics-server"), "10.244.1.3"),
  relay: pod("kube-system", "hubble-relay", app("hubble-relay"), "10.244.1.4"),
  ui: pod("kube-system", "hubble-ui", app("hubble-ui"), "10.244.1.5"),
  csi: pod("kube-system", "csi", { app: "csi" }, "10.244.1.6"),
  web: pod("shop", "web", { "app.kubernetes.io/name": "web" }, "10.244.2.2"),
  stranger: pod("default", "stranger", {}, "10.244.2.3"),
  prometheus: pod("monitoring", "prometheus", { "app.kubernetes.io/name": "prometheus" }, "10.244.2.4"),
};

/** What the policies of a stack with kube-system under default-deny come to. */
function worldOf(raw: object, live: Partial<LiveCluster> = {}): World {
  const settings = settingsOf({
    ...raw,
    policies: { systemNamespaces: true, ...("policies" in raw ? (raw.policies as object) : {}) },
    namespaces: [{ name: "shop", workloads: [{ name: "web" }] }],
  });
  const { policies, problems } = planPolicies(settings, liveCluster({ namespaces, ...live }));
  assert.deepEqual(problems, []);
  const read = readPolicies(policies.map((policy) => policyManifest(policy, {})));
  assert.deepEqual(read.problems, []);
  return {
    namespaces,
    pods: Object.values(pods),
    policies: read.policies,
    dialect: settings.datapath === "cilium" ? "cilium" : "kubernetes",
    network: {
      podCidrs: ["10.244.0.0/16"],
      serviceCidrs: ["10.96.0.0/12"],
      nodeAddresses: [node, apiServer],
      apiServerAddresses: [apiServer],
    },
  };
}

const calico = { datapath: "calico", cluster: { ...minimal.cluster, nodeCidr: "10.0.0.0/24" } };
const calicoLive = {
  nodes: [liveNode({ tunnels: [tunnel] })],
  apiServerEndpoints: [{ address: apiServer, port: 6443 }],
};
const stacks: [title: string, world: () => World, isCilium: boolean][] = [
  ["Cilium", () => worldOf({}), true],
  ["Cilium, all in its dialect", () => worldOf({ policies: { dialect: "cilium" } }), true],
  ["Cilium, one baseline for the cluster", () => worldOf({ policies: { baseline: "cluster-wide" } }), true],
  ["Calico", () => worldOf(calico, calicoLive), false],
];

type Case = [from: End, to: End, protocol: "TCP" | "UDP", port: number];
const nodes: End = { entity: "nodes" };
const api: End = { entity: "api-server" };
const at = (address: string): End => ({ address });
const of = (name: keyof typeof pods): End => ({ pod: pods[name] });

/** What a cluster cannot do without. */
const needed: Case[] = [
  ...(["web", "stranger", "prometheus", "csi", "metrics", "dns"] as const).flatMap((name): Case[] => [
    [of(name), of("dns"), "UDP", 53],
    [of(name), of("dns"), "TCP", 53],
  ]),
  [nodes, of("dns"), "UDP", 53],
  [nodes, of("dns"), "TCP", 53],
  [nodes, of("dns"), "TCP", 8080],
  [nodes, of("dns"), "TCP", 8181],
  [of("dns"), api, "TCP", 6443],
  [of("dns"), at("8.8.8.8"), "UDP", 53],
  [of("dns"), at("192.168.1.1"), "TCP", 53],
  [of("dns"), at("169.254.169.253"), "UDP", 53],
  [of("dns"), at("169.254.169.254"), "UDP", 53],
  [of("dns"), at("2001:4860:4860::8888"), "UDP", 53],
  [of("dns"), at("9.9.9.9"), "TCP", 853],
  [of("dns"), nodes, "UDP", 53],
  [of("prometheus"), of("dns"), "TCP", 9153],
  [api, of("metrics"), "TCP", 10250],
  [nodes, of("metrics"), "TCP", 10250],
  [of("metrics"), nodes, "TCP", 10250],
  [of("metrics"), api, "TCP", 6443],
];
const ofHubble: Case[] = [
  [of("ui"), of("relay"), "TCP", 4245],
  [of("relay"), nodes, "TCP", 4244],
  [of("ui"), api, "TCP", 6443],
  [of("prometheus"), of("relay"), "TCP", 9966],
];
const denied: Case[] = [
  [of("web"), of("dns"), "TCP", 9153],
  [of("web"), of("metrics"), "TCP", 10250],
  [of("stranger"), of("relay"), "TCP", 4245],
  [of("csi"), of("relay"), "TCP", 4245],
  [of("stranger"), of("csi"), "TCP", 9000],
  [at("8.8.8.8"), of("dns"), "UDP", 53],
  [of("dns"), at("8.8.8.8"), "TCP", 443],
  [of("dns"), at("169.254.169.254"), "TCP", 80],
  [of("dns"), of("web"), "TCP", 53],
  [of("csi"), at("8.8.8.8"), "TCP", 443],
  [of("csi"), api, "TCP", 6443],
  [of("metrics"), at("8.8.8.8"), "UDP", 53],
];

describe("kube-system under default-deny", () => {
  for (const [title, world, isCilium] of stacks) {
    const outcomes = (cases: readonly Case[]) => {
      const judged = world();
      return cases.map(([from, to, protocol, port]) => {
        const { allowed, egress, ingress } = judge(judged, { from, to, protocol, port });
        return {
          allowed,
          why: `${describeEnd(from)} → ${describeEnd(to)} ${protocol} ${port}: ${egress.reason}; ${ingress.reason}`,
        };
      });
    };
    it(`has DNS and all that it needs, on ${title}`, () => {
      const all = outcomes([...needed, ...(isCilium ? ofHubble : [])]);
      assert.deepEqual(
        all.filter(({ allowed }) => allowed !== true),
        [],
      );
    });
    it(`passes nothing else, on ${title}`, () => {
      assert.deepEqual(
        outcomes(denied).filter(({ allowed }) => allowed !== false),
        [],
      );
    });
  }

  it("answers nodes through Calico's tunnels, and DNS those of tomorrow, too", () => {
    const world = worldOf(calico, calicoLive);
    const passes = (from: string, to: keyof typeof pods, port: number): unknown =>
      judge(world, { from: at(from), to: of(to), protocol: "TCP", port }).allowed;
    assert.equal(passes(tunnel, "metrics", 10250), true);
    assert.equal(passes(newNodesTunnel, "metrics", 10250), false);
    assert.equal(passes(tunnel, "dns", 53), true);
    assert.equal(passes(newNodesTunnel, "dns", 53), true);
    assert.equal(passes(newNodesTunnel, "dns", 9153), false);
  });
});

const describeEnd = (end: End): string => ("pod" in end ? end.pod.name : JSON.stringify(end));
