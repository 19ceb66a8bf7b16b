import assert from "node:assert/strict";
import { judgeCalico, operatorNamespace, planCalico } from "../../../model/calico/release.ts";
import { type LiveCluster, stackLabel } from "../../../model/live.ts";
import { formatProblem } from "../../../model/problem.ts";
import { liveCluster } from "../../support/live.ts";
import { settingsOf } from "../../support/settings.ts";

const stack = "cluster-network.dev";
const kubeProxy = { namespace: "kube-system", name: "kube-proxy", labels: {} };
const record = { name: "cluster-network", labels: { [stackLabel]: stack }, chart: "tigera-operator v3.31.7" };
const release = { secret: "sh.helm.release.v1.calico.v1", revision: 1, status: "deployed" };
/** As the operator leaves it, with its defaults filled in. */
const installation = (over: object = {}, pool: object = {}) => ({
  variant: "Calico",
  calicoNetwork: {
    bgp: "Disabled",
    linuxDataplane: "Iptables",
    hostPorts: "Enabled",
    ipPools: [
      { name: "default-ipv4-ippool", cidr: "10.244.0.0/16", encapsulation: "VXLAN", blockSize: 26, ...pool },
    ],
    ...over,
  },
});
const ours = (over: object = {}, pool: object = {}): Partial<LiveCluster> => ({
  record,
  calico: { release, installation: installation(over, pool), served: true },
});

function judged(live: Partial<LiveCluster>, calico: object = {}, rest: object = {}) {
  const settings = settingsOf({ datapath: "calico", calico, ...rest });
  const found = liveCluster({ daemonSets: [kubeProxy], ...live });
  const { problems, warnings } = judgeCalico(settings, found, stack, planCalico(settings, found, stack));
  return { problems: problems.map(formatProblem), warnings };
}
const nothing = { problems: [], warnings: [] };

describe("planCalico()", () => {
  const create = (namespaces: LiveCluster["namespaces"]) =>
    planCalico(settingsOf({ datapath: "calico" }), liveCluster({ namespaces }), stack).createNamespace;

  it("makes the operator's namespace, and takes it up again", () => {
    assert.equal(create([]), true);
    assert.equal(create([{ name: operatorNamespace, labels: { [stackLabel]: stack } }]), true);
  });
  it("leaves one that was there before to whoever made it", () => {
    assert.equal(create([{ name: operatorNamespace, labels: {} }]), false);
    assert.equal(create([{ name: operatorNamespace, labels: { [stackLabel]: "other.dev" } }]), false);
  });
  it("asks the cluster for the API server's address where the settings do", () => {
    const { values } = planCalico(
      settingsOf({ datapath: "calico", calico: { dataplane: "ebpf" } }),
      liveCluster(),
      stack,
    );
    assert.deepEqual(values.kubernetesServiceEndpoint, { host: "10.0.0.10", port: "6443" });
  });
});

