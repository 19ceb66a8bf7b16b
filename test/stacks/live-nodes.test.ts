import assert from "node:assert/strict";
import type { ClusterReader } from "../../components/cluster-reader.ts";
import { fillPool } from "../../sandbox/control-plane/options.ts";
import { nodeObjects } from "../../sandbox/control-plane/nodes.ts";
import { readNodes } from "../../stacks/live-nodes.ts";

const reading = (items: unknown): ClusterReader => ({
  server: "https://cluster.example",
  get: <T>(path: string) => Promise.resolve((path.startsWith("/api/v1/nodes?") ? { items } : undefined) as T),
  list: () => assert.fail("metadata alone does not tell"),
});

describe("readNodes()", () => {
  it("keeps of a node what is looked at", async () => {
    const [object] = nodeObjects([
      fillPool({ name: "a", count: 1, cores: 4, memory: "8GiB", kernelVersion: "6.1.0" }),
    ]);
    const taint = { key: "gpu", value: "yes", effect: "NoSchedule", timeAdded: "2026-01-01T00:00:00Z" };
    const nodes = await readNodes(reading([{ ...object, spec: { taints: [taint] } }]));
    assert.deepEqual(
      nodes.map(({ labels, ...node }) => ({ ...node, os: labels["kubernetes.io/os"] })),
      [
        {
          name: "a-1",
          os: "linux",
          taints: [{ key: "gpu", value: "yes", effect: "NoSchedule" }],
          kernel: "6.1.0",
          architecture: "amd64",
          cores: 4,
          memoryBytes: 8 * 2 ** 30,
        },
      ],
    );
  });

  it("finds the addresses of Calico's tunnels", async () => {
    const [object] = nodeObjects([
      fillPool({ name: "a", count: 1, cores: 4, memory: "8GiB", kernelVersion: "6.1.0" }),
    ]);
    const annotations = {
      "projectcalico.org/IPv4Address": "10.0.0.7/24",
      "projectcalico.org/IPv4VXLANTunnelAddr": "10.244.7.1",
    };
    const [node] = await readNodes(reading([{ ...object, metadata: { ...object?.metadata, annotations } }]));
    assert.deepEqual(node?.tunnels, ["10.244.7.1"]);
  });

  it("passes over nodes that no kubelet has reported yet", async () => {
    assert.deepEqual(await readNodes(reading([{ metadata: { name: "new" } }])), []);
  });

  it("finds none in a cluster without nodes", async () => {
    assert.deepEqual(await readNodes(reading(null)), []);
  });
});
