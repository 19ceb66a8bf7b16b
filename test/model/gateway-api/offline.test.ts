import assert from "node:assert/strict";
import { judgeGatewayApi } from "../../../model/gateway-api/judge.ts";
import { offlineWarnings } from "../../../model/gateway-api/offline.ts";
import { formatProblem } from "../../../model/problem.ts";
import { liveCluster } from "../../support/live.ts";
import { settingsOf } from "../../support/settings.ts";

const said = (cilium: object, complete = false): string[] =>
  offlineWarnings(settingsOf({ cilium }).cilium, { bundle: "1.6.1", complete }).map(formatProblem);
const imageRegistry = "registry.example/m";
const source = (crds: object) => ({ imageRegistry, gatewayApi: { enabled: true, crds } });

describe("offlineWarnings()", () => {
  for (const [own, cilium] of [
    ["imageRegistry: registry.example/m", { imageRegistry }],
    ["chart.path: ./charts/cilium", { chart: { path: "./charts/cilium" } }],
    ["chart.oci: oci://registry.example/cilium", { chart: { oci: "oci://registry.example/cilium" } }],
  ] as const) {
    it(`warns of a download beside ${own}`, () =>
      assert.deepEqual(said(cilium), [
        `cilium.gatewayApi.crds: The CRDs of Gateway API 1.6.1 are downloaded from its project, though other things come from a place of this site's own (cilium.${own}): where there is no way out, bring them here and name the file or folder by cilium.gatewayApi.crds.path, or a mirror by cilium.gatewayApi.crds.url`,
      ]));
  }

  it("says nothing where a source is named, or nothing is downloaded", () => {
    assert.deepEqual(said(source({ path: "./crds" })), []);
    assert.deepEqual(said(source({ url: "https://mirror.example/standard-install.yaml" })), []);
    assert.deepEqual(said({ imageRegistry }, true), []);
  });

  it("says nothing at sites with the internet", () =>
    assert.deepEqual(said({ chart: { repository: "https://charts.example" } }), []));

  it("is part of the judgement of the cluster's CRDs, where some are to be installed", () => {
    const warnings = (crds: object, enabled = true) => {
      const { cilium } = settingsOf({ cilium: { imageRegistry, gatewayApi: { enabled, crds } } });
      return judgeGatewayApi(cilium, liveCluster(), "cluster-network.test").warnings;
    };
    assert.match(warnings({}).join(), /^cilium\.gatewayApi\.crds: .*registry\.example\/m/);
    for (const crds of [{ path: "./crds" }, { existing: true }]) assert.deepEqual(warnings(crds), []);
    assert.deepEqual(warnings({}, false), []);
  });
});
