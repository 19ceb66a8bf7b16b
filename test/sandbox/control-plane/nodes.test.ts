import assert from "node:assert/strict";
import { nodeObjects } from "../../../sandbox/control-plane/nodes.ts";
import { plan } from "../../../sandbox/control-plane/options.ts";
import type { NodePool } from "../../../sandbox/control-plane/options.ts";

const programs = { controlPlane: "/c", kwok: { path: "/k", stages: "/s" } };
const objects = (...nodes: NodePool[]) => nodeObjects(plan({ programs, nodes }).nodes);

describe("nodeObjects()", () => {
  it("describes a machine as its kubelet would", () => {
    const [node] = objects({
      count: 1,
      cores: 4,
      memory: "16GiB",
      kernelVersion: "6.8.0",
      kubernetesVersion: "v1.34.1",
      labels: { "topology.kubernetes.io/zone": "a" },
    });
    assert.deepEqual(node?.metadata.labels, {
      "beta.kubernetes.io/arch": "amd64",
      "beta.kubernetes.io/os": "linux",
      "kubernetes.io/arch": "amd64",
      "kubernetes.io/hostname": "node-1",
      "kubernetes.io/os": "linux",
      "topology.kubernetes.io/zone": "a",
    });
    assert.equal(node.status.capacity.memory, "16777216Ki");
    assert.equal(node.status.allocatable.memory, "16674816Ki");
    assert.equal(node.status.capacity.cpu, "4");
    assert.equal(node.status.nodeInfo.kernelVersion, "6.8.0");
    assert.equal(node.status.nodeInfo.kubeletVersion, "v1.34.1");
  });

  it("gives every node a name and an address of its own, across pools", () => {
    const nodes = objects({ count: 2 }, { count: 250, name: "big" }, { count: 1 });
    assert.deepEqual(
      [nodes[0], nodes[1], nodes[2], nodes[252]].map((node) => node?.metadata.name),
      ["node-1", "node-2", "big-1", "node-3"],
    );
    assert.equal(new Set(nodes.map((node) => node.metadata.name)).size, 253);
    assert.equal(new Set(nodes.map((node) => node.status.addresses[0]?.address)).size, 253);
    assert.equal(nodes[252]?.status.addresses[0]?.address, "172.18.0.254");
  });
});
