import assert from "node:assert/strict";
import { clusterPolicyApiProblems } from "../../../model/policies/cluster-policy-problems.ts";
import { policyManifest } from "../../../model/policies/manifest.ts";
import { planPolicies } from "../../../model/policies/plan-policies.ts";
import { preflightProblems } from "../../../model/preflight.ts";
import { formatProblem } from "../../../model/problem.ts";
import { type End, judge, type PodGroup, readPolicies } from "../../../model/reachability/index.ts";
import { liveCluster } from "../../support/live.ts";
import { complaints, minimal, settingsOf } from "../../support/settings.ts";

const on = { policies: { baseline: "cluster-network-policy" } };
const values = { k8sClusterNetworkPolicy: { enabled: true }, policyCIDRMatchMode: ["nodes"] };
const shop = {
  name: "shop",
  workloads: [
    { name: "web", ports: { http: 8080 } },
    { name: "api", ports: { http: 8080 } },
  ],
  flows: ["web -> api:http"],
};
const served = { clusterPolicies: [], namespaces: [{ name: "shop", labels: {} }] };

describe("baseline: cluster-network-policy", () => {
  const refused: [title: string, raw: object, complaint: string][] = [
    [
      "a Cilium that does not know it",
      { cilium: { version: "1.19.1" } },
      "policies.baseline: Cilium 1.19.1 does not enforce ClusterNetworkPolicy, so nothing would be denied: use a chart from 1.20 on, or leave policies.baseline out",
    ],
    [
      "a Cilium that is not told to enforce it",
      { cilium: { values: { ...values, k8sClusterNetworkPolicy: { enabled: false } } } },
      "policies.baseline: Cilium enforces ClusterNetworkPolicy only where it is turned on: set cilium.values.k8sClusterNetworkPolicy.enabled: true, or leave policies.baseline out",
    ],
    [
      "a Cilium for which no range means nodes",
      { cilium: { values: { ...values, policyCIDRMatchMode: "" } } },
      "policies.baseline: For Cilium no range of addresses means nodes, so pods could still connect to every node: set cilium.values.policyCIDRMatchMode: [nodes], or leave policies.baseline out",
    ],
    [
      "a Calico that does not know it",
      { datapath: "calico", calico: { version: "v3.31.7" } },
      "policies.baseline: Calico v3.31.7 does not enforce ClusterNetworkPolicy, so nothing would be denied: use a chart from v3.32 on, or leave policies.baseline out",
    ],
  ];
  for (const [title, raw, complaint] of refused) {
    it(`refuses ${title}`, () => {
      assert.deepEqual(complaints({ ...minimal, ...on, ...raw }), [complaint]);
    });
  }

  it("is taken where the datapath enforces it, or is somebody else's", () => {
    for (const raw of [
      { cilium: { values } },
      { cilium: { values: { ...values, policyCIDRMatchMode: "pods,nodes" } } },
      { datapath: "calico", calico: { version: "v3.32.0" } },
      { cilium: { enabled: false } },
    ]) {
      assert.deepEqual(complaints({ ...minimal, ...on, ...raw }), []);
    }
  });

  it("is refused where the API server does not serve it, and asked of it only where it is wanted", () => {
    const settings = settingsOf({ ...on, cilium: { values } });
    assert.deepEqual(clusterPolicyApiProblems(settings, {}).map(formatProblem), [
      "policies.baseline: The API server does not serve ClusterNetworkPolicy (policy.networking.k8s.io/v1alpha2): install its definition, config/crd/standard of sigs.k8s.io/network-policy-api from v0.2.0 on, or use baseline: namespaces",
    ]);
    assert.deepEqual(clusterPolicyApiProblems(settings, { clusterPolicies: [] }), []);
    assert.deepEqual(clusterPolicyApiProblems(settingsOf({}), {}), []);
  });

  it("takes over nobody else's", () => {
    const settings = settingsOf({ ...on, cilium: { values }, namespaces: [shop] });
    const live = liveCluster({
      ...served,
      clusterPolicies: [{ name: "cluster-network-baseline", labels: {} }],
    });
    const { policies } = planPolicies(settings, live);
    const [problem] = preflightProblems(settings, live, { stack: "cluster-network.test", policies });
    assert.equal(problem?.message, "ClusterNetworkPolicy exists already and is not of this program");
  });

  it("is one policy for all, with one for ingress in each namespace", () => {
    const settings = settingsOf({ ...on, cilium: { values }, namespaces: [shop] });
    const { policies, problems } = planPolicies(settings, liveCluster(served));
    assert.deepEqual(problems, []);
    assert.deepEqual(
      policies.map(({ kind, namespace, name, stage }) => [kind, namespace, name, stage].join(" ")),
      [
        "NetworkPolicy shop allow-api workload",
        "NetworkPolicy shop allow-web workload",
        "NetworkPolicy shop default-deny-all deny",
        "ClusterNetworkPolicy  cluster-network-baseline deny",
      ],
    );
  });

  it("lets flows and DNS pass, and nothing else, in both dialects' objects", () => {
    for (const dialect of ["kubernetes", "cilium"]) {
      const settings = settingsOf({
        policies: { ...on.policies, dialect },
        cilium: { values },
        namespaces: [shop],
      });
      const { policies } = planPolicies(settings, liveCluster(served));
      const read = readPolicies(policies.map((policy) => policyManifest(policy, {})));
      assert.deepEqual(read.problems, []);
      const pod = (namespace: string, name: string, labels: Record<string, string>): PodGroup => ({
        name: `${namespace}/${name}`,
        namespace,
        labels,
        ports: [],
      });
      const named = (name: string) => pod("shop", name, { "app.kubernetes.io/name": name });
      const [web, api, other] = [named("web"), named("api"), pod("shop", "other", {})] as const;
      const dns = pod("kube-system", "coredns", { "k8s-app": "kube-dns" });
      const stranger = pod("default", "stranger", {});
      const world = {
        namespaces: ["shop", "kube-system", "default"].map((name) => ({
          name,
          labels: { "kubernetes.io/metadata.name": name },
        })),
        pods: [web, api, other, dns, stranger],
        policies: read.policies,
        dialect: "cilium" as const,
      };
      const passes = (from: PodGroup, to: PodGroup | string, port: number): unknown => {
        const end: End = typeof to === "string" ? { address: to } : { pod: to };
        return judge(world, { from: { pod: from }, to: end, protocol: "TCP", port }).allowed;
      };
      assert.equal(passes(web, api, 8080), true);
      for (const from of [web, api, other]) assert.equal(passes(from, dns, 53), true, from.name);
      for (const from of [web, api, other]) assert.equal(passes(from, "8.8.8.8", 443), false, from.name);
      assert.equal(passes(api, web, 8080), false);
      assert.equal(passes(other, stranger, 80), false);
      assert.equal(passes(stranger, other, 80), false);
      const outside = {
        from: { address: "8.8.8.8" },
        to: { pod: other },
        protocol: "TCP",
        port: 80,
      } as const;
      assert.equal(judge(world, outside).allowed, false);
    }
  });
});
