import assert from "node:assert/strict";
import { type GatedCluster, judgeCluster, oldestKernel } from "../../../../model/cilium/gate/index.ts";
import { formatProblem } from "../../../../model/problem.ts";
import { liveNode, liveNodes } from "../../../support/nodes.ts";
import { minimal, settingsOf } from "../../../support/settings.ts";

function said(raw: object, live?: GatedCluster) {
  const { problems, warnings } = judgeCluster(settingsOf(raw), live);
  return { problems: problems.map(formatProblem), warnings: warnings.map(formatProblem) };
}

const withKernel = (kernel: string, cilium: object = {}, more: object = {}) =>
  said({ cluster: { ...minimal.cluster, node: { kernel }, ...more }, cilium });

const noted = (kernel: string): string[] =>
  judgeCluster(settingsOf({ cluster: { ...minimal.cluster, node: { kernel } } })).notes.map(formatProblem);

const silent = { problems: [], warnings: [] };

describe("judgeCluster(), before the nodes are there", () => {
  it("refuses a declared kernel that is too old for the chart", () => {
    assert.deepEqual(withKernel("5.4").problems, [
      "cilium.version: Cilium 1.20.2 needs kernel 5.10, and cluster.node.kernel (5.4) is older: no agent would start there: upgrade the kernel there, or use an older chart; where the kernel has it all the same, say cluster.kernelHas: [base]",
    ]);
  });

  const bases: [version: string, tooOld: string, enough: string][] = [
    ["1.15.19", "4.19.56", "4.19.57"],
    ["1.16.0", "5.3.18", "5.4"],
    ["1.17.0", "5.3.18", "5.4"],
    ["1.18.0", "5.9", "5.10"],
    ["1.15.19", "3.10.0-1160.el7.x86_64", "4.18.0-80.el8.x86_64"],
    ["1.20.2", "4.18.0-305.el8.x86_64", "4.18.0-372.9.1.el8.x86_64"],
  ];
  for (const [version, tooOld, enough] of bases) {
    it(`lets chart ${version} have ${enough}, and not ${tooOld}`, () => {
      assert.equal(withKernel(tooOld, { version }).problems.length, 1);
      assert.deepEqual(withKernel(enough, { version }).problems, []);
    });
  }

  it("judges each pool by its own kernel", () => {
    const pool = (name: string, kernel?: string) => ({ name, count: 2, cores: 4, memory: "8GiB", kernel });
    const { problems } = said({
      cluster: { name: "test", nodePools: [pool("old", "4.14"), pool("new", "6.8"), pool("unknown")] },
    });
    assert.match(problems.join(), /and pool old \(4\.14\) is older/);
  });

  it("says nothing where nothing is known", () => {
    assert.deepEqual(said({}), silent);
  });

  it("judges the declared Kubernetes", () => {
    const cluster = { ...minimal.cluster, kubernetesVersion: "1.20" };
    assert.match(
      said({ cluster }).problems.join(),
      /^cluster\.kubernetesVersion: Helm refuses chart 1\.20 on /,
    );
  });
});