describe("judgeCalico()", () => {
  it("has nothing against a new cluster, nor against its own that it leaves as it is", () => {
    assert.deepEqual(judged({ calico: { served: false } }), nothing);
    assert.deepEqual(judged(ours()), nothing);
  });

  const foreign: [what: string, live: Partial<LiveCluster>, named: string][] = [
    ["release", { calico: { release, served: true } }, "Helm release tigera-operator/calico"],
    ["Installation", { calico: { installation: {}, served: true } }, "Installation default"],
  ];
  for (const [what, live, named] of foreign) {
    it(`refuses somebody else's ${what}`, () =>
      assert.deepEqual(judged(live).problems, [
        `calico: ${named} exists already and is not of this stack: uninstall Calico first, or set calico.enabled: false to leave the datapath to it`,
      ]));
  }

  for (const path of ["kube-system/calico-node", "kube-flannel/kube-flannel-ds"]) {
    it(`refuses to be laid over ${path}`, () => {
      const [namespace = "", name = ""] = path.split("/");
      assert.match(
        judged({ daemonSets: [kubeProxy, { namespace, name, labels: {}, nodes: 3 }] }).problems.join(),
        new RegExp(
          `^calico: The cluster has a network plugin already: [a-z]+ \\(DaemonSet ${path}, on 3 nodes\\)`,
        ),
      );
    });
  }

  it("leaves somebody's Cilium to the judgement of the exchange", () =>
    assert.deepEqual(
      judged({ daemonSets: [kubeProxy, { namespace: "kube-system", name: "cilium", labels: {}, nodes: 3 }] }),
      nothing,
    ));

  it("refuses to be laid over a Cilium in another namespace", () =>
    assert.match(
      judged({
        daemonSets: [kubeProxy, { namespace: "cilium", name: "cilium", labels: {}, nodes: 3 }],
      }).problems.join(),
      /^calico: The cluster has a network plugin already: another Cilium/,
    ));

  it("refuses a chart without CRDs where there are none", () => {
    const calico = { version: "v3.32.1" };
    assert.match(
      judged({ calico: { served: false } }, calico).problems.join(),
      /^calico\.version: Chart v3\.32\.1 comes without the CRDs of its objects, and the cluster has none: apply those of chart crd\.projectcalico\.org\.v1, .*--version v3\.32\.1 \| kubectl apply --server-side -f -\), or use v3\.31\.7/,
    );
    assert.deepEqual(judged({ calico: { served: true } }, calico), nothing);
  });

  it("refuses two that serve Services, and warns of none", () => {
    assert.match(
      judged({}, { dataplane: "ebpf" }).problems.join(),
      /^calico\.dataplane: ebpf serves Services itself, and kube-proxy/,
    );
    assert.deepEqual(judged({ daemonSets: [] }, { dataplane: "ebpf" }), nothing);
    assert.match(
      judged({ daemonSets: [] }).warnings.join(),
      /^calico: There is no DaemonSet kube-system\/kube-proxy/,
    );
  });

  const changes: [what: string, calico: object, says: string[]][] = [
    [
      "data plane",
      { dataplane: "nftables" },
      ["data plane: Iptables → Nftables. Hurts connections of every node"],
    ],
    ["range", { podCidr: "10.244.0.0/17" }, ["pools: 10.244.0.0/16 → 10.244.0.0/17. Hurts running pods"]],
    [
      "encapsulation",
      { encapsulation: "IPIP" },
      ["encapsulation: VXLAN → IPIP. Hurts traffic between nodes", "BGP: Disabled → Enabled. Hurts traffic"],
    ],
  ];
  for (const [what, calico, says] of changes) {
    it(`wants consent to another ${what}`, () => {
      const { problems } = judged(ours(), calico);
      assert.equal(problems.length, says.length);
      says.forEach((text, i) =>
        assert.ok(problems[i]?.startsWith(`calico: Changes Calico's ${text}`), problems[i]),
      );
      const agreed = judged(ours(), calico, { allowDatapathChange: true });
      assert.deepEqual(agreed.problems, []);
      assert.equal(agreed.warnings.length, says.length);
    });
  }

  it("lets an MTU or a registry change", () =>
    assert.deepEqual(judged(ours(), { mtu: 1400, imageRegistry: "registry.example" }), nothing));

  it("refuses another block size even with consent, for Calico does", () =>
    assert.deepEqual(judged(ours(), { blockSize: 25 }, { allowDatapathChange: true }).problems, [
      "calico.blockSize: 25 for pool 10.244.0.0/16, which has 26: a pool keeps its block size: set 26, or use another range",
    ]));

  it("reminds of a consent that is left", () => {
    const agree = { allowDatapathChange: true };
    assert.match(
      judged(ours(), {}, agree).warnings.join(),
      /^allowDatapathChange is on and nothing needs it/,
    );
    assert.deepEqual(judged({ calico: { served: false } }, {}, agree), nothing);
  });
});
