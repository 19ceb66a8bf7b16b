import assert from "node:assert/strict";
import { application } from "../../support/reachability/applications.ts";
import { PlayedPods } from "../../support/reachability/played-pods.ts";
import { useSharedPlane } from "../../support/shared-plane.ts";
import { note } from "../../support/traffic.ts";

const seeds = Array.from({ length: 20 }, (_, index) => index + 1);

describe("who reaches whom, by real connections, is what the evaluator says", function () {
  this.timeout("1 minute");
  const plane = useSharedPlane();
  let pods: PlayedPods;

  before(async function () {
    this.timeout("2 minutes");
    pods = new PlayedPods(plane());
    await pods.open();
  });

  after(() => pods.close());

  for (const seed of seeds) {
    it(`in generated application ${seed}`, async function () {
      const played = application(seed, plane().dataPlane.apiServer);
      const { tried, surprising } = await pods.play(played);
      note(this, `${played.title}: ${tried} connections`);
      assert.deepEqual(surprising, [], JSON.stringify(played.manifests));
    });
  }
});
