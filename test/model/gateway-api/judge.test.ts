import assert from "node:assert/strict";
import { type GatewayCrd, readCrd } from "../../../model/gateway-api/crd.ts";
import { judgeGatewayApi, usesGatewayApi } from "../../../model/gateway-api/judge.ts";
import { pairingOf } from "../../../model/gateway-api/pairing.ts";
import { recordName, stackLabel } from "../../../model/live.ts";
import { formatProblem } from "../../../model/problem.ts";
import { type CrdOver, gatewayCrd } from "../../support/gateway-crds.ts";
import { liveCluster } from "../../support/live.ts";
import { settingsOf } from "../../support/settings.ts";

const stack = "cluster-network.test";
const required = Object.keys(pairingOf("1.20.2")?.required ?? {});

const crd = (plural: string, over?: CrdOver): GatewayCrd =>
  readCrd(gatewayCrd(plural, over)) ?? assert.fail(plural);
const theirs = (over?: CrdOver, plurals = required): GatewayCrd[] => plurals.map((name) => crd(name, over));
const ours = (over: CrdOver = {}, plurals = required): GatewayCrd[] =>
  theirs(
    { labels: { [stackLabel]: stack }, annotations: { "cluster-network/applied": "17" }, ...over },
    plurals,
  );

interface Setting {
  readonly version?: string;
  readonly gatewayApi?: object;
  /** Chart that the cluster began with. */
  readonly firstInstalled?: string;
}

/** What is made of the CRDs in a cluster. */
function judge(
  crds: readonly GatewayCrd[],
  { version = "1.20.2", gatewayApi = {}, firstInstalled }: Setting = {},
) {
  const { cilium } = settingsOf({ cilium: { version, gatewayApi: { enabled: true, ...gatewayApi } } });
  const content = { chartVersion: version, values: {} };
  const release = { secret: "sh.helm.release.v1.cilium.v1", revision: 1, status: "deployed", content };
  const record = { name: recordName, labels: {}, firstInstalled };
  const live = liveCluster({
    gatewayApi: { crds, revision: "42" },
    ...(firstInstalled !== undefined && { release, deployedRelease: release, record }),
  });
  const { plan, problems, warnings } = judgeGatewayApi(cilium, live, stack);
  return { plan, problems: problems.map(formatProblem), warnings };
}

