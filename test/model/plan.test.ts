import assert from "node:assert/strict";
import { wantedRelease } from "../../model/cilium/release.ts";
import { type LiveCluster, ownLabels, recordName } from "../../model/live.ts";
import { planNetwork } from "../../model/plan.ts";
import { formatProblem } from "../../model/problem.ts";
import { liveCluster } from "../support/live.ts";
import { liveNode, liveNodes } from "../support/nodes.ts";
import { settingsOf } from "../support/settings.ts";

const stack = "cluster-network.test";
const installed = "1.19.1";

/** Plans a deployment onto a cluster that runs 1.19.1. */
function planOver(cilium: object) {
  const record = {
    namespace: "kube-system",
    name: recordName,
    labels: ownLabels(stack),
    firstInstalled: installed,
  };
  const content = wantedRelease(settingsOf({ cilium: { version: installed } }), liveCluster());
  const release = { secret: "sh.helm.release.v1.cilium.v1", revision: 1, status: "deployed", content };
  const live = liveCluster({ record, release, deployedRelease: release });
  return planNetwork(settingsOf({ cilium }), live, stack);
}

describe("planNetwork()", () => {
  it("runs two operators in production", () => {
    const cluster = { name: "prod", nodes: 3, production: true };
    const { plan } = planNetwork(settingsOf({ cluster }), liveCluster(), stack);
    assert.deepEqual(plan?.cilium?.values.operator, { replicas: 2 });
    assert.equal(plan.sizes.operatorReplicas?.value, 2);
  });

  it("runs no more operators than there are nodes that take them", () => {
    const cluster = { name: "prod", nodes: 3, production: true };
    const taints = [{ key: "dedicated", value: "db", effect: "NoSchedule" }];
    const live = liveCluster({ nodes: [liveNode(), liveNode({ name: "db", taints })] });
    const { plan } = planNetwork(settingsOf({ cluster }), live, stack);
    assert.deepEqual(plan?.cilium?.values.operator, { replicas: 1 });
    assert.match(plan.sizes.operatorReplicas?.because ?? "", /of 2 live ones 1 take it$/);
  });

  it("is stopped by a node that could not run an agent", () => {
    const live = liveCluster({ nodes: [liveNode(), liveNode({ name: "veteran", kernel: "4.14.336" })] });
    const { plan, problems } = planNetwork(settingsOf({}), live, stack);
    assert.equal(plan, undefined);
    assert.match(
      problems.map(formatProblem).join(),
      /^cilium\.version: .* and veteran \(4\.14\.336\) is older/,
    );
  });

  it("tells where nodes lack something, or are not as declared, and goes on", () => {
    const cluster = { name: "test", nodes: 3, node: { kernel: "6.8" } };
    const live = liveCluster({ nodes: liveNodes(3, { kernel: "6.1.0" }), kubernetesVersion: "v1.37.0" });
    const cilium = { values: { enableIPv4BIGTCP: true } };
    const { plan } = planNetwork(settingsOf({ cluster, cilium }), live, stack);
    const paths = plan?.warnings.map((text) => text.split(": ")[0]);
    assert.deepEqual(paths, ["cluster.node.kernel", "cilium.values.enableIPv4BIGTCP", "cilium.version"]);
  });

  it("warns that Calico's images are not among those it lists", () => {
    const { plan, problems } = planNetwork(settingsOf({ datapath: "calico" }), liveCluster(), stack);
    assert.deepEqual(problems, []);
    assert.ok(plan?.warnings.some((warning) => warning.startsWith("calico: Its images are not listed")));
  });

  it("lists the images of what is released", () => {
    const images = (values: object): readonly string[] =>
      planNetwork(settingsOf({ cilium: { values } }), liveCluster(), stack).plan?.images ?? [];
    assert.ok(images({}).includes("docker.io/library/busybox:1.37.0"));
    assert.ok(images({}).some((image) => image.includes("/cilium-envoy:")));
    assert.ok(!images({ upgradeCompatibility: "1.15" }).some((image) => image.includes("/cilium-envoy:")));
  });

  it("changes with the number of nodes only what depends on it", () => {
    const plan = (nodes: number) => {
      const cluster = { name: "test", nodes, production: true };
      return planNetwork(
        settingsOf({ cluster, namespaces: [{ name: "shop", create: true }] }),
        liveCluster(),
        stack,
      ).plan;
    };
    const [before, after] = [plan(40), plan(41)];
    assert.ok(before && after);
    assert.deepEqual({ ...after, sizes: undefined }, { ...before, sizes: undefined });
    const changed = Object.keys(before.sizes).filter(
      (name) => before.sizes[name]?.value !== after.sizes[name]?.value,
    );
    assert.deepEqual(changed, [
      "pods",
      "endpoints",
      "identities",
      "dnsQueries",
      "lbEntries",
      "ciliumEndpointSlices",
      "bpfMemory",
    ]);
  });

  it("tells the chart the numbers that it would not choose, and the user what deserves a look", () => {
    const cluster = { name: "test", nodes: 1000, podCidr: "10.0.0.0/8", serviceCidr: "172.16.0.0/12" };
    const { plan } = planNetwork(settingsOf({ cluster }), liveCluster(), stack);
    const { bpf } = plan?.cilium?.values as { bpf: Record<string, unknown> };
    assert.deepEqual(bpf, { masquerade: true, tproxy: true, lbMapMax: 524_288, policyMapMax: 32_768 });
    assert.deepEqual(
      plan?.warnings.filter((warning) => warning.startsWith("cilium.endpointSlices")).length,
      1,
    );
    assert.deepEqual(
      plan.sysctls.filter(({ key }) => key.includes("neigh")).map(({ key, value }) => [key, value]),
      [
        ["net.ipv4.neigh.default.gc_thresh1", 512],
        ["net.ipv4.neigh.default.gc_thresh2", 2048],
        ["net.ipv4.neigh.default.gc_thresh3", 4096],
      ],
    );
  });

  it("takes kube-proxy off, unless another network plugin is in the way", () => {
    const kubeProxy = { uid: "u", generation: 1, annotations: {}, nodeSelector: {} };
    assert.equal(planNetwork(settingsOf({}), liveCluster({ kubeProxy }), stack).plan?.kubeProxyOff, "u/1");
    const daemonSets = [{ namespace: "kube-system", name: "kindnet", labels: {}, nodes: 3 }];
    const { plan, problems } = planNetwork(settingsOf({}), liveCluster({ kubeProxy, daemonSets }), stack);
    assert.equal(plan, undefined);
    assert.match(
      problems.map(formatProblem).join(),
      /^cilium: The cluster has a network plugin already: kindnet/,
    );
  });

  it("is stopped by an API server address that only kube-proxy serves", () => {
    const cluster = { name: "test", nodes: 3, apiServer: { host: "10.96.0.1" } };
    const live = liveCluster({ serviceAddresses: ["10.96.0.1"] });
    const { problems } = planNetwork(settingsOf({ cluster }), live, stack);
    assert.match(
      problems.map(formatProblem).join(),
      /^cluster\.apiServer\.host: 10\.96\.0\.1 is a Service's/,
    );
  });

  it("has one problem with somebody's network plugin, whichever datapath is to come", () => {
    const agent = (namespace: string, name: string) => [{ namespace, name, labels: {}, nodes: 3 }];
    const installed = { installation: {}, served: true };
    const clusters: [raw: object, live: LiveCluster][] = [
      [{ datapath: "calico" }, liveCluster({ daemonSets: agent("kube-system", "cilium") })],
      [{}, liveCluster({ daemonSets: agent("calico-system", "calico-node"), calico: installed })],
    ];
    for (const [raw, live] of clusters) {
      const { problems } = planNetwork(settingsOf(raw), live, stack);
      assert.deepEqual(
        problems.map(({ path }) => path),
        ["datapath"],
      );
    }
  });

  it("leaves Cilium to others where it is told to", () => {
    const { plan } = planNetwork(settingsOf({ cilium: { enabled: false } }), liveCluster(), stack);
    assert.equal(plan?.cilium, undefined);
    assert.equal(plan?.sizes.operatorReplicas, undefined);
  });

  it("has no upgrade to tell of in a new cluster, which begins with the wanted version", () => {
    const { plan } = planNetwork(settingsOf({ cilium: { version: "1.20.2" } }), liveCluster(), stack);
    assert.equal(plan?.upgrade, undefined);
    assert.equal(plan?.cilium?.firstInstalled, "1.20.2");
  });

  it("has none to tell of where Cilium stays as it is", () => {
    const { plan } = planOver({ version: installed });
    assert.equal(plan?.upgrade, undefined);
    assert.equal(plan?.cilium?.firstInstalled, installed);
  });

  it("passes on what an upgrade does and what to look at", () => {
    const { plan } = planOver({ version: "1.20.2" });
    assert.equal(plan?.upgrade?.from, "1.19.1 (revision 1, deployed)");
    assert.equal(plan.cilium?.firstInstalled, installed);
    assert.ok(plan.warnings.some((text) => text.startsWith("Cilium 1.20: ")));
  });

  it("is stopped by what stands in the way of one", () => {
    const { plan, problems } = planOver({ version: "1.17.0" });
    assert.equal(plan, undefined);
    assert.match(problems.map(formatProblem).join(), /more than one minor version back/);
  });
});
