import assert from "node:assert/strict";
import { judge } from "../../../model/reachability/index.ts";
import { cilium, endOf, judged, worldOf } from "../../support/reachability/cilium-case.ts";
import { ciliumPeers } from "../../support/reachability/cilium-peers.ts";
import { ciliumRules } from "../../support/reachability/cilium-rules.ts";

describe("judge() in Cilium's dialect", () => {
  for (const difference of [...ciliumPeers, ...ciliumRules]) {
    it(`${difference.title} (${difference.source})`, () => {
      assert.deepEqual(judged(worldOf(difference, "cilium"), difference.cilium), difference.cilium);
      const { kubernetes } = difference;
      if (kubernetes) assert.deepEqual(judged(worldOf(difference, "kubernetes"), kubernetes), kubernetes);
    });
  }

  it("a rule for requests lets the connection pass for these only (Documentation/security/policy/layer7.rst)", () => {
    const http = [{ method: "GET", path: "/public" }];
    const policies = [
      cilium({ ingress: [{ toPorts: [{ ports: [{ port: "80", protocol: "TCP" }], rules: { http } }] }] }),
    ];
    const world = worldOf({ title: "", source: "", policies, cilium: [] }, "cilium");
    const verdict = judge(world, {
      from: endOf("shop/client"),
      to: endOf("shop/server"),
      protocol: "TCP",
      port: 80,
    });
    assert.equal(verdict.allowed, true);
    assert.deepEqual(verdict.ingress.onlyFor, ["GET /public"]);
  });
});