describe("judgeCluster(), by what the values turn on", () => {
  const wireguard = { encryption: { type: "wireguard" } };
  const bbr = { bandwidthManager: { enabled: true, bbr: true } };
  const refused: [title: string, kernel: string, cilium: object, said: RegExp][] = [
    [
      "BBR by an option",
      "5.15.0-91-generic",
      bbr,
      /^cilium\.bandwidthManager: BBR for pods needs kernel 5\.18, and cluster\.node\.kernel \(5\.15\.0-91-generic\) is older: no agent would start there: upgrade the kernel there, or turn it off; where .* cluster\.kernelHas: \[bbr\]$/,
    ],
    [
      "BBR by a chart value",
      "5.15",
      { values: { bandwidthManager: { enabled: true, bbr: true } } },
      /^cilium\.values\.bandwidthManager\.bbr: /,
    ],
    [
      "netkit",
      "6.7",
      { values: { bpf: { datapathMode: "netkit", tproxy: false } } },
      /^cilium\.values\.bpf\.datapathMode: Netkit .* needs kernel 6\.8/,
    ],
    [
      "WireGuard",
      "5.4",
      { version: "1.16.0", ...wireguard },
      /^cilium\.encryption\.type: WireGuard needs kernel 5\.6/,
    ],
    [
      "the egress gateway",
      "4.19.57",
      { version: "1.15.19", egressGateway: true },
      /^cilium\.egressGateway: .* 5\.2/,
    ],
    [
      "SCTP",
      "4.19.57",
      { version: "1.15.19", values: { sctp: { enabled: true } } },
      /^cilium\.values\.sctp\.enabled: /,
    ],
    [
      "an option of the agent's",
      "4.19.57",
      { version: "1.15.19", values: { extraConfig: { "enable-vtep": "true" } } },
      /: The integration of VXLAN tunnel endpoints needs kernel 5\.2/,
    ],
  ];
  for (const [title, kernel, cilium, expected] of refused) {
    it(`refuses ${title} on ${kernel}`, () => {
      const { problems } = withKernel(kernel, cilium);
      assert.equal(problems.length, 1, problems.join("\n"));
      assert.match(problems[0] ?? "", expected);
    });
  }

  const let_through: [title: string, kernel: string, cilium: object][] = [
    ["BBR where the bandwidth manager is off", "5.15", { values: { bandwidthManager: { bbr: true } } }],
    ["BBR on a newer kernel", "5.18", bbr],
    ["WireGuard on Ubuntu's 5.4", "5.4.0-150-generic", { version: "1.17.0", ...wireguard }],
    ["the egress gateway of newer charts", "5.4", { version: "1.16.0", egressGateway: true }],
    ["Cilium that others look after", "4.4", { enabled: false }],
  ];
  for (const [title, kernel, cilium] of let_through) {
    it(`lets ${title} through`, () => {
      assert.deepEqual(withKernel(kernel, cilium).problems, []);
    });
  }

  it("takes the user's word for what a kernel has", () => {
    assert.deepEqual(withKernel("5.15", bbr, { kernelHas: ["bbr"] }), silent);
  });

  it("only warns of Red Hat's kernels, whose number does not tell", () => {
    const { problems, warnings } = withKernel("5.14.0-427.13.1.el9_4.x86_64", bbr);
    assert.deepEqual(problems, []);
    assert.equal(warnings.length, 1, "what the agent copes with by itself is not guessed at");
    assert.match(
      warnings[0] ?? "",
      /^cilium\.bandwidthManager: .* Red Hat.*: try it on one node, then say cluster\.kernelHas: \[bbr\]$/,
    );
  });

  const lost: [title: string, kernel: string, cilium: object, path: string][] = [
    ["routing past the host's stack", "5.9", { version: "1.17.0" }, "cilium.values.bpf.hostLegacyRouting"],
    ["tproxy", "5.4", { version: "1.17.0" }, "cilium.values.bpf.tproxy"],
    ["session affinity", "5.4", { version: "1.17.0" }, "cilium.values.kubeProxyReplacement"],
    [
      "the bandwidth manager",
      "4.19.57",
      { version: "1.15.19", bandwidthManager: { enabled: true } },
      "cilium.bandwidthManager",
    ],
    ["BIG TCP", "6.1", { values: { enableIPv4BIGTCP: true } }, "cilium.values.enableIPv4BIGTCP"],
    [
      "WireGuard in the kernel",
      "5.4",
      { version: "1.16.0", ...wireguard, values: { encryption: { wireguard: { userspaceFallback: true } } } },
      "cilium.values.encryption.wireguard.userspaceFallback",
    ],
  ];
  for (const [title, kernel, cilium, path] of lost) {
    it(`warns of what is lost without ${title}`, () => {
      const { problems, warnings } = withKernel(kernel, cilium);
      assert.deepEqual(problems, []);
      const [warning = ""] = warnings.filter((text) => text.startsWith(`${path}: `));
      assert.match(
        warning,
        /needs kernel \d.* is older: .*: upgrade the kernel there, or /,
        warnings.join("\n"),
      );
    });
  }

  it("notes what is hardly missed", () => {
    assert.match(
      noted("6.1").join(),
      /^cilium\.values\.bpf\.enableTCX: .* needs kernel 6\.6, .*tc attaches them/,
    );
    assert.deepEqual(noted("6.6"), []);
  });

  it("loses nothing that is turned off", () => {
    const values = { bpf: { hostLegacyRouting: true, tproxy: false } };
    assert.deepEqual(withKernel("5.7", { version: "1.17.0", values }), silent);
    assert.deepEqual(
      withKernel("5.9", {
        version: "1.17.0",
        encryption: { type: "ipsec" },
      }),
      silent,
    );
  });
});

