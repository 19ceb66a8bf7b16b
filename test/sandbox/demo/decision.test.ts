import assert from "node:assert/strict";
import type { V1NetworkPolicy } from "@kubernetes/client-node";
import type { Flow } from "../../../sandbox/data-plane/index.ts";
import { decisionOf, defaultDenies, isExplained } from "../../../sandbox/demo/decision.ts";
import { after, afterBut, connections, titleOf } from "./attempts.ts";

const ends = { pod: "shop/web-1", address: "10.244.0.7" };
const find = (title: string) => {
  const found = connections.find((one) => titleOf(one) === title);
  assert.ok(found);
  return found;
};
const flow = (over: Partial<Flow> = {}): Flow => ({
  time: "2026-01-01T00:00:00Z",
  node: "node-1",
  verdict: "FORWARDED",
  direction: "EGRESS",
  isReply: false,
  protocol: "TCP",
  from: { namespace: "shop", pod: "web-1", labels: [] },
  to: { address: "10.244.0.7", port: 5432, labels: [] },
  allowedBy: [],
  ...over,
});

describe("decisionOf()", () => {
  const toDb = find("shop/web → db");

  it("tells the policies of both sides apart, each once and in order", () => {
    const flows = [
      flow({ allowedBy: ["shop/z", "shop/a"] }),
      flow({ allowedBy: ["shop/a"] }),
      flow({ direction: "INGRESS", allowedBy: ["shop/in"] }),
      flow(),
    ];
    assert.deepEqual(decisionOf(toDb, ends, flows), { egress: ["shop/a", "shop/z"], ingress: ["shop/in"] });
  });

  it("tells on which side a policy denied it", () => {
    const dropped = { verdict: "DROPPED", dropReason: "POLICY_DENIED" };
    assert.equal(decisionOf(toDb, ends, [flow(dropped)]).deniedOn, "egress");
    assert.equal(decisionOf(toDb, ends, [flow({ ...dropped, direction: "INGRESS" })]).deniedOn, "ingress");
  });

  for (const [what, over] of Object.entries<Partial<Flow>>({
    "of another pod": { from: { namespace: "shop", pod: "web-2", labels: [] } },
    "to another address": { to: { address: "10.244.0.8", port: 5432, labels: [] } },
    "to another port": { to: { address: "10.244.0.7", port: 8080, labels: [] } },
    "by another protocol": { protocol: "UDP" },
    "that answer": { isReply: true },
    "dropped for another reason": { dropReason: "STALE_OR_UNROUTABLE_IP" },
  })) {
    it(`passes over flows ${what}`, () => {
      const dropped = { verdict: "DROPPED", dropReason: "POLICY_DENIED" };
      assert.deepEqual(decisionOf(toDb, ends, [flow({ ...dropped, ...over })]), { egress: [], ingress: [] });
    });
  }

  it("finds DNS behind its Service, by both protocols", () => {
    const to = { namespace: "kube-system", pod: "coredns-1", address: "10.244.1.9", port: 53, labels: [] };
    const flows = ["UDP", "TCP"].map((protocol) =>
      flow({ protocol, to, allowedBy: [`shop/dns-${protocol}`] }),
    );
    assert.deepEqual(decisionOf(find("shop/web → DNS"), { ...ends, address: "10.96.0.10" }, flows).egress, [
      "shop/dns-TCP",
      "shop/dns-UDP",
    ]);
  });
});

describe("isExplained()", () => {
  it("holds where a policy is named for each isolated side, or one that denied", () => {
    assert.deepEqual(
      after.filter((one) => !isExplained(one)),
      [],
    );
  });

  it("does not hold while Hubble has told nothing", () => {
    const decision = { egress: [], ingress: [] };
    const untold = afterBut({ "shop/web → db": { decision }, "shop/db → web": { decision } });
    assert.deepEqual(untold.filter((one) => !isExplained(one)).map(titleOf), [
      "shop/web → db",
      "shop/db → web",
    ]);
  });
});

describe("defaultDenies()", () => {
  const policy = (name: string, spec: V1NetworkPolicy["spec"]): V1NetworkPolicy => ({
    metadata: { namespace: "shop", name },
    ...(spec && { spec }),
  });
  const both = ["Ingress", "Egress"];
  const policies = [
    policy("deny", { podSelector: {}, policyTypes: both }),
    policy("one-way", { podSelector: {}, policyTypes: ["Egress"] }),
    policy("some-pods", { podSelector: { matchLabels: { app: "web" } }, policyTypes: both }),
    policy("allows", { podSelector: {}, policyTypes: both, egress: [{}], ingress: [{}] }),
  ];

  it("finds what isolates every pod and allows nothing, for the side", () => {
    assert.deepEqual(defaultDenies(policies, "shop", "egress"), ["shop/deny", "shop/one-way"]);
    assert.deepEqual(defaultDenies(policies, "shop", "ingress"), ["shop/deny"]);
  });

  it("looks into the one namespace only", () => {
    assert.deepEqual(defaultDenies(policies, "lab", "egress"), []);
  });
});
