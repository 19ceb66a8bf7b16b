import assert from "node:assert/strict";
import type { Flow, Labels } from "../../../model/policies/flow.ts";
import type { Policy } from "../../../model/policies/policies.ts";
import type { PodGroup } from "../../../model/reachability/index.ts";
import { prove } from "../../../model/reachability/proof.ts";
import { prepareProof } from "../../support/proof.ts";
import { shopCluster, shopSettings, withNodeLocalDns } from "../../support/shop-settings.ts";
import { pod, pods, worldUnder } from "../../support/reach.ts";
import { bigSettings } from "../../support/big-settings.ts";

const noCilium = { cilium: { enabled: false } };
type Rules = Record<"ingress" | "egress", Record<string, unknown>[]>;

/** What the proof says when one policy is another. */
function saidOf(name: string, change: (spec: Rules & Record<string, unknown>) => object): string[] {
  const { plan, proofOf } = prepareProof(shopSettings("plain", noCilium), shopCluster);
  const policies = plan.policies.map((policy): Policy => {
    if (`${policy.namespace}/${policy.name}` !== name) return policy;
    return { ...policy, spec: change(structuredClone(policy.spec) as Rules & Record<string, unknown>) };
  });
  return proofOf(policies).problems;
}

describe("provePolicies()", () => {
  const settings: [name: string, raw: object, live?: object][] = [
    ["NetworkPolicies", shopSettings("wider", noCilium)],
    ["NetworkPolicies under Cilium", shopSettings("plain")],
    ["NetworkPolicies under Calico", shopSettings("wider", { datapath: "calico" })],
    ["both kinds under Cilium", shopSettings("cilium")],
    ["Cilium's policies", shopSettings("cilium", { policies: { dialect: "cilium" } })],
    ["a baseline for the whole cluster", shopSettings("cilium", { policies: { baseline: "cluster-wide" } })],
    ["NodeLocal DNS", shopSettings("wider", noCilium), withNodeLocalDns],
    ["NodeLocal DNS under Cilium", shopSettings("cilium"), withNodeLocalDns],
    ["kube-system under default-deny", shopSettings("cilium", { policies: { systemNamespaces: true } })],
    [
      "a ClusterNetworkPolicy as baseline",
      shopSettings("wider", { ...noCilium, policies: { baseline: "cluster-network-policy" } }),
      { ...shopCluster, clusterPolicies: [] },
    ],
    ["no namespace at all", {}],
  ];
  for (const [name, raw, live = shopCluster] of settings) {
    it(`proves what is written for ${name}`, () => {
      const { plan, proofOf } = prepareProof(raw, live);
      assert.deepEqual([plan.problems, proofOf(plan.policies)], [[], { problems: [], warnings: [] }]);
    });
  }

  it("names flow, side and remedy where one does not pass", () => {
    const said = saidOf("shop/allow-postgres", (spec) => ({ ...spec, ingress: [] }));
    assert.deepEqual(said, [
      "namespaces[0].flows[1]: shop/api-backend → shop/postgres TCP 5432 does not pass, ingress of shop/postgres (NetworkPolicy shop/allow-postgres, NetworkPolicy shop/default-deny-all isolate it for ingress, and no rule matches): add ingress from shop/api-backend by TCP 5432 to a policy that selects it",
    ]);
  });

  it("names the rule that is too wide, and for whom", () => {
    const said = saidOf("shop/allow-postgres", (spec) => ({
      ...spec,
      ingress: [{ ...spec.ingress[0], from: [{ namespaceSelector: {} }] }],
    }));
    assert.equal(said.length, 1);
    assert.match(
      said[0] ?? "",
      /^namespaces\[0\]: NetworkPolicy shop\/allow-postgres spec\.ingress\[0\] lets .* and \d+ more reach shop\/postgres by TCP 5432, which no flow declares.*: narrow the rule, or declare the flow$/,
    );
  });

  it("finds default-deny missing, in one line for all pods", () => {
    const said = saidOf("shop/default-deny-all", (spec) => ({
      ...spec,
      podSelector: { matchLabels: { app: "x" } },
    }));
    assert.deepEqual(said, [
      "namespaces[0]: No policy isolates any pod of shop for ingress: add a policy that selects every pod of the namespace and has Ingress among its policyTypes",
    ]);
  });

  it("finds DNS cut off while policies come, though the last of them mends it", () => {
    const said = saidOf("shop/allow-api-gateway", (spec) => ({ ...spec, egress: spec.egress.slice(0, 1) }));
    assert.match(
      said.join(),
      /namespaces\[0\]: While the policies of stage workload are there and the next are not: shop\/\* → the cluster's DNS UDP 53 does not pass/,
    );
  });

  it("says a screenful and counts the rest", () => {
    const { plan, proofOf } = prepareProof(bigSettings(30));
    const { problems } = proofOf(plan.policies.filter(({ stage }) => stage !== "workload"));
    assert.equal(problems.length, 21);
    assert.match(
      problems.at(-1) ?? "",
      /^namespaces: There are \d+ more problems with who reaches whom: mend/,
    );
  });

  it("lets pods be of two workloads, whose flows then are theirs", () => {
    const app = (name: string) => ({ matchLabels: { app: name } });
    const side = (labels: object, rule: "ingress" | "egress", peer: object): object => ({
      podSelector: labels,
      policyTypes: [rule === "ingress" ? "Ingress" : "Egress"],
      [rule]: [{ [rule === "ingress" ? "from" : "to"]: [{ podSelector: peer }], ports: [{ port: 80 }] }],
    });
    const flow = (from: Labels, to: Labels, i: number): Flow => ({
      from: { kind: "pods", namespace: "x", labels: from },
      to: { kind: "pods", namespace: "x", labels: to },
      port: { protocol: "TCP", port: 80 },
      path: `namespaces[0].flows[${i}]`,
      text: "a flow",
    });
    const canary = { matchLabels: { canary: "yes" } };
    const both: PodGroup = pod("x/both", { labels: { app: "a", canary: "yes" } });
    const specs = [
      { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
      side(app("a"), "egress", app("b")),
      side(app("b"), "ingress", app("a")),
      side(canary, "ingress", app("b")),
      side(app("b"), "egress", canary),
    ];
    const flows = [flow({ app: "a" }, { app: "b" }, 0), flow({ app: "b" }, { canary: "yes" }, 1)];
    const intent = { namespaces: [{ name: "x", path: "namespaces[0]" }], flows };
    const world = worldUnder("NetworkPolicy", specs, { pods: [pods.a, pods.b, both] });
    assert.deepEqual(prove(intent, world), { problems: [], warnings: [] });
    const [problem] = prove({ ...intent, flows: flows.slice(0, 1) }, world).problems;
    assert.match(problem?.message ?? "", /lets x\/b reach x\/both .*, which no flow declares/);
  });

  it("proves a hundred namespaces, and finds the one rule that is too wide among them", () => {
    const { plan, proofOf } = prepareProof(bigSettings(100));
    assert.deepEqual(proofOf(plan.policies), { problems: [], warnings: [] });
    const policies = plan.policies.map((policy): Policy =>
      policy.namespace === "team-42" && policy.name === "allow-app-1"
        ? {
            ...policy,
            spec: {
              ...policy.spec,
              egress: [{ to: [{ podSelector: {} }] }, ...(policy.spec as Rules).egress],
            },
          }
        : policy,
    );
    const { problems } = proofOf(policies);
    assert.equal(problems.length, 1);
    assert.match(
      problems[0] ?? "",
      /^namespaces\[42\]: NetworkPolicy team-42\/allow-app-1 spec\.egress\[0\] lets team-42\/app-1 reach/,
    );
  });
});

describe("provePolicies() among policies of others", () => {
  const prove = (object: object) => {
    const { plan, proofOf } = prepareProof(shopSettings("plain"), {
      ...shopCluster,
      policyObjects: [object],
    });
    return proofOf(plan.policies);
  };
  const metadata = { name: "theirs", namespace: "shop" };

  it("warns of what they open, and names them", () => {
    const { problems, warnings } = prove({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata,
      spec: { podSelector: {}, ingress: [{}] },
    });
    assert.deepEqual(problems, []);
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0] ?? "",
      /^NetworkPolicy shop\/theirs: .*spec\.ingress\[0\] lets .*: it is not of this stack/,
    );
  });

  it("refuses what they cut, and names them", () => {
    const { problems } = prove({
      apiVersion: "cilium.io/v2",
      kind: "CiliumNetworkPolicy",
      metadata,
      spec: {
        endpointSelector: {},
        egressDeny: [{ toEntities: ["all"], toPorts: [{ ports: [{ port: "53" }] }] }],
      },
    });
    assert.match(
      problems[0] ?? "",
      /DNS UDP 53 does not pass, .*take CiliumNetworkPolicy shop\/theirs spec\.egressDeny\[0\] away, or narrow it$/,
    );
  });

  it("warns of what it does not understand", () => {
    const { warnings } = prove({
      apiVersion: "cilium.io/v2",
      kind: "CiliumNetworkPolicy",
      metadata,
      spec: { endpointSelector: {}, egress: [{ toServices: [{}] }] },
    });
    assert.ok(
      warnings.some((text) => text.includes("toServices is not understood")),
      warnings.join("\n"),
    );
  });

  it("leaves those out that are this stack's already", () => {
    const labels = { "cluster-network/stack": "cluster-network.test" };
    const { problems, warnings } = prove({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { ...metadata, labels },
      spec: { podSelector: {}, ingress: [{}] },
    });
    assert.deepEqual([problems, warnings], [[], []]);
  });
});
