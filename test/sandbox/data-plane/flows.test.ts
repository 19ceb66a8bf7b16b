import assert from "node:assert/strict";
import { parseFlows } from "../../../sandbox/data-plane/flows.ts";

/** As an agent 1.15.19 printed it, shortened. */
const allowed = {
  flow: {
    time: "2026-11-24T18:11:57Z",
    verdict: "FORWARDED",
    IP: { source: "10.244.0.80", destination: "10.244.0.92" },
    l4: { TCP: { source_port: 40000, destination_port: 8080 } },
    source: {
      namespace: "shop",
      pod_name: "api-gateway-1",
      labels: ["k8s:app.kubernetes.io/name=api-gateway"],
    },
    destination: { namespace: "shop", pod_name: "api-backend-1", labels: [] },
    node_name: "node-1",
    traffic_direction: "EGRESS",
    is_reply: false,
    egress_allowed_by: [{ name: "allow-api-gateway", namespace: "shop" }],
  },
};
const denied = {
  flow: {
    time: "2026-11-24T18:11:58Z",
    verdict: "DROPPED",
    drop_reason_desc: "POLICY_DENIED",
    IP: { source: "10.244.0.80", destination: "172.18.0.1" },
    l4: { UDP: { source_port: 40001, destination_port: 53 } },
    source: { namespace: "shop", pod_name: "api-gateway-1" },
    destination: { labels: ["reserved:world"] },
    traffic_direction: "EGRESS",
  },
};

describe("parseFlows()", () => {
  const read = (...lines: readonly object[]) =>
    parseFlows(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));

  it("tells who talked to whom, and which policy allowed it", () => {
    assert.deepEqual(read(allowed), [
      {
        time: "2026-11-24T18:11:57Z",
        node: "node-1",
        verdict: "FORWARDED",
        direction: "EGRESS",
        isReply: false,
        protocol: "TCP",
        from: {
          namespace: "shop",
          pod: "api-gateway-1",
          labels: ["k8s:app.kubernetes.io/name=api-gateway"],
          address: "10.244.0.80",
          port: 40000,
        },
        to: { namespace: "shop", pod: "api-backend-1", labels: [], address: "10.244.0.92", port: 8080 },
        allowedBy: ["shop/allow-api-gateway"],
      },
    ]);
  });

  it("tells why a packet was dropped, and knows no pod where there is none", () => {
    const [flow] = read(denied);
    assert.equal(flow?.dropReason, "POLICY_DENIED");
    assert.deepEqual(flow.to, { labels: ["reserved:world"], address: "172.18.0.1", port: 53 });
    assert.deepEqual(flow.allowedBy, []);
  });

  it("passes over what is no flow", () => {
    assert.deepEqual(read({ node_status: { state_change: "NODE_CONNECTED" } }), []);
    assert.deepEqual(parseFlows(""), []);
  });
});
