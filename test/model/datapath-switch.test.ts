import assert from "node:assert/strict";
import { judgeSwitch, recordedDatapath } from "../../model/datapath-switch.ts";
import { type LiveCluster, stackLabel } from "../../model/live.ts";
import { formatProblem } from "../../model/problem.ts";
import { liveCluster } from "../support/live.ts";
import { minimal, settingsOf } from "../support/settings.ts";

const stack = "cluster-network.dev";
const note = (chart: string, whose = stack) => ({
  name: "cluster-network",
  labels: { [stackLabel]: whose },
  chart,
});
const release = { secret: "x", revision: 1, status: "deployed" };
const cilium: Partial<LiveCluster> = { record: note("cilium 1.20.2"), release };
const calico: Partial<LiveCluster> = {
  record: note("tigera-operator v3.31.7"),
  calico: { release, installation: {}, served: true },
};

const said = (raw: object, live: Partial<LiveCluster>): string[] =>
  judgeSwitch(settingsOf(raw), liveCluster(live), stack).problems.map(formatProblem);
const toCalico = { datapath: "calico" };
const agree = { allowDatapathChange: true };

describe("judgeSwitch()", () => {
  it("has nothing against a datapath that stays, or the first one", () => {
    assert.deepEqual(said({}, cilium), []);
    assert.deepEqual(said(toCalico, calico), []);
    for (const raw of [{}, toCalico]) assert.deepEqual(said(raw, { calico: { served: false } }), []);
  });

  it("wants consent to an exchange, and says what it does to running pods", () => {
    assert.match(
      said(toCalico, cilium).join("\n"),
      /^datapath: Takes Cilium out and puts Calico in its place: from then on no running pod reaches anything, .*: set datapath: cilium to stay with Cilium, or agree by allowDatapathChange: true for this deployment, and restart every pod after it$/,
    );
    assert.match(said({}, calico).join("\n"), /^datapath: Takes Calico out and puts Cilium in its place: /);
    assert.deepEqual(said({ ...toCalico, ...agree }, cilium), []);
    assert.deepEqual(said(agree, calico), []);
    const { warnings } = judgeSwitch(settingsOf(agree), liveCluster(calico), stack);
    assert.match(warnings.join("\n"), /^datapath: Takes Calico out and puts Cilium in its place/);
  });

  it("says in production that the release is protected, anew by each deployment", () => {
    const cluster = { ...minimal.cluster, production: true };
    const removal = { ...toCalico, calico: { enabled: false } };
    for (const [raw, live] of [
      [toCalico, cilium],
      [{}, calico],
      [removal, calico],
    ] as const) {
      assert.match(
        said({ ...raw, cluster }, live).join(),
        /`pulumi state unprotect` the release directly before/,
      );
      assert.doesNotMatch(said(raw, live).join(), /unprotect/);
    }
  });

  it("says how to stay with what runs, also where a profile chose the other", () => {
    assert.match(said(toCalico, cilium).join(), /: set datapath: cilium to stay with Cilium, or agree by/);
    assert.match(said({}, calico).join(), /: set datapath: calico to stay with Calico, or agree by/);
    assert.match(
      said({ profile: "small" }, cilium).join(),
      /: set datapath: cilium to stay with Cilium \(profile small chooses calico\), or agree by/,
    );
  });

  it("still wants it of an exchange that was interrupted: the note is ahead of the release", () => {
    const half = { ...cilium, record: note("tigera-operator v3.31.7") };
    assert.match(said(toCalico, half).join("\n"), /^datapath: Takes Cilium out/);
    assert.deepEqual(said({ ...toCalico, ...agree }, half), []);
  });

  it("lets one that was interrupted before it took Cilium out be taken back", () =>
    assert.deepEqual(said({}, { ...cilium, record: note("tigera-operator v3.31.7") }), []));

  it("takes the note's word for a Calico that is not to be seen", () => {
    const { record } = calico;
    for (const unseen of [{ record }, { record, calico: { served: true } }]) {
      assert.match(said({}, unseen).join("\n"), /^datapath: Takes Calico out and puts Cilium in its place/);
      assert.deepEqual(said(agree, unseen), []);
    }
    const bare = { record, calico: { installation: {}, served: true } };
    assert.match(said({}, bare).join("\n"), /^datapath: Takes Calico out and puts Cilium in its place/);
    assert.deepEqual(said({}, { record: note("tigera-operator v3.31.7", "other.dev") }), []);
  });

  it("never puts one beside somebody else's, whoever agrees", () => {
    const theirs = { daemonSets: [{ namespace: "kube-system", name: "cilium", labels: {} }] };
    assert.match(
      said({ ...toCalico, ...agree }, theirs).join("\n"),
      /^datapath: Cilium is in the cluster \(DaemonSet kube-system\/cilium\) and is not of this stack: .*: take it out first, or leave the network to it by calico\.enabled: false$/,
    );
    for (const record of [undefined, note("tigera-operator v3.31.7", "other.dev")]) {
      assert.match(
        said(agree, { ...calico, record }).join("\n"),
        /^datapath: Calico is in the cluster \(an Installation\) and is not of this stack/,
      );
    }
  });

  const operated = (spec: object): Partial<LiveCluster> => ({
    calico: { installation: { ...spec }, served: true },
  });

  it("says how Cilium may come beside somebody's Calico", () => {
    for (const spec of [{}, { cni: { type: "Calico" } }]) {
      const [text = ""] = said(agree, operated(spec));
      assert.match(text, /set cilium\.migrateFrom: \[calico\]/);
      assert.match(text, /set cni\.chainingMode: generic-veth in cilium\.values/);
      assert.match(text, /leave the network to it by cilium\.enabled: false/);
    }
  });

  const beside: [title: string, raw: object, live: Partial<LiveCluster>][] = [
    ["from which nodes are moved one by one", { cilium: { migrateFrom: ["calico"] } }, operated({})],
    [
      "from which nodes are still moved, when Cilium has come",
      { cilium: { migrateFrom: ["calico"] } },
      { ...cilium, deployedRelease: release, calico: { release, installation: {}, served: true } },
    ],
    [
      "that Cilium is chained behind",
      { cilium: { values: { cni: { chainingMode: "generic-veth" } } } },
      operated({}),
    ],
    ["that only enforces policies", {}, operated({ cni: { type: "AmazonVPC" } })],
    ["beside which Cilium runs already", {}, { ...cilium, deployedRelease: release, ...operated({}) }],
  ];
  for (const [title, raw, live] of beside) {
    it(`has nothing against a Calico of somebody ${title}`, () =>
      assert.deepEqual(judgeSwitch(settingsOf(raw), liveCluster(live), stack), {
        problems: [],
        warnings: [],
      }));
  }

  it("refuses to chain Cilium behind somebody's Calico by another plugin's mode", () =>
    assert.match(
      said({ cilium: { values: { cni: { chainingMode: "aws-cni" } } } }, operated({})).join(),
      /^datapath: Calico is in the cluster/,
    ));

  it("wants consent to take Calico out and put nothing in its place", () => {
    const none = { ...toCalico, calico: { enabled: false } };
    assert.deepEqual(said(none, calico), [
      "calico.enabled: false uninstalls Calico, which runs in this cluster for this stack: pods lose their network: leave it on, or agree by allowDatapathChange: true for this deployment",
    ]);
    assert.deepEqual(said({ ...none, ...agree }, calico), []);
    assert.deepEqual(said(none, { ...calico, record: undefined }), []);
  });

  it("wants the same of Cilium", () => {
    const none = { cilium: { enabled: false } };
    assert.deepEqual(said(none, cilium), [
      "cilium.enabled: false uninstalls Cilium, which runs in this cluster for this stack: pods lose their network: leave it on, or agree by allowDatapathChange: true for this deployment",
    ]);
    for (const consent of [agree, { cilium: { enabled: false, allowDatapathChange: true } }]) {
      assert.deepEqual(said({ ...none, ...consent }, cilium), []);
    }
    assert.deepEqual(said(none, { ...cilium, record: note("cilium 1.20.2", "other.dev") }), []);
  });

  it("names what turned one off that is not the chosen one, and a consent that is heard", () => {
    const none = { datapath: "calico", calico: { enabled: false } };
    assert.deepEqual(said(none, cilium), [
      "calico.enabled: false uninstalls Cilium, which runs in this cluster for this stack: pods lose their network: set datapath: cilium, and leave cilium.enabled on, or agree by allowDatapathChange: true for this deployment",
    ]);
    assert.deepEqual(said({ ...none, ...agree }, cilium), []);
    assert.deepEqual(said({ ...none, cilium: { allowDatapathChange: true } }, cilium), []);
    assert.match(
      said({ cilium: { enabled: false } }, calico).join(),
      /^cilium\.enabled: false uninstalls Calico, .*: set datapath: calico, and leave calico\.enabled on, or/,
    );
  });
});

describe("recordedDatapath()", () => {
  it("is what the note says; notes from before there was a choice say Cilium", () => {
    assert.equal(recordedDatapath(liveCluster(calico)), "calico");
    assert.equal(recordedDatapath(liveCluster(cilium)), "cilium");
    assert.equal(
      recordedDatapath(liveCluster({ record: { name: "cluster-network", labels: {} } })),
      "cilium",
    );
    assert.equal(recordedDatapath(liveCluster()), undefined);
  });
});
