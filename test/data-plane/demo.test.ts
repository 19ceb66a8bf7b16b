import assert from "node:assert/strict";
import { DataPlane } from "../../sandbox/data-plane/index.ts";
import { ensureTools } from "../../toolchain/index.ts";
import { planeTools, until } from "../support/data-plane.ts";
import { demoFolder, endDemo, startDemo } from "../support/demo.ts";
import { skipAllWithout } from "../support/machine.ts";
import { assertGone, tracesOf } from "../support/traces.ts";

describe("the demo on a data plane", function () {
  this.timeout("5 minutes");
  before(async function () {
    skipAllWithout(this, 2);
    this.timeout("90 minutes");
    await ensureTools({ only: planeTools });
  });
  afterEach(endDemo);

  it("measures who reaches whom before and after, with the policies that decided, and stays until stopped", async () => {
    const { code, output } = await startDemo("--keep").ended;
    assert.equal(code, 0, output);

    assert.deepEqual(matrixOf(output, /^Before/), {
      "from \\ to": ["api-gateway", "api-backend", "postgres", "stranger", "API server", "internet", "DNS"],
      "shop/api-gateway": ["·", "● open", "○ open", "○ open", "○ open", "○ open", "–"],
      "shop/api-backend": ["○ open", "·", "● open", "○ open", "○ open", "○ open", "–"],
      "shop/postgres": ["○ open", "○ open", "·", "○ open", "○ open", "○ open", "–"],
      "lab/stranger": ["○ open", "○ open", "○ open", "·", "○ open", "○ open", "–"],
    });
    const [out, into] = ["✗ egress", "✗ ingress"];
    assert.deepEqual(matrixOf(output, /^After/), {
      "from \\ to": ["api-gateway", "api-backend", "postgres", "stranger", "API server", "internet", "DNS"],
      "shop/api-gateway": ["·", "● open", out, out, out, out, "● open"],
      "shop/api-backend": [out, "·", "● open", out, out, out, "● open"],
      "shop/postgres": [out, out, "·", out, out, out, "● open"],
      "lab/stranger": [into, into, into, "·", "○ open", "○ open", "○ open"],
    });
    for (const line of [
      "● api-backend egress by shop/allow-api-gateway; ingress by shop/allow-api-backend",
      "● postgres egress by shop/allow-api-backend; ingress by shop/allow-postgres",
      "lab/stranger ○ API server, internet, DNS no policy selects either end",
      "✗ api-gateway, api-backend, postgres POLICY_DENIED on ingress, isolated by shop/default-deny-all",
      "✔ Exactly the declared flows pass: 20 of 20 connections were open before, 4 are now",
    ]) {
      assert.ok(output.replaceAll(/ +/g, " ").includes(line), `not said: ${line}\n${output}`);
    }

    const plane = DataPlane.find(demoFolder);
    assert.ok(plane, "it is up");
    const traces = tracesOf(plane);
    assert.match((await startDemo("--stop").ended).output, /The demo's cluster is stopped/);
    await assertGone(traces);
  });

  it("leaves nothing behind when Ctrl-C ends it", async () => {
    const demo = startDemo();
    await until("it to have measured", 60, () => Promise.resolve(demo.output().includes("connections pass")));
    const traces = tracesOf(new DataPlane(demoFolder));
    demo.child.kill("SIGINT");
    assert.equal((await demo.ended).code, 130, demo.output());
    await assertGone(traces);
  });
});

/** A matrix of the output: its cells by row, the ports left out. */
function matrixOf(output: string, title: RegExp): Record<string, string[]> {
  const lines = output.split("\n");
  const at = lines.findIndex((line) => title.test(line));
  const rows = lines.slice(at + 1, lines.indexOf("", at)).map((line) => line.trim().split(/ {2,}/));
  return Object.fromEntries(
    rows.filter(([head]) => !head?.startsWith("TCP")).map(([head = "", ...cells]) => [head, cells]),
  );
}
