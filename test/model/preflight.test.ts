import assert from "node:assert/strict";
import type { LiveCluster } from "../../model/live.ts";
import { stackLabel } from "../../model/live.ts";
import { resolveFlows } from "../../model/policies/flows.ts";
import { networkPolicies } from "../../model/policies/policies.ts";
import { preflightProblems } from "../../model/preflight.ts";
import { formatProblem } from "../../model/problem.ts";
import { liveCluster } from "../support/live.ts";
import { settingsOf } from "../support/settings.ts";

const stack = "cluster-network.test";
const ours = { [stackLabel]: stack };

function complaints(raw: object, live: Partial<LiveCluster>): string[] {
  const settings = settingsOf(raw);
  const policies = networkPolicies(settings, resolveFlows(settings).flows);
  const intended = { stack, policies, daemonSet: "cluster-network-node-tuning" };
  return preflightProblems(settings, liveCluster(live), intended).map(formatProblem);
}

describe("preflightProblems()", () => {
  it("finds nothing where nothing is in the way", () => {
    assert.deepEqual(complaints({ namespaces: [{ name: "shop", create: true }] }, {}), []);
    assert.deepEqual(
      complaints({ namespaces: [{ name: "shop" }] }, { namespaces: [{ name: "shop", labels: {} }] }),
      [],
    );
  });

  it("takes up again what the same stack left", () => {
    const live = {
      namespaces: [{ name: "shop", labels: ours }],
      networkPolicies: [{ namespace: "shop", name: "allow-dns", labels: ours }],
      daemonSets: [{ namespace: "kube-system", name: "cluster-network-node-tuning", labels: ours }],
      release: { secret: "s", revision: 1, status: "pending-install" },
      record: { namespace: "kube-system", name: "cluster-network", labels: ours },
    };
    assert.deepEqual(complaints({ namespaces: [{ name: "shop", create: true }] }, live), []);
  });

  const shop = { namespaces: [{ name: "shop" }] };
  const exists = { namespaces: [{ name: "shop", labels: {} }] };
  const cases: [title: string, raw: object, live: Partial<LiveCluster>, complaint: string][] = [
    [
      "a namespace that is not there",
      shop,
      {},
      "namespaces[0]: Namespace shop does not exist: create it, correct the name, or set create: true",
    ],
    [
      "to create a namespace that is there",
      { namespaces: [{ name: "shop", create: true }] },
      exists,
      "namespaces[0].create: Namespace shop exists already and is not of this stack: leave create out, and it is used as it is",
    ],
    [
      "to take over a policy of somebody else",
      shop,
      { ...exists, networkPolicies: [{ namespace: "shop", name: "default-deny-all", labels: {} }] },
      `shop/default-deny-all: NetworkPolicy exists already and is not of this program: rename or delete it, or, to hand it over, label it ${stackLabel}=${stack}`,
    ],
    [
      "to take over a policy of another stack",
      shop,
      {
        ...exists,
        networkPolicies: [{ namespace: "shop", name: "allow-dns", labels: { [stackLabel]: "x.y" } }],
      },
      `shop/allow-dns: NetworkPolicy exists already and belongs to stack x.y: rename or delete it, or, to hand it over, label it ${stackLabel}=${stack}`,
    ],
    [
      "to take over a policy of Cilium's dialect",
      { ...shop, policies: { dialect: "cilium" } },
      {
        ...exists,
        // Of another kind, so another object.
        networkPolicies: [{ namespace: "shop", name: "default-deny-all", labels: {} }],
        ciliumPolicies: [{ namespace: "shop", name: "allow-dns", labels: {} }],
      },
      `shop/allow-dns: CiliumNetworkPolicy exists already and is not of this program: rename or delete it, or, to hand it over, label it ${stackLabel}=${stack}`,
    ],
    [
      "to take over a policy for the whole cluster",
      { ...shop, policies: { baseline: "cluster-wide" } },
      { ...exists, ciliumClusterPolicies: [{ name: "default-deny-all", labels: {} }] },
      `default-deny-all: CiliumClusterwideNetworkPolicy exists already and is not of this program: rename or delete it, or, to hand it over, label it ${stackLabel}=${stack}`,
    ],
    [
      "a second stack's policy for the whole cluster",
      { ...shop, policies: { baseline: "cluster-wide" } },
      {
        ...exists,
        ciliumClusterPolicies: [{ name: "default-deny-all", labels: { [stackLabel]: "x.y" } }],
      },
      "default-deny-all: CiliumClusterwideNetworkPolicy exists already and belongs to stack x.y: a cluster has one such policy, of one stack: set policies.baseline: namespaces in the other",
    ],
    [
      "to tune a DNS that is not there",
      {},
      { coreDns: undefined },
      "dns.enabled: The cluster has no ConfigMap kube-system/coredns with a Corefile: set dns.enabled: false where DNS is run in another way",
    ],
    [
      "an API server that other nodes cannot reach",
      {},
      { apiServer: { host: "127.0.0.1", port: 6443, from: "the kubeconfig" } },
      "cluster.apiServer: auto found 127.0.0.1:6443 (the kubeconfig), which other nodes cannot reach: set host and port as the nodes see them",
    ],
    [
      "to take over a release of somebody else",
      {},
      { release: { secret: "s", revision: 3, status: "deployed" } },
      `cilium: Helm release kube-system/cilium exists already (revision 3, deployed) and is not of this stack: uninstall it first, or set cilium.enabled: false to leave the datapath to it`,
    ],
    [
      "a ConfigMap of the record's name that is somebody else's",
      {},
      { record: { namespace: "kube-system", name: "cluster-network", labels: {} } },
      `kube-system/cluster-network: ConfigMap exists already and is not of this program: rename or delete it, or, to hand it over, label it ${stackLabel}=${stack}`,
    ],
    [
      "to overwrite the Corefile that another stack keeps",
      {},
      { coreDns: { corefile: "", backupLabels: { [stackLabel]: "x.y" } } },
      `kube-system/coredns-before-cluster-network: ConfigMap exists already and belongs to stack x.y: rename or delete it, or, to hand it over, label it ${stackLabel}=${stack}`,
    ],
    [
      "a second stack on the same cluster",
      {},
      { record: { namespace: "kube-system", name: "cluster-network", labels: { [stackLabel]: "x.y" } } },
      `kube-system/cluster-network: ConfigMap exists already and belongs to stack x.y: rename or delete it, or, to hand it over, label it ${stackLabel}=${stack}`,
    ],
  ];
  for (const [title, raw, live, complaint] of cases) {
    it(`refuses ${title}`, () => assert.deepEqual(complaints(raw, live), [complaint]));
  }

  it("leaves policies of other names alone", () => {
    const live = { ...exists, networkPolicies: [{ namespace: "shop", name: "their-own", labels: {} }] };
    assert.deepEqual(complaints(shop, live), []);
  });
});
