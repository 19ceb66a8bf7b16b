import { expectReach, worldUnder } from "../../support/reach.ts";
import { readPolicies, type World } from "../../../model/reachability/index.ts";

const every = { namespaces: {} };
const named = (app: string) => ({ pods: { namespaceSelector: {}, podSelector: { matchLabels: { app } } } });
const tcp = (number: number) => ({ protocols: [{ tcp: { destinationPort: { number } } }] });
const policy = (tier: "Admin" | "Baseline", priority: number, ...ingress: object[]) => ({
  tier,
  priority,
  subject: named("b"),
  ingress,
});
const rule = (action: string, from: object, more: object = {}) => ({
  name: "r",
  action,
  from: [from],
  ...more,
});

const cases: [says: string, specs: readonly object[], passes: string[], denied: string[]][] = [
  [
    "the first rule that matches decides",
    [policy("Admin", 1, rule("Accept", named("a"), tcp(80)), rule("Deny", every))],
    ["a -> b TCP 80", "8.8.8.8 -> b"],
    ["a -> b TCP 81", "bare -> b"],
  ],
  [
    "the lowest priority comes first",
    [policy("Admin", 2, rule("Deny", every)), policy("Admin", 1, rule("Accept", named("a")))],
    ["a -> b"],
    ["bare -> b"],
  ],
  [
    "Pass leaves it to the next tier",
    [
      policy("Admin", 1, rule("Pass", named("a")), rule("Deny", every)),
      policy("Baseline", 0, rule("Deny", every, tcp(81))),
    ],
    ["a -> b TCP 80"],
    ["a -> b TCP 81", "bare -> b"],
  ],
  [
    "Baseline decides where nothing else does",
    [policy("Baseline", 0, rule("Deny", every))],
    ["8.8.8.8 -> b", "b -> a"],
    ["a -> b", "ya -> b", "a -> yb"],
  ],
];

describe("ClusterNetworkPolicy", () => {
  for (const [says, specs, passes, denied] of cases) {
    it(says, () => expectReach(worldUnder("ClusterNetworkPolicy", specs), passes, denied));
  }

  it("stands above NetworkPolicies as Admin, below them as Baseline", () => {
    const spec = {
      podSelector: { matchLabels: { app: "b" } },
      ingress: [{ from: [{ podSelector: { matchLabels: { app: "a" } } }] }],
    };
    const metadata = { name: "np", namespace: "x" };
    const { policies } = readPolicies([
      { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec },
    ]);
    const both = (world: World): World => ({ ...world, policies: [...world.policies, ...policies] });
    const denies = worldUnder("ClusterNetworkPolicy", [
      policy("Admin", 1, rule("Deny", named("a")), rule("Accept", named("bare"), tcp(80))),
    ]);
    expectReach(both(denies), [], ["a -> b", "bare -> b"]);
    const base = worldUnder("ClusterNetworkPolicy", [policy("Baseline", 1, rule("Deny", every))]);
    expectReach(both(base), ["a -> b"], ["bare -> b", "a -> yb"]);
  });
});
