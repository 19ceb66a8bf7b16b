import assert from "node:assert/strict";
import { wantedRelease } from "../../model/cilium/release.ts";
import type { LiveCluster, LiveDaemonSet } from "../../model/live.ts";
import { isPriorCni, planPriorCni } from "../../model/prior-cni.ts";
import { formatProblem } from "../../model/problem.ts";
import { liveCluster } from "../support/live.ts";
import { complaints, minimal, settingsOf } from "../support/settings.ts";

const daemonSet = (path: string, over: Partial<LiveDaemonSet> = {}): LiveDaemonSet => {
  const [namespace = "", name = ""] = path.split("/");
  return { namespace, name, labels: {}, nodes: 3, ...over };
};

function plan(cilium: object, daemonSets: LiveDaemonSet[], over: Partial<LiveCluster> = {}) {
  const settings = settingsOf({ cilium });
  const live = liveCluster({ daemonSets, ...over });
  const wanted = settings.cilium.enabled ? wantedRelease(settings, live) : undefined;
  const { migrating, problems, warnings } = planPriorCni(settings, live, wanted);
  return { migrating, problems: problems.map(formatProblem), warnings };
}

const nodeByNode = { values: { cni: { customConf: true } } };
const nothing = { migrating: false, problems: [], warnings: [] };

