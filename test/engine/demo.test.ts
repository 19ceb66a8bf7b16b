import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { ensureTools } from "../../toolchain/index.ts";
import { demoFolder, endDemo, startDemo } from "../support/demo.ts";

describe("the demo on simulated nodes", function () {
  this.timeout("5 minutes");
  before(async function () {
    this.timeout("90 minutes");
    await ensureTools();
  });
  afterEach(endDemo);

  it("blocks, deploys, explains, says what it leaves out, and leaves nothing behind", async () => {
    const { code, output } = await startDemo("--simulated").ended;
    assert.equal(code, 0, output);
    for (const said of [
      /^2 {2}A bad network at preview .* stopped by 2 rules/m,
      /^4 {2}dev deployed .* created$/m,
      /^5 {2}dev previewed again .* \d+ unchanged$/m,
      /agents 3\/3 ready/,
      /^ {2}api-backend +· +· +TCP 5432$/m,
      /^The nodes are simulated: .* no packet flows, nobody's reach is measured/m,
    ]) {
      assert.match(output, said);
    }
    assert.ok(!existsSync(demoFolder));
  });
});
