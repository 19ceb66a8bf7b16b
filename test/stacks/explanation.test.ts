import assert from "node:assert/strict";
import { networkSizes } from "../../model/sizing/network-sizes.ts";
import { explain, type Explanation, renderExplanation, renderImages } from "../../stacks/explanation.ts";
import { minimal, settingsOf } from "../support/settings.ts";

function explained(raw: object): Explanation {
  const { explanation } = explain({ ...minimal, ...raw });
  assert.ok(explanation);
  return explanation;
}

const pools = [
  { name: "web", count: 2, cores: 4, memory: "16GiB" },
  { name: "data", count: 1, cores: 32, memory: "128GiB" },
];

describe("explain()", () => {
  for (const [what, cluster] of [
    ["one kind of nodes", minimal.cluster],
    ["pools", { name: "test", nodePools: pools }],
  ] as const) {
    it(`has every number once, with ${what}`, () => {
      const names = Object.values(explained({ cluster }).sizes).flatMap((group) => Object.keys(group));
      assert.deepEqual(names.sort(), Object.keys(networkSizes(settingsOf({ cluster })).all).sort());
    });
  }

  it("says what a profile chose, and what the stack has put in its place", () => {
    const small = explained({ profile: "small", calico: { flows: true } });
    const flows = small.choices.find(({ path }) => path === "calico.flows");
    assert.deepEqual([flows?.chosen, flows?.holds], [false, true]);
    const text = renderExplanation(small, "x", 200);
    assert.match(text, /calico\.flows +true +the stack's own; the profile's false: two Deployments/);
  });

  it("shows no choice for the datapath that is not deployed as if it held", () => {
    const small = explained({ profile: "small", datapath: "cilium" });
    const dataplane = small.choices.find(({ path }) => path === "calico.dataplane");
    assert.deepEqual([dataplane?.chosen, dataplane?.holds], ["iptables", undefined]);
    assert.match(
      renderExplanation(small, "x", 300),
      /calico\.dataplane +- +of the other datapath; the profile's iptables: it works/,
    );
  });

  it("has the addresses of Calico instead of Cilium's maps", () => {
    const { sizes } = explained({ datapath: "calico" });
    assert.deepEqual(Object.keys(sizes), [
      "The load that all follows from",
      "Every node",
      "What follows from it",
    ]);
    assert.deepEqual(sizes["What follows from it"], {
      addressBlocks: {
        value: 1024,
        unit: "blocks",
        because: "10.244.0.0/16 in blocks of /26; 3 nodes take one each at least",
        source: "Calico's IPAM: a node takes blocks of the pool",
      },
      blocksPerNode: {
        value: 2,
        unit: "blocks",
        because: "110 pods in blocks of 64 addresses",
        source: "Calico's IPAM: a node takes blocks of the pool",
      },
    });
  });

  it("has the adviser's word", () =>
    assert.match(
      explained({ profile: "multi-cloud" }).advice[0] ?? "",
      /^cilium\.clusterMesh: multi-cloud without/,
    ));

  it("refuses nodes that cannot run what is asked for", () => {
    const { explanation, problems } = explain({ cluster: { ...minimal.cluster, node: { kernel: "5.4" } } });
    assert.equal(explanation, undefined);
    assert.deepEqual(
      problems.map(({ path }) => path),
      ["cilium.version"],
    );
  });

  it("keeps what is hardly missed out of the advice", () => {
    const old = explained({ cluster: { ...minimal.cluster, node: { kernel: "6.1" } } });
    assert.deepEqual([old.advice, old.notes.length], [[], 1]);
    assert.match(
      renderExplanation(old, "x", 200),
      /\n\nWorth knowing\n {2}- cilium\.values\.bpf\.enableTCX: /,
    );
  });

  it("lists the images, and where a mirror has them from", () => {
    const mirrored = explained({ cilium: { imageRegistry: "registry.example/m", version: "1.20.99" } });
    const text = renderExplanation(mirrored, "x", 200);
    assert.match(
      text,
      /^Images\n {2}docker\.io\/library\/busybox:1\.37\.0\n {2}registry\.example\/m\/cilium\/cilium-envoy:(\S+) from quay\.io\/cilium\/cilium-envoy:\1 \(perhaps with another tag/m,
    );
    assert.match(
      renderImages(mirrored),
      /^quay\.io\/cilium\/cilium:v1\.20\.99 registry\.example\/m\/cilium\/cilium:v1\.20\.99$/m,
    );
  });

  it("has the problems instead where the settings are wrong", () => {
    const { explanation, problems } = explain({ cluster: { name: "test", nodes: 0 } });
    assert.equal(explanation, undefined);
    assert.deepEqual(
      problems.map(({ path }) => path),
      ["cluster.nodes"],
    );
  });
});

describe("renderExplanation()", () => {
  const text = (width: number): string =>
    renderExplanation(explained({ cluster: { name: "test", nodePools: pools } }), "Pulumi.test.yaml", width);

  it("shows value, unit, reason and source of a number in one row", () =>
    assert.match(
      text(300),
      /^ {2}conntrackMax +131,072 connections +max\(131072, 32768 × 4 cores\) \[kube-proxy --conntrack-min, --conntrack-max-per-core\]$/m,
    ));

  it("names the cluster, its pools, and the numbers of each", () => {
    assert.match(
      text(300),
      /^Pulumi\.test\.yaml: test: 2 web \(4 cores, 16GiB\) \+ 1 data \(32 cores, 128GiB\)/,
    );
    assert.match(text(300), /^By pool\n {2}web\.bpfCtTcp/m);
  });

  it("keeps to the width of the terminal", () => {
    for (const line of text(120).split("\n").slice(1)) assert.ok(line.length <= 121, line);
  });
});
