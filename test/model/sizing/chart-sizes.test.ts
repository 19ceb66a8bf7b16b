import assert from "node:assert/strict";
import type { ChartSizes } from "../../../model/sizing/chart-sizes.ts";
import { networkSizes } from "../../../model/sizing/network-sizes.ts";
import { minimal, settingsOf } from "../../support/settings.ts";

function told(cluster: object, cilium: object = {}): ChartSizes {
  return networkSizes(settingsOf({ cluster: { ...minimal.cluster, ...cluster }, cilium })).told;
}

describe("chartSizes()", () => {
  it("is silent where the chart chooses the same, in every version", () => {
    for (const version of ["1.14.0", "1.15.19", "1.16.0", "1.20.2"])
      assert.deepEqual(told({}, { version }), {});
  });

  it("has what a larger cluster needs", () => {
    assert.deepEqual(
      told({
        nodes: 2000,
        podsPerNode: 250,
        podCidr: "10.0.0.0/8",
        serviceCidr: "172.16.0.0/12",
        services: 10_000,
        node: { cores: 32, memory: "128GiB" },
        connections: 2_000_000,
      }),
      {
        bpfMapRatio: 0.01,
        lbMapMax: 2_097_152,
        policyMapMax: 65_536,
        hubbleEventBuffer: 8191,
        operatorApiQps: 1000,
        operatorApiBurst: 2000,
      },
    );
  });
});
