import assert from "node:assert/strict";
import { ClusterError } from "../../components/cluster-error.ts";
import { readCalicoFor } from "../../stacks/live-calico.ts";
import { settingsOf } from "../support/settings.ts";

const found = { served: true };
const answers = (status?: number) => () =>
  Promise.reject(new ClusterError({ path: "KUBECONFIG", message: "No", remedy: "ask" }, status));
const note = (chart?: string) => Promise.resolve(chart === undefined ? undefined : { data: { chart } });
const cilium = settingsOf({});
const calico = settingsOf({ datapath: "calico" });

describe("readCalicoFor()", () => {
  it("looks where a datapath is deployed, and only there", async () => {
    const read = () => Promise.resolve(found);
    for (const settings of [cilium, calico]) assert.equal(await readCalicoFor(settings, read, note()), found);
    const none = settingsOf({ cilium: { enabled: false } });
    assert.equal(await readCalicoFor(none, () => assert.fail("asked"), note()), undefined);
  });

  for (const status of [401, 403]) {
    it(`does without where a deployment of Cilium may not look (${status})`, async () => {
      for (const chart of [undefined, "cilium 1.20.2"]) {
        assert.equal(await readCalicoFor(cilium, answers(status), note(chart)), undefined);
      }
    });

    it(`does not where the note says that Calico runs, or it is deployed (${status})`, async () => {
      await assert.rejects(
        readCalicoFor(cilium, answers(status), note("tigera-operator v3.31.7")),
        ClusterError,
      );
      await assert.rejects(readCalicoFor(calico, answers(status), note()), ClusterError);
    });
  }

  for (const status of [500, 503, undefined]) {
    it(`takes no answer for no Calico (${status ?? "time-out"})`, () =>
      assert.rejects(readCalicoFor(cilium, answers(status), note()), ClusterError));
  }
});
