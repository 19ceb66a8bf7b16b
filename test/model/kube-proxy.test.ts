import assert from "node:assert/strict";
import { wantedRelease } from "../../model/cilium/release.ts";
import {
  formOf,
  type LiveKubeProxy,
  neededLabel,
  planKubeProxy,
  takenOffAnnotation,
} from "../../model/kube-proxy.ts";
import { ownLabels, recordName } from "../../model/live.ts";
import { formatProblem } from "../../model/problem.ts";
import { liveCluster } from "../support/live.ts";
import { complaints, minimal, settingsOf } from "../support/settings.ts";

const stack = "cluster-network.test";
const linux = { "kubernetes.io/os": "linux" };
const running: LiveKubeProxy = { uid: "u", generation: 1, annotations: {}, nodeSelector: linux };
const off: LiveKubeProxy = {
  uid: "u",
  generation: 2,
  annotations: { [takenOffAnnotation]: "u/1" },
  nodeSelector: { ...linux, [neededLabel]: "true" },
};
const beside = { values: { kubeProxyReplacement: false } };

function plan(cilium: object, kubeProxy: LiveKubeProxy | undefined, migrating = false) {
  const settings = settingsOf({ cilium });
  const live = liveCluster({ kubeProxy });
  const wanted = settings.cilium.enabled ? wantedRelease(settings, live) : undefined;
  const { takeOff, problems, warnings } = planKubeProxy(settings, live, wanted, migrating, stack);
  return { takeOff, said: [...problems.map(formatProblem), ...warnings] };
}

describe("formOf()", () => {
  it("is the same before and after it was taken off, and after changes of others", () => {
    assert.equal(formOf(running), "u/1");
    assert.equal(formOf(off), "u/1");
    assert.equal(formOf({ ...off, generation: 7 }), "u/1");
  });

  it("is another one when somebody brought kube-proxy back", () => {
    assert.equal(formOf({ ...running, generation: 3 }), "u/3");
    assert.equal(formOf({ ...off, nodeSelector: linux, generation: 3 }), "u/3");
    assert.equal(formOf({ ...running, uid: "v" }), "v/1");
  });
});

describe("planKubeProxy()", () => {
  it("takes kube-proxy off where Cilium replaces it, and leaves it off", () => {
    assert.deepEqual(plan({}, running), { takeOff: "u/1", said: [] });
    assert.deepEqual(plan({}, off), { takeOff: "u/1", said: [] });
  });

  it("says so where Cilium runs already, as long as kube-proxy does", () => {
    const says = (kubeProxy: LiveKubeProxy, cilium: object = {}) => {
      const settings = settingsOf({ cilium });
      const live = liveCluster({
        kubeProxy,
        deployedRelease: { secret: "s", revision: 1, status: "deployed" },
      });
      return planKubeProxy(settings, live, wantedRelease(settings, live), false, stack).warnings;
    };
    assert.match(
      says(running).join(),
      /^kube-proxy goes off the nodes with this deployment.*docs\/operations\.md.*cilium\.kubeProxy: keep leaves it$/,
    );
    assert.deepEqual(says(off), []);
    assert.deepEqual(says(running, { kubeProxy: "keep" }), []);
  });

  const stays: [title: string, cilium: object, kubeProxy: LiveKubeProxy | undefined][] = [
    ["there is none", {}, undefined],
    ["it is to be kept", { kubeProxy: "keep" }, running],
    ["it is to be put back", { kubeProxy: "keep" }, off],
    ["Cilium does not replace it", beside, running],
    ["Cilium is left to others", { enabled: false }, running],
  ];
  for (const [title, cilium, kubeProxy] of stays) {
    it(`takes nothing off where ${title}`, () =>
      assert.deepEqual(plan(cilium, kubeProxy), { takeOff: undefined, said: [] }));
  }

  describe("puts it back", () => {
    const putsBack = (kubeProxy: LiveKubeProxy, cilium: object, owner = stack): boolean => {
      const settings = settingsOf({ cilium });
      const record = { namespace: "kube-system", name: recordName, labels: ownLabels(owner) };
      const live = liveCluster({ kubeProxy, record });
      const wanted = settings.cilium.enabled ? wantedRelease(settings, live) : undefined;
      return planKubeProxy(settings, live, wanted, false, stack).putBack;
    };

    it("where it is to be kept and off the nodes, and nowhere else", () => {
      assert.equal(putsBack(off, { kubeProxy: "keep" }), true);
      assert.equal(putsBack(running, { kubeProxy: "keep" }), false);
      assert.equal(putsBack(off, {}), false);
    });

    it("where this stack's Cilium goes, but not from under another's", () => {
      assert.equal(putsBack(off, { enabled: false }), true);
      assert.equal(putsBack(running, { enabled: false }), false);
      assert.equal(putsBack(off, { enabled: false }, "cluster-network.other"), false);
    });
  });

  it("leaves it to the pods of another plugin, and says so", () => {
    const { takeOff, said } = plan({}, running, true);
    assert.equal(takeOff, undefined);
    assert.match(said.join(), /^kube-proxy stays on the nodes as long as another CNI runs there/);
  });

  describe("where Cilium is chained behind another plugin", () => {
    const chained = (over: object = {}) => ({
      values: { cni: { chainingMode: "generic-veth" }, routingMode: "native", enableIPv4Masquerade: false },
      ...over,
    });

    it("leaves it, and says so, unless it is to be removed", () => {
      const { takeOff, said } = plan(chained(), running);
      assert.equal(takeOff, undefined);
      assert.match(said.join(), /^kube-proxy stays on the nodes, for Cilium is chained behind another/);
      assert.deepEqual(plan(chained({ kubeProxy: "remove" }), running), { takeOff: "u/1", said: [] });
      assert.deepEqual(plan(chained({ kubeProxy: "keep" }), running), { takeOff: undefined, said: [] });
    });

    it("does not bring it back by itself", () => assert.equal(plan(chained(), off).takeOff, "u/1"));

    it("is not misled by portmap, which is behind Cilium", () =>
      assert.equal(plan({ values: { cni: { chainingMode: "portmap" } } }, running).takeOff, "u/1"));
  });

  it("does not bring it back for a plugin that comes later", () =>
    assert.equal(plan({}, off, true).takeOff, "u/1"));

  for (const kubeProxy of [undefined, "keep"]) {
    it(`does not let Cilium stop replacing it while it is off the nodes (${kubeProxy ?? "default"})`, () => {
      const { said } = plan({ ...beside, kubeProxy }, off);
      assert.match(said.join(), /^cilium\.values\.kubeProxyReplacement: Cilium is to stop replacing/);
      assert.match(said.join(), /put kube-proxy back first, by a deployment with cilium\.kubeProxy: keep/);
    });
  }
});