describe("planPriorCni()", () => {
  const known: [name: string, path: string][] = [
    ["flannel", "kube-flannel/kube-flannel-ds"],
    ["flannel", "kube-system/kube-flannel-ds-amd64"],
    ["canal", "kube-system/rke2-canal"],
    ["calico", "kube-system/calico-node"],
    ["calico", "calico-system/calico-node"],
    ["weave", "kube-system/weave-net"],
    ["kindnet", "kube-system/kindnet"],
    ["aws-vpc-cni", "kube-system/aws-node"],
    ["azure-cni", "kube-system/azure-cns"],
    ["gke-netd", "kube-system/netd"],
    ["antrea", "kube-system/antrea-agent"],
    ["kube-router", "kube-system/kube-router"],
    ["ovn-kubernetes", "openshift-ovn-kubernetes/ovnkube-node"],
    ["kube-ovn", "kube-system/kube-ovn-cni"],
  ];
  for (const [name, path] of known) {
    it(`refuses to deploy beside ${path}, and says what to do`, () => {
      const { problems, migrating } = plan({}, [daemonSet(path)]);
      assert.equal(problems.length, 1);
      const [text = ""] = problems;
      assert.ok(
        text.startsWith(
          `cilium: The cluster has a network plugin already: ${name} (DaemonSet ${path}, on 3 nodes); its pods would keep`,
        ),
        text,
      );
      assert.match(text, new RegExp(`set cilium\\.migrateFrom: \\[${name}\\]`));
      assert.match(text, /cilium\.enabled: false/);
      assert.equal(migrating, false);
    });
  }

  const others: [title: string, found: LiveDaemonSet][] = [
    ["a distribution's manifests", daemonSet("kube-system/cilium")],
    [
      "a release of another name",
      daemonSet("kube-system/cilium", { helmRelease: "kube-system/rke2-cilium" }),
    ],
    ["a release in another namespace", daemonSet("cilium/cilium", { helmRelease: "cilium/cilium" })],
    ["GKE Dataplane V2", daemonSet("kube-system/anetd")],
  ];
  for (const [title, found] of others) {
    it(`refuses to deploy beside a Cilium from ${title}, with no way to agree`, () => {
      const [text = ""] = plan({}, [found]).problems;
      assert.match(text, /another Cilium \(DaemonSet .*two of them on a node fight over the same eBPF maps/);
      assert.doesNotMatch(text, /migrateFrom/);
    });
  }

  const fine: [title: string, found: LiveDaemonSet, cilium?: object][] = [
    ["our own release", daemonSet("kube-system/cilium", { helmRelease: "kube-system/cilium" })],
    ["kube-proxy", daemonSet("kube-system/kube-proxy")],
    ["what is named alike", daemonSet("shop/netd")],
    ["what Multus adds to it", daemonSet("kube-system/kube-multus-ds")],
    ["a plugin that was taken off all nodes", daemonSet("kube-system/aws-node", { nodes: 0 })],
    [
      "the plugin that Cilium is chained behind",
      daemonSet("kube-system/aws-node"),
      { values: { cni: { chainingMode: "aws-cni" } } },
    ],
    ["any plugin, where Cilium is left to others", daemonSet("kube-system/kindnet"), { enabled: false }],
  ];
  for (const [title, found, cilium = {}] of fine) {
    it(`has nothing against ${title}`, () => assert.deepEqual(plan(cilium, [found]), nothing));
  }

  it("leaves a Calico of the operator to the judgement of the exchange, unless nodes are moved from it", () => {
    const found = [daemonSet("calico-system/calico-node")];
    const calico = { installation: {}, served: true };
    assert.deepEqual(plan({}, found, { calico }), nothing);
    const moved = plan({ migrateFrom: ["calico"], ...nodeByNode }, found, { calico });
    assert.deepEqual([moved.migrating, moved.problems], [true, []]);
    assert.match(moved.warnings.join("\n"), /^calico .* still runs beside Cilium[^\n]*$/);
  });

  it("tells of a Calico of the operator beside which Cilium runs already, but not of one that only enforces", () => {
    const found = [daemonSet("calico-system/calico-node")];
    const release = { secret: "s", revision: 1, status: "deployed" };
    const beside = (spec: object) =>
      plan({}, found, {
        release,
        deployedRelease: release,
        calico: { installation: { ...spec }, served: true },
      });
    const { problems, warnings } = beside({ cni: { type: "Calico" } });
    assert.deepEqual(problems, []);
    assert.match(warnings.join(), /^calico .* still runs beside Cilium/);
    assert.deepEqual(beside({ cni: { type: "AmazonVPC" } }), nothing);
  });

  it("says nothing of a Calico of the operator that Cilium is chained behind", () => {
    const calico = { installation: {}, served: true };
    const chained = { values: { cni: { chainingMode: "generic-veth" } } };
    assert.deepEqual(plan(chained, [daemonSet("calico-system/calico-node")], { calico }), nothing);
  });

  const shared = { routingMode: "native", enableIPv4Masquerade: false };
  const chains: [path: string, cni: Record<string, unknown>, said: RegExp][] = [
    [
      "kube-system/aws-node",
      { chainingMode: "aws-cni", exclusive: false },
      /set cni\.chainingMode: aws-cni, cni\.exclusive: false, routingMode: native and enableIPv4Masquerade: false in/,
    ],
    [
      "kube-flannel/kube-flannel-ds",
      { chainingMode: "generic-veth", customConf: true, configMap: "cni-configuration" },
      /set cni\.chainingMode: generic-veth, cni\.customConf: true, cni\.configMap: <.*>, routingMode: native and/,
    ],
  ];
  for (const [path, cni, said] of chains) {
    it(`tells all that upstream sets to chain Cilium behind ${path}, and takes it`, () => {
      assert.match(plan({}, [daemonSet(path)]).problems.join(), said);
      const cilium = { values: { cni, ...shared } };
      assert.deepEqual(complaints({ ...minimal, cilium }), []);
      assert.deepEqual(plan(cilium, [daemonSet(path)]), nothing);
    });
  }

  it("tells of no chain where none is known", () =>
    assert.doesNotMatch(plan({}, [daemonSet("kube-system/antrea-agent")]).problems.join(), /chain/));

  it("refuses what was not agreed to, and only that", () => {
    const found = [daemonSet("kube-system/kindnet"), daemonSet("kube-system/aws-node")];
    const { problems, warnings, migrating } = plan({ migrateFrom: ["kindnet"], ...nodeByNode }, found);
    assert.match(problems.join(), /^cilium: .*aws-vpc-cni/);
    assert.match(
      warnings.join(),
      /^kindnet \(DaemonSet kube-system\/kindnet, on 3 nodes\) still runs beside Cilium/,
    );
    assert.equal(migrating, true);
  });

  it("takes the consent for what it says: node by node", () => {
    const found = [daemonSet("kube-system/kindnet")];
    assert.deepEqual(plan({ migrateFrom: ["kindnet"], ...nodeByNode }, found).problems, []);
    assert.match(
      plan({ migrateFrom: ["kindnet"] }, found).problems.join(),
      /^cilium\.migrateFrom: \[kindnet\] is to be left node by node, and Cilium would take over all/,
    );
  });

  it("reminds of a consent that nothing needs any more", () =>
    assert.match(plan({ migrateFrom: ["weave"] }, []).warnings.join(), /names weave, which does not run/));

  it("only warns where Cilium runs already, so that it can be upgraded", () => {
    const release = { secret: "s", revision: 1, status: "deployed" };
    const live = { release, deployedRelease: release };
    const { problems, warnings } = plan({}, [daemonSet("kube-system/kindnet")], live);
    assert.deepEqual(problems, []);
    assert.match(warnings.join(), /still runs beside Cilium/);
  });

  it("offers the names to agree to, and no others", () => {
    assert.match(complaints({ ...minimal, cilium: { migrateFrom: ["cilium"] } }).join(), /flannel/);
  });
});

describe("isPriorCni()", () => {
  it("tells a plugin's DaemonSet from another", () => {
    assert.equal(isPriorCni(daemonSet("kube-system/weave-net")), true);
    assert.equal(isPriorCni(daemonSet("kube-system/kube-proxy")), false);
  });
});
