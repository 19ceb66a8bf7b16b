import assert from "node:assert/strict";
import { firstInstalledIn, judgeRelease, wantedRelease } from "../../../model/cilium/release.ts";
import { type LiveCluster, type LiveRelease, ownLabels, recordName } from "../../../model/live.ts";
import { formatProblem } from "../../../model/problem.ts";
import { liveCluster } from "../../support/live.ts";
import { settingsOf } from "../../support/settings.ts";

const stack = "cluster-network.test";
const record = {
  namespace: "kube-system",
  name: recordName,
  labels: ownLabels(stack),
  firstInstalled: "1.15.19",
};
const theirs = { ...record, labels: ownLabels("cluster-network.other") };

/** A cluster with a release of this stack, made by these settings unless told otherwise. */
function released(cilium: object, over: Partial<LiveRelease> = {}): LiveCluster {
  const release = { secret: "sh.helm.release.v1.cilium.v3", revision: 3, status: "deployed" };
  const live = liveCluster({ record, release, deployedRelease: release });
  const made = { ...release, content: wantedRelease(settingsOf({ cilium }), live), ...over };
  return { ...live, release: made, deployedRelease: made.status === "deployed" ? made : undefined };
}

const version = "1.16.5";

describe("wantedRelease()", () => {
  const pin = (cilium: object, live: LiveCluster) =>
    wantedRelease(settingsOf({ cilium }), live).values.upgradeCompatibility;

  it("leaves a new cluster to the chart's own defaults", () =>
    assert.equal(pin({ version }, liveCluster()), undefined));

  it("holds a newer chart to the minor that the cluster began with", () =>
    assert.equal(pin({ version }, released({ version })), "1.15"));

  it("takes the user's own word for it", () => {
    const own = { version, values: { upgradeCompatibility: "1.16" } };
    assert.equal(pin(own, released({ version })), "1.16");
  });
});

describe("an audit by stages", () => {
  const judge = (raw: object, live: LiveCluster) => {
    const settings = settingsOf({ cilium: { version: "1.20.2" }, ...raw });
    return judgeRelease(settings, live, stack, wantedRelease(settings, live));
  };
  const shop = (stage: string) => ({ namespaces: [{ name: "shop", stage }] });
  const before = (raw: object): LiveCluster => {
    const live = released({ version: "1.20.2" });
    const content = wantedRelease(settingsOf({ cilium: { version: "1.20.2" }, ...raw }), live);
    const release = { secret: "s", revision: 4, status: "deployed", content };
    return { ...live, release, deployedRelease: release };
  };

  it("begins by restarting the agents, and nobody has to agree twice", () => {
    const { problems, report } = judge(shop("audit"), before(shop("observe")));
    assert.deepEqual(problems, []);
    assert.match(report?.takesEffect ?? "", /^node by node/);
  });
  it("ends by restarting the agents", () => {
    const { problems, report } = judge(shop("enforce"), before(shop("audit")));
    assert.deepEqual(problems, []);
    assert.match(report?.takesEffect ?? "", /^node by node/);
  });
  it("needs consent to end where no namespace is to be enforced", () =>
    assert.match(
      judge({}, before(shop("audit")))
        .problems.map(formatProblem)
        .join(),
      /allowDatapathChange/,
    ));
});

describe("firstInstalledIn()", () => {
  it("is the recorded version while a release is there", () =>
    assert.equal(firstInstalledIn(released({ version }), version), "1.15.19"));

  it("is the wanted version again after an installation that never came up", () =>
    assert.equal(firstInstalledIn(released({ version }, { status: "failed" }), version), version));
});

describe("judgeRelease()", () => {
  const judge = (cilium: object, live: LiveCluster) => {
    const settings = settingsOf({ cilium });
    const wanted = settings.cilium.enabled ? wantedRelease(settings, live) : undefined;
    return judgeRelease(settings, live, stack, wanted);
  };
  const said = (cilium: object, live: LiveCluster): string[] =>
    judge(cilium, live).problems.map(formatProblem);

  it("tells that agents restart when they come to replace kube-proxy", () => {
    const before = released({ version, values: { kubeProxyReplacement: false, bpf: { masquerade: false } } });
    const { report, problems } = judge({ version, allowDatapathChange: true }, before);
    assert.deepEqual(problems, []);
    assert.match(report?.takesEffect ?? "", /^node by node/);
  });

  const nothing: [title: string, cilium: object, live: LiveCluster][] = [
    ["a new cluster", { version }, liveCluster()],
    ["a release as it is wanted", { version }, released({ version })],
    [
      "somebody else's release, which is refused elsewhere",
      { version: "1.20.2" },
      { ...released({ version }), record: theirs },
    ],
    [
      "a release that was uninstalled, with its history kept",
      { version: "1.20.2" },
      released({ version }, { status: "uninstalled" }),
    ],
    ["Cilium that is left to others", { enabled: false }, liveCluster({ record: theirs })],
  ];
  for (const [title, cilium, live] of nothing) {
    it(`has nothing to say of ${title}`, () => {
      const { problems, warnings, report } = judge(cilium, live);
      assert.deepEqual({ problems, warnings, report }, { problems: [], warnings: [], report: undefined });
    });
  }

  it("judges another version", () => {
    assert.match(said({ version: "1.18.0" }, released({ version })).join(), /1\.18\.0 skips 1\.17/);
  });

  it("judges other values, and takes consent from the settings", () => {
    const values = { bpf: { ctTcpMax: 600_000 } };
    const live = released({ version });
    assert.match(said({ version, values }, live).join(), /^cilium: Changes connection tracking/);
    assert.deepEqual(said({ version, values, allowDatapathChange: true }, live), []);
  });

  it("judges from the revision that failed, and from the one that is deployed", () => {
    const live = released({ version });
    const content = wantedRelease(settingsOf({ cilium: { version, values: { MTU: 1400 } } }), live);
    const failed = { secret: "sh.helm.release.v1.cilium.v4", revision: 4, status: "failed", content };
    const [problem, ...others] = said({ version }, { ...live, release: failed });
    assert.match(problem ?? "", /^cilium: Changes the MTU \(MTU\): 1400 → detected/);
    assert.deepEqual(others, []);
  });

  it("refuses to guess where the release cannot be read", () => {
    assert.match(
      said({ version }, released({ version }, { content: undefined })).join(),
      /^kube-system\/sh\.helm\.release\.v1\.cilium\.v3: Revision 3 of Helm release cilium cannot be read/,
    );
  });
});