describe("judgeGatewayApi()", () => {
  it("has nothing to do where the Gateway API is off", () => {
    const { cilium } = settingsOf({});
    assert.deepEqual(judgeGatewayApi(cilium, liveCluster(), stack), { problems: [], warnings: [] });
  });

  it("installs all that the operator requires where nothing is there", () => {
    const { plan, problems, warnings } = judge([]);
    assert.deepEqual(plan, {
      bundle: "1.6.1",
      required: pairingOf("1.20.2")?.required,
      experimental: [],
      applied: "42",
      complete: false,
    });
    assert.deepEqual([problems, warnings], [[], []]);
  });

  it("takes TLSRoute from the experimental channel where the cluster began before 1.20", () => {
    assert.deepEqual(judge([], { firstInstalled: "1.19.1" }).plan?.experimental, ["tlsroutes"]);
  });

  it("changes nothing of ours that are as they should be", () => {
    const { plan } = judge(ours());
    assert.deepEqual([plan?.applied, plan?.complete], ["17", true]);
  });

  const incomplete: [what: string, crds: GatewayCrd[]][] = [
    ["one is missing", ours({}, required.slice(1))],
    ["one is too old", [...ours({}, required.slice(1)), ...ours({ bundle: "1.4.1" }, required.slice(0, 1))]],
    [
      "a deployment got to some of them only",
      [
        ...ours({}, required.slice(1)),
        ...ours({ annotations: { "cluster-network/applied": "16" } }, required.slice(0, 1)),
      ],
    ],
    [
      "one was handed over",
      [...ours({}, required.slice(1)), ...ours({ annotations: {} }, required.slice(0, 1))],
    ],
  ];
  for (const [what, crds] of incomplete) {
    it(`applies ours once more where ${what}`, () => {
      const { plan, problems, warnings } = judge(crds);
      assert.deepEqual([plan?.applied, plan?.complete, problems, warnings], ["42", false, [], []]);
      assert.deepEqual(Object.keys(plan?.required ?? {}), required);
    });
  }

  it("uses somebody else's as they are, and looks after none", () => {
    assert.deepEqual(judge(theirs()), { plan: undefined, problems: [], warnings: [] });
    assert.deepEqual(judge(theirs({ bundle: "1.6.0" })), { plan: undefined, problems: [], warnings: [] });
  });

  it("takes another stack's for somebody else's", () => {
    assert.equal(judge(ours({ labels: { [stackLabel]: "cluster-network.other" } })).plan, undefined);
  });

  it("keeps newer ones, and says so", () => {
    for (const crds of [theirs({ bundle: "1.7.0" }), ours({ bundle: "1.7.0" })]) {
      const { problems, warnings } = judge(crds);
      assert.deepEqual(problems, []);
      assert.deepEqual(
        warnings.map((line) => line.includes("Gateway API 1.7.0, newer than the 1.6.1")),
        [true],
      );
    }
  });

  it("refuses somebody else's that are too old, all in one line", () => {
    const { plan, problems } = judge([
      ...theirs({ bundle: "1.5.1" }, required.slice(0, 2)),
      ...theirs({}, required.slice(2)),
    ]);
    assert.equal(plan, undefined);
    assert.deepEqual(problems, [
      "cilium.gatewayApi: The CRDs gatewayclasses, gateways are of Gateway API 1.5.1, chart 1.20.2 needs 1.6.1, and they are not of this stack: " +
        "upgrade them with what installed them, or hand them over by the label cluster-network/stack=cluster-network.test, and they are upgraded here",
    ]);
  });

  it("fills up what is missing beside somebody else's, and says so", () => {
    const { plan, warnings } = judge(theirs({}, required.slice(1)));
    assert.deepEqual(plan?.required, { gatewayclasses: "v1" });
    assert.match(
      warnings.join("\n"),
      /gatewayclasses are missing beside somebody else's \(Gateway API 1\.6\.1\)/,
    );
  });

  it("says which of somebody else's it cannot tell the version of", () => {
    const { problems, warnings } = judge(theirs({ bundle: undefined }));
    assert.deepEqual(problems, []);
    assert.match(warnings.join("\n"), /do not say which Gateway API they are of/);
  });

  it("refuses a required CRD that does not serve the operator's version, whoever it belongs to", () => {
    for (const crds of [theirs, ours]) {
      const { problems } = judge([
        ...crds(
          {},
          required.filter((plural) => plural !== "tlsroutes"),
        ),
        ...crds({ versions: ["v1-", "v1alpha3"] }, ["tlsroutes"]),
      ]);
      assert.deepEqual(problems, [
        "tlsroutes.gateway.networking.k8s.io: Does not serve v1, which the operator of chart 1.20.2 works with (Gateway API 1.6.1, standard channel): " +
          "apply this CRD from the experimental channel where that still serves v1, or use the chart that this Gateway API is for",
      ]);
    }
  });

  // cilium#45139: the operator of 1.19 ends where TLSRoute lists v1alpha2 without serving it.
  const crdsFor119 = [
    ...["gatewayclasses", "gateways", "httproutes", "grpcroutes"].map((plural) => crd(plural)),
    crd("referencegrants", { versions: ["v1beta1"] }),
  ];
  for (const [versions, fits] of [
    [["v1", "v1alpha2-"], false],
    [["v1", "v1alpha2"], true],
    [["v1"], true],
  ] as const) {
    it(`${fits ? "takes" : "refuses"} an optional TLSRoute with ${versions.join(", ")} for 1.19`, () => {
      const { problems } = judge([...crdsFor119, crd("tlsroutes", { versions })], { version: "1.19.4" });
      assert.deepEqual(
        problems.map((line) => line.split(":")[0]),
        fits ? [] : ["tlsroutes.gateway.networking.k8s.io"],
      );
    });
  }

  it("refuses one that is being deleted", () => {
    const going = ours({ deletionTimestamp: "2026-11-26T00:00:00Z" }, ["gateways"]);
    const { problems } = judge([
      ...ours(
        {},
        required.filter((plural) => plural !== "gateways"),
      ),
      ...going,
    ]);
    assert.match(problems.join("\n"), /^gateways\.gateway\.networking\.k8s\.io: The CRD is being deleted/);
  });

  describe("with crds.existing", () => {
    const gatewayApi = { crds: { existing: true } };

    it("looks after none, not even those that were ours", () => {
      assert.deepEqual(judge(ours(), { gatewayApi }), { plan: undefined, problems: [], warnings: [] });
    });

    it("refuses a cluster that lacks one", () => {
      const { problems } = judge(theirs({}, required.slice(1)), { gatewayApi });
      assert.match(
        problems.join("\n"),
        /^cilium\.gatewayApi\.crds\.existing: The cluster has no CRDs gatewayclasses of/,
      );
    });

    it("refuses those that are too old", () => {
      assert.equal(judge(ours({ bundle: "1.5.0" }), { gatewayApi }).problems.length, 1);
    });
  });
});

describe("usesGatewayApi()", () => {
  it("sees the value of the user's own, too", () => {
    const uses = (cilium: object): boolean => usesGatewayApi(settingsOf({ cilium }).cilium);
    assert.equal(uses({}), false);
    assert.equal(uses({ gatewayApi: { enabled: true } }), true);
    assert.equal(uses({ values: { gatewayAPI: { enabled: true } } }), true);
    assert.equal(uses({ gatewayApi: { enabled: true }, values: { gatewayAPI: { enabled: false } } }), false);
    assert.equal(uses({ enabled: false, gatewayApi: { enabled: true } }), false);
  });
});
