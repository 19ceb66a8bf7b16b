import assert from "node:assert/strict";
import { agentNodes, operatorNodesOf } from "../../../model/cilium/placement.ts";
import type { LiveNode } from "../../../model/live-nodes.ts";
import { liveNode } from "../../support/nodes.ts";
import { settingsOf } from "../../support/settings.ts";

const controlPlane = liveNode({
  name: "cp",
  taints: [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }],
});
const gpu = liveNode({ name: "gpu", taints: [{ key: "gpu", effect: "NoSchedule", value: "yes" }] });
const windows = liveNode({ name: "win", labels: { "kubernetes.io/os": "windows" } });
const nodes = [controlPlane, gpu, windows, liveNode()];

describe("agentNodes()", () => {
  it("are those with Linux, whatever their taints", () => {
    const found = agentNodes(settingsOf({}).cilium, nodes);
    assert.deepEqual(
      found.map(({ name }) => name),
      ["cp", "gpu", "worker-1"],
    );
  });
});

describe("operatorNodesOf()", () => {
  const taking = (cilium: object, given: readonly LiveNode[] = nodes) =>
    operatorNodesOf(settingsOf({ cilium }), { nodes: given })?.taking;

  it("are those whose taints the chart's operator tolerates", () => {
    assert.equal(taking({ version: "1.17.0" }), 3);
    assert.equal(taking({ version: "1.18.0" }), 2);
  });

  it("follow the user's own values", () => {
    assert.equal(taking({ values: { operator: { tolerations: [{ key: "gpu", value: "yes" }] } } }), 2);
    assert.equal(taking({ values: { operator: { nodeSelector: { role: "infra" } } } }), 0);
  });

  it("are unknown before the first node", () => {
    assert.equal(taking({}, []), undefined);
  });
});
