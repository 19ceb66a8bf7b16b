import { takes, refuses } from "../../../support/agent-checks.ts";

describe("clusterIdProblems()", () => {
  takes([["a cluster of a mesh with a name", { cluster: { id: 7, name: "west" } }]]);

  refuses([
    [
      "a cluster of a mesh without a name",
      { cluster: { id: 7 } },
      "cluster.name: Cluster 7 of a mesh has no name of its own: set it, such as to cluster.name",
    ],
    [
      "a cluster id out of range",
      { cluster: { id: 256, name: "west" } },
      "cluster.id: 256 is no cluster id: use 1 to 255, or 0 outside of a mesh",
    ],
  ]);
});
