import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readEvents, streamingPreview, violations } from "../../sandbox/events.ts";
import { calicoChart } from "../support/calico-chart.ts";
import type { Values } from "../../model/cilium/merge-values.ts";
import { expectRun } from "../support/runs.ts";
import { useSandbox } from "../support/sandbox.ts";

describe("the program", function () {
  this.timeout("2 minutes");
  const sandbox = useSandbox();
  const pack = join(process.cwd(), "policy-pack");

  const passing: [title: string, stack: "dev" | "prod", over: () => Values][] = [
    ["as dev", "dev", () => sandbox().here],
    ["as prod", "prod", () => sandbox().here],
    [
      "with Calico, which the profile small chooses",
      "dev",
      () => ({ cluster: sandbox().here.cluster, profile: "small", calico: calicoChart(sandbox()) }),
    ],
  ];
  for (const [title, stack, over] of passing) {
    it(`passes its own policy pack ${title}, and leaves the tracked stack file alone`, async () => {
      const tracked = readFileSync(`Pulumi.${stack}.yaml`, "utf8");
      const engine = sandbox().newEngine({ env: streamingPreview });
      await engine.createStack(stack, over());
      const run = await engine.preview(stack, "--json", "--policy-pack", pack);
      expectRun(run).succeeds();
      const mandatory = violations(readEvents(run.output)).filter(({ level }) => level === "mandatory");
      assert.deepEqual(mandatory, []);
      assert.equal(readFileSync(`Pulumi.${stack}.yaml`, "utf8"), tracked);
    });
  }

  it("is stopped by the policy pack when a setting opens a node port", async () => {
    const engine = sandbox().newEngine({ env: streamingPreview });
    await engine.createStack("dev", {
      ...sandbox().here,
      cilium: {
        chart: { path: sandbox().tools.path("cilium-chart") },
        values: { hubble: { ui: { service: { type: "NodePort" } } } },
      },
    });
    const run = await engine.preview("dev", "--json", "--policy-pack", pack);
    assert.notEqual(run.code, 0, run.output);
    const rules = violations(readEvents(run.output)).map(({ rule }) => rule);
    assert.ok(rules.includes("SVC-NODEPORT"), run.output);
  });

  it("runs what was edited, at the very next run", async () => {
    const project = join(sandbox().folder, "edited");
    mkdirSync(project);
    for (const part of [
      "index.ts",
      "start.cjs",
      "package.json",
      "tsconfig.json",
      "model",
      "components",
      "stacks",
    ]) {
      cpSync(part, join(project, part), { recursive: true });
    }
    for (const file of ["Pulumi.yaml", "Pulumi.dev.yaml"]) cpSync(file, join(project, file));
    const engine = sandbox().newEngine({ project });
    await engine.createStack("dev", sandbox().here);
    expectRun(await engine.preview("dev")).succeeds();

    const source = join(project, "model/policies/policies.ts");
    const text = readFileSync(source, "utf8");
    const edited = text.replace("Every pod is isolated in both directions", "Edited a moment ago");
    assert.notEqual(edited, text);
    writeFileSync(source, edited);
    const run = await engine.preview("dev", "--diff");
    expectRun(run).succeeds();
    assert.match(run.output, /Edited a moment ago/);
  });
});