describe("judgeCluster(), with live nodes", () => {
  it("names the nodes, those with the oldest kernel first", () => {
    const nodes = [
      ...liveNodes(3, { kernel: "5.4.0-150-generic" }),
      liveNode({ name: "veteran", kernel: "4.14.336" }),
      liveNode({ name: "young" }),
    ];
    assert.match(
      said({}, { nodes }).problems.join(),
      /needs kernel 5\.10, and veteran \(4\.14\.336\), worker-1 \(5\.4\.0-150-generic\), worker-2 \(5\.4\.0-150-generic\) and 1 more are older/,
    );
  });

  it("believes them rather than the declaration", () => {
    const cluster = { ...minimal.cluster, node: { kernel: "4.4" }, kubernetesVersion: "1.15" };
    assert.deepEqual(said({ cluster }, { nodes: [liveNode()], kubernetesVersion: "v1.34.1" }), silent);
  });

  it("falls back to the declaration in a cluster without nodes", () => {
    const cluster = { ...minimal.cluster, node: { kernel: "4.4" } };
    assert.equal(said({ cluster }, { nodes: [] }).problems.length, 1);
  });

  it("passes over nodes that run no agent", () => {
    const windows = liveNode({ kernel: "10.0.20348.2227", labels: { "kubernetes.io/os": "windows" } });
    const old = liveNode({ kernel: "4.4.0", labels: { role: "storage" } });
    assert.deepEqual(said({}, { nodes: [windows, liveNode()] }), silent);
    const cilium = { values: { nodeSelector: { role: "apps" } } };
    assert.deepEqual(said({ cilium }, { nodes: [old, liveNode({ labels: { role: "apps" } })] }), silent);
  });

  it("passes over nodes that tell neither kernel nor machine", () => {
    const virtual = liveNode({ name: "virtual-kubelet", kernel: "", architecture: "" });
    assert.deepEqual(said({}, { nodes: [virtual, liveNode()] }), silent);
    assert.equal(oldestKernel(settingsOf({}), { nodes: [virtual, liveNode()] }), liveNode().kernel);
  });

  it("refuses machines that Cilium has no image for", () => {
    const nodes = [
      liveNode({ architecture: "arm64" }),
      liveNode({ name: "big-iron", architecture: "s390x" }),
    ];
    assert.match(said({}, { nodes }).problems.join(), /no image for s390x, which big-iron is/);
  });

  it("says of the API server's version whose chart it does not suit", () => {
    const { warnings } = said({}, { nodes: [liveNode()], kubernetesVersion: "v1.32.0" });
    assert.match(warnings.join(), /^cilium\.version: Kubernetes 1\.32\.0 is older than /);
  });
});

describe("oldestKernel()", () => {
  it("is that of the nodes that run an agent", () => {
    const windows = liveNode({ kernel: "1.0", labels: { "kubernetes.io/os": "windows" } });
    const nodes = [liveNode(), liveNode({ kernel: "6.12.1" }), windows];
    assert.equal(oldestKernel(settingsOf({}), { nodes }), "6.8.0-45-generic");
    assert.equal(oldestKernel(settingsOf({}), { nodes: [] }), undefined);
  });
});
