import assert from "node:assert/strict";
import { usePeer } from "../../support/peer.ts";

describe("peer", function () {
  this.timeout(20_000);
  const peer = usePeer();

  it("names its commands when it is given none of them", async () => {
    const { code, output } = await peer.run("prob");
    assert.equal(code, 2);
    assert.match(output, /^peer: Unknown command "prob"\n(usage: peer \w+ .*\n){5}$/);
  });

  it("tells how it is called", async () => {
    for (const args of [["--help"], ["probe", "--help"]]) {
      const { code, output } = await peer.run(...args);
      assert.equal(code, 0);
      assert.match(output, /^usage: peer probe .*TARGET\.\.\.$/m);
      assert.match(output, /^TARGET is tcp:HOST:PORT/m);
    }
  });
});
