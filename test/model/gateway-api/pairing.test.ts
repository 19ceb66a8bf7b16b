import assert from "node:assert/strict";
import { join } from "node:path";
import { documentsAt } from "../../../components/gateway-api/source.ts";
import { chooseCrds } from "../../../model/gateway-api/choose.ts";
import { readCrd } from "../../../model/gateway-api/crd.ts";
import { experimentalCrds, pairingOf } from "../../../model/gateway-api/pairing.ts";
import { cachedChart } from "../../support/cached-chart.ts";

describe("pairingOf()", () => {
  it("knows every chart that the program knows, and no other", () => {
    for (const minor of [14, 15, 16, 17, 18, 19, 20]) assert.ok(pairingOf(`1.${minor}.3`), `1.${minor}`);
    for (const version of ["1.13.9", "1.21.0", "2.0.0", "latest"]) {
      assert.equal(pairingOf(version), undefined, version);
    }
  });

  it("never takes a CRD of the experimental channel that it does not require", () => {
    for (const minor of [14, 15, 16, 17, 18, 19, 20]) {
      const { required, experimental, optional } = pairingOf(`1.${minor}.0`) ?? assert.fail();
      for (const plural of experimental) assert.ok(plural in required, plural);
      for (const plural of Object.keys(optional)) assert.ok(!(plural in required), plural);
    }
  });

  // What the Gateway API has published, where its module is there to read.
  for (const [program, charts] of [
    ["gateway-api-crds", ["1.20.2"]],
    ["gateway-api-crds-1.1", ["1.15.19", "1.16.1"]],
  ] as const) {
    it(`is met by the published CRDs in ${program}`, async function () {
      const folder = await cachedChart(this, program);
      const documents = documentsAt(folder);
      for (const chart of charts) {
        const { required, bundle } = pairingOf(chart) ?? assert.fail();
        const experimental = experimentalCrds(chart, chart);
        const { chosen, problems } = chooseCrds(documents, { bundle, required, experimental }, [], folder);
        assert.deepEqual(problems, []);
        for (const { plural, object } of chosen) {
          const channel = experimental.includes(plural) ? "experimental" : "standard";
          assert.equal(readCrd(object)?.channel, channel, plural);
        }
      }
    });
  }

  it("takes only what is needed from the experimental channel", async function () {
    const folder = await cachedChart(this, "gateway-api-crds-1.1");
    const { bundle, required } = pairingOf("1.16.1") ?? assert.fail();
    const plan = { bundle, required, experimental: [] };
    const { problems } = chooseCrds(documentsAt(join(folder, "standard")), plan, [], folder);
    assert.deepEqual(
      problems.map(({ message }) => message),
      ["Has no CRD tlsroutes.gateway.networking.k8s.io"],
    );
  });
});

describe("experimentalCrds()", () => {
  it("keeps TLSRoute's older versions served where the cluster began before 1.20", () => {
    assert.deepEqual(experimentalCrds("1.20.2", "1.20.0"), []);
    assert.deepEqual(experimentalCrds("1.20.2", "1.19.4"), ["tlsroutes"]);
    assert.deepEqual(experimentalCrds("1.19.4", "1.17.0"), []);
    assert.deepEqual(experimentalCrds("1.15.19", "1.15.19"), ["grpcroutes", "tlsroutes"]);
  });
});