describe("planKubeProxy() for Calico", () => {
  const said = (kubeProxy: LiveKubeProxy): string[] =>
    planKubeProxy(
      settingsOf({ datapath: "calico" }),
      liveCluster({ kubeProxy }),
      undefined,
      false,
      stack,
    ).problems.map(formatProblem);

  it("refuses to leave Services to a kube-proxy that is off the nodes", () =>
    assert.match(
      said(off).join(),
      /^datapath: Calico leaves Services to kube-proxy, which is off the nodes: .*cilium\.kubeProxy: keep$/,
    ));

  it("leaves one alone that runs", () => assert.deepEqual(said(running), []));
});

describe("kube-proxy's health port", () => {
  const bindTo = { values: { kubeProxyReplacementHealthzBindAddr: "0.0.0.0:10256" } };
  const loadBalancers = ["one", "two"].map((name) => ({ namespace: "shop", name, labels: {} }));
  const judge = (cilium: object, kubeProxy: LiveKubeProxy, before?: object) => {
    const content = before && wantedRelease(settingsOf({ cilium: before }), liveCluster());
    const release = content && { secret: "s", revision: 1, status: "deployed", content };
    const live = liveCluster({ kubeProxy, loadBalancers, release, deployedRelease: release });
    const settings = settingsOf({ cilium });
    const { problems, warnings } = planKubeProxy(settings, live, wantedRelease(settings, live), false, stack);
    return { problems: problems.map(formatProblem), warnings };
  };

  it("is missed by load balancers, which the preview says", () => {
    const { problems, warnings } = judge({}, running);
    assert.deepEqual(problems, []);
    assert.match(warnings.join(), /^Nobody answers at port 10256 .* LoadBalancer: shop\/one and 1 more\)/);
  });

  it("is answered by agents that come after kube-proxy", () =>
    assert.deepEqual(judge(bindTo, off, {}), { problems: [], warnings: [] }));

  for (const kubeProxy of [undefined, "keep"]) {
    it(`is not for agents that come while kube-proxy has it (${kubeProxy ?? "default"})`, () =>
      assert.match(
        judge({ ...bindTo, kubeProxy }, running).problems.join(),
        /^cilium\.values\.kubeProxyReplacementHealthzBindAddr: 0\.0\.0\.0:10256 is taken on the nodes/,
      ));
  }

  it("is no reason to leave kube-proxy where somebody brought it back", () => {
    const { problems, warnings } = judge(bindTo, { ...running, generation: 3 }, bindTo);
    assert.deepEqual(problems, []);
    assert.doesNotMatch(warnings.join(), /10256/);
  });
});

describe("cilium.kubeProxy: remove", () => {
  const said = (cilium: object): string[] => complaints({ ...minimal, cilium });

  it("is refused where Cilium does not replace kube-proxy", () => {
    const [complaint, ...more] = said({ ...beside, kubeProxy: "remove" });
    assert.deepEqual(more, []);
    assert.match(
      complaint ?? "",
      /^cilium\.kubeProxy: remove would leave Services to nobody: by cilium\.values/,
    );
  });

  it("is fine where it does, and left out it is where it does not", () => {
    assert.deepEqual(said({ kubeProxy: "remove" }), []);
    assert.deepEqual(said(beside), []);
    assert.deepEqual(said({ ...beside, kubeProxy: "keep" }), []);
  });
});
