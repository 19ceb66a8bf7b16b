import assert from "node:assert/strict";
import { judgeKubernetes } from "../../../../model/cilium/gate/kubernetes.ts";
import { formatProblem } from "../../../../model/problem.ts";

function said(minor: number, kubernetes: string) {
  const { problems, warnings } = judgeKubernetes({ minor, patch: 0 }, kubernetes, "p");
  return { problems: problems.map(formatProblem), warnings: warnings.map(formatProblem) };
}

describe("judgeKubernetes()", () => {
  const silent = { problems: [], warnings: [] };

  it("says nothing of what is tested", () => {
    for (const [minor, kubernetes] of [
      [14, "v1.19.0"],
      [15, "1.29"],
      [20, "v1.36.3"],
    ] as const)
      assert.deepEqual(said(minor, kubernetes), silent);
  });

  it("refuses what the chart refuses", () => {
    assert.deepEqual(said(20, "v1.20.15"), {
      problems: [
        "p: Helm refuses chart 1.20 on Kubernetes 1.20.15: it is for 1.21 and newer: upgrade Kubernetes, or use chart 1.15",
      ],
      warnings: [],
    });
    assert.equal(said(15, "1.16.0").problems.length, 0);
    assert.equal(said(15, "1.15.9").problems.length, 1);
  });

  it("warns of what is older or newer than what was tested, and names the charts that were", () => {
    assert.deepEqual(said(15, "v1.36.3").warnings, [
      "p: Kubernetes 1.36.3 is newer than what Cilium 1.15 is tested with (1.26 to 1.29): use chart 1.20, which is",
    ]);
    assert.match(
      said(20, "v1.30.1").warnings[0] ?? "",
      /older than .*: use chart 1\.16 or 1\.17 or 1\.18, which are$/,
    );
    assert.match(said(20, "v1.37.0").warnings[0] ?? "", /: try it on a cluster that nobody needs first$/);
  });

  it("takes a provider's version by its numbers", () => {
    assert.deepEqual(said(20, "v1.34.1-eks-113cf36"), silent);
  });
});
