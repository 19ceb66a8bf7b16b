import assert from "node:assert/strict";
import { calicoMakesWay } from "../../../model/calico/leaving.ts";
import { type LiveCluster, stackLabel } from "../../../model/live.ts";
import { liveCluster } from "../../support/live.ts";
import { settingsOf } from "../../support/settings.ts";

const stack = "cluster-network.dev";
const note = (chart: string, whose = stack) => ({
  name: "cluster-network",
  labels: { [stackLabel]: whose },
  chart,
});
const calico = (status = "deployed"): Partial<LiveCluster> => ({
  record: note("tigera-operator v3.31.7"),
  calico: { release: { secret: "x", revision: 1, status }, installation: {}, served: true },
});

describe("calicoMakesWay()", () => {
  const cases: [title: string, expected: boolean, raw: object, live: Partial<LiveCluster>][] = [
    ["for Cilium", true, {}, calico()],
    [
      "again where the first try failed",
      true,
      {},
      { ...calico("uninstalling"), record: note("cilium 1.20.2") },
    ],
    ["not where it stays", false, { datapath: "calico" }, calico()],
    ["not for a Cilium that is left to others", false, { cilium: { enabled: false } }, calico()],
    ["not where it is another stack's", false, {}, { ...calico(), record: note("cilium 1.20.2", "a.b") }],
    [
      "not where nodes are moved from it one by one",
      false,
      { cilium: { migrateFrom: ["calico"] } },
      calico(),
    ],
    ["not where it is gone", false, {}, calico("uninstalled")],
    ["not where it never was", false, {}, { record: note("cilium 1.20.2"), calico: { served: false } }],
  ];
  for (const [title, expected, raw, live] of cases) {
    it(title, () => assert.equal(calicoMakesWay(settingsOf(raw), liveCluster(live), stack), expected));
  }
});
