import assert from "node:assert/strict";
import { mutantsOf } from "../../support/mutants.ts";
import { doTheSame, prepareProof } from "../../support/proof.ts";
import { shopCluster, shopSettings, withNodeLocalDns } from "../../support/shop-settings.ts";

const noCilium = { cilium: { enabled: false } };
const inCilium = { policies: { dialect: "cilium" } };
const wide = { policies: { dialect: "cilium", baseline: "cluster-wide" } };
const byAdministrators = { ...noCilium, policies: { baseline: "cluster-network-policy" } };
const servesThem = { ...shopCluster, clusterPolicies: [] };
/** Every `share`-th mutant: all of them take a minute (ALL_MUTANTS=1). */
const cases: [name: string, raw: object, live: object, share: number][] = [
  ["NetworkPolicies", shopSettings("plain", noCilium), shopCluster, 2],
  ["NetworkPolicies with every kind of flow", shopSettings("wider", noCilium), shopCluster, 16],
  ["both kinds under Cilium", shopSettings("cilium"), shopCluster, 16],
  ["Cilium's policies", shopSettings("cilium", inCilium), shopCluster, 16],
  ["a baseline for the whole cluster", shopSettings("cilium", wide), shopCluster, 16],
  ["a ClusterNetworkPolicy as baseline", shopSettings("plain", byAdministrators), servesThem, 16],
  ["NodeLocal DNS", shopSettings("wider", noCilium), withNodeLocalDns, 32],
  ["NodeLocal DNS under Cilium", shopSettings("cilium"), withNodeLocalDns, 32],
];

describe("prove() finds what is wrong with the policies", () => {
  for (const [name, raw, live, share] of cases) {
    it(`every mutant of ${name} that does not do the same as before`, () => {
      const { plan, proofOf, world } = prepareProof(raw, live);
      assert.deepEqual([plan.problems, proofOf(plan.policies)], [[], { problems: [], warnings: [] }]);
      const all = mutantsOf(plan.policies);
      const mutants = process.env.ALL_MUTANTS ? all : all.filter((_, i) => i % share === 0);
      const overlooked = mutants.filter(({ policies }) => proofOf(policies).problems.length === 0);
      const before = world(plan.policies);
      const survivors = overlooked.filter(
        ({ policies }) => !doTheSame(before, world(policies), new Set(["shop", "payments"])),
      );
      assert.deepEqual(
        survivors.map((mutant) => mutant.name),
        [],
      );
      // What does the same is the smaller part: mutants are worth something.
      assert.ok(overlooked.length < mutants.length / 2, `${overlooked.length} of ${mutants.length}`);
    }).timeout(60_000);
  }

  it("knows which kinds of mutants do the same, and why", () => {
    const { plan, proofOf } = prepareProof(shopSettings("plain", noCilium), shopCluster);
    const overlooked = mutantsOf(plan.policies).filter(
      ({ policies }) => proofOf(policies).problems.length === 0,
    );
    assert.deepEqual(
      [...new Set(overlooked.map(({ what }) => what))].sort(),
      [
        // allow-dns where allow-all-pods has the same rule, and the same peer by another flow.
        "item is dropped",
        // The policy's own namespace is what a peer without namespaceSelector means.
        "namespaceSelector is left out",
        // TCP is the default.
        "protocol is left out",
        // Without it a policy with egress rules is for both directions, and default-deny isolates for both.
        "policyTypes is left out",
        // Some other policy that selects the same pods isolates for that direction.
        "policyTypes lacks Egress",
        "policyTypes lacks Ingress",
        "policy is missing",
        "policy is in another namespace",
        "egress is left out",
        "podSelector selects one workload",
        "protocol is another",
      ].sort(),
    );
  });
});
