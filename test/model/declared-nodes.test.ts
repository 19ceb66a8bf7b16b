import assert from "node:assert/strict";
import { declarationWarnings } from "../../model/declared-nodes.ts";
import type { LiveCluster } from "../../model/live.ts";
import { formatProblem } from "../../model/problem.ts";
import { liveCluster } from "../support/live.ts";
import { liveNode, liveNodes } from "../support/nodes.ts";
import { minimal, settingsOf } from "../support/settings.ts";

const said = (cluster: object, live: Partial<LiveCluster>): string[] =>
  declarationWarnings(settingsOf({ cluster: { ...minimal.cluster, ...cluster } }), liveCluster(live)).map(
    formatProblem,
  );

describe("declarationWarnings()", () => {
  it("says nothing of a cluster that is as it is declared", () => {
    const live = { nodes: liveNodes(3), kubernetesVersion: "v1.34.1" };
    assert.deepEqual(said({ node: { kernel: "6.8" }, kubernetesVersion: "1.34" }, live), []);
    assert.deepEqual(said({}, live), []);
  });

  it("says nothing of a cluster without nodes", () => {
    assert.deepEqual(said({ node: { kernel: "6.8" } }, { nodes: [] }), []);
  });

  for (const declared of ["5.15", "6.12"]) {
    it(`says that kernel ${declared} is not that of the nodes`, () => {
      assert.deepEqual(said({ node: { kernel: declared } }, { nodes: liveNodes(3) }), [
        `cluster.node.kernel: ${declared} is declared, and the oldest kernel of the nodes is 6.8.0-45-generic, which counts: correct it, or leave it out`,
      ]);
    });
  }

  it("says that the declared version of Kubernetes is not the API server's", () => {
    assert.match(
      said({ kubernetesVersion: "1.33" }, { kubernetesVersion: "v1.34.1" }).join(),
      /^cluster\.kubernetesVersion: 1\.33 is declared, and the version of the API server is v1\.34\.1/,
    );
  });

  it("says which sizes a cluster has outgrown", () => {
    const [warning = "", ...more] = said({}, { nodes: liveNodes(600) });
    assert.deepEqual(more, []);
    assert.match(
      warning,
      /^cluster: The cluster has 600 nodes instead of 3; sized by what is there: .*neighbours1 \d+ → \d+.*: declare what it has, or will have \(cluster\.nodes, cluster\.node\)$/,
    );
  });

  const far: [title: string, live: Partial<LiveCluster>, said: RegExp][] = [
    [
      "smaller nodes",
      { nodes: [...liveNodes(2), liveNode({ memoryBytes: 4 * 2 ** 30 })] },
      /has 4096MiB at the least instead of 8GiB/,
    ],
    [
      "larger nodes",
      { nodes: liveNodes(3, { cores: 64, memoryBytes: 256 * 2 ** 30 }) },
      /has 64 cores at the least instead of 4, 262144MiB .*conntrackMax 131072 → 2097152/,
    ],
    ["fewer nodes", { nodes: liveNodes(1) }, /has 1 nodes instead of 3/],
  ];
  for (const [title, live, expected] of far) {
    it(`says that there are ${title}`, () => {
      assert.match(said({}, live).join(), expected);
    });
  }

  it("lets pass what kubelets hold back, and a few nodes more", () => {
    assert.deepEqual(said({ nodes: 10 }, { nodes: liveNodes(12, { memoryBytes: 7.6 * 2 ** 30 }) }), []);
  });

  it("counts no nodes with another system", () => {
    const windows = liveNodes(9, { labels: { "kubernetes.io/os": "windows" }, cores: 1 });
    assert.deepEqual(said({}, { nodes: [...liveNodes(3), ...windows] }), []);
  });

  it("speaks of pools where they are declared", () => {
    const settings = settingsOf({
      cluster: {
        name: "test",
        nodePools: [{ name: "a", count: 1, cores: 4, memory: "8GiB", kernel: "5.15" }],
      },
    });
    const warnings = declarationWarnings(settings, liveCluster({ nodes: liveNodes(9) })).map(formatProblem);
    assert.match(warnings.join("\n"), /^cluster\.nodePools: 5\.15 is declared.*\n.*\(cluster\.nodePools\)$/);
  });
});
