import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Engine, type Run } from "../../sandbox/engine.ts";
import { RULES } from "../../policy-pack/rules/index.ts";
import { expectRun } from "../support/runs.ts";
import { ensureTools } from "../../toolchain/index.ts";

const PROJECT = resolve("test/fixtures/policy-pack");
const PROGRAMS = [
  "pulumi",
  "pulumi-language-nodejs",
  "pulumi-analyzer-policy",
  "pulumi-resource-kubernetes",
] as const;

describe("the policy pack in the engine", function () {
  this.timeout("2 minutes");
  let folder: string;
  let engine: Engine;
  let bad: Run | undefined;

  before(async function () {
    this.timeout("90 minutes");
    // As in test/support/tools.ts: a folder of programs that are there already.
    const bin = process.env.CLUSTER_NETWORK_BIN ?? (await ensureTools({ only: PROGRAMS })).bin;
    mkdirSync(".sandbox", { recursive: true });
    folder = mkdtempSync(resolve(".sandbox", "policy-pack-"));
    // Rendering needs no cluster, and the provider refuses a kubeconfig with it.
    const env = { KUBECONFIG: undefined };
    engine = new Engine({ bin, folder, kubeconfig: "", project: PROJECT, env });
    for (const stack of ["bad", "good"]) await engine.createStack(stack, { folder: rendered() });
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it("blocks a bad network at the preview, and says each rule, object, reason and remedy", async () => {
    bad = await preview("bad");
    expectRun(bad).failsSaying(
      "[mandatory] [severity: high]  SVC-NODEPORT  (kubernetes:core/v1:Service: web)",
      "Service shop/web: `spec.type: NodePort` opens a port on every node: use `type: ClusterIP`",
      "[mandatory] [severity: high]  NP-DENY  (kubernetes:core/v1:Namespace: shop)",
      "Namespace shop: No policy denies egress by default",
      /podSelector: \{\}\n\s+policyTypes: \[Egress\]/,
      "[mandatory] [severity: high]  DNS-CACHE  (kubernetes:core/v1:ConfigMap: coredns)",
      "ConfigMap kube-system/coredns, Corefile:5:17: Capacity 9999999 of success is over the limit of 65536",
    );
    assert.equal(existsSync(rendered()), false, "something was rendered");
  });

  it("tells what it could not judge, and is not silenced by it", () => {
    const output = bad?.output ?? "";
    assert.match(output, /\[advisory\] \[severity: low\] {2}COV-BLIND/);
    assert.match(output, /SVC-NODEPORT: Service shop\/later: `spec.type` is not known yet/);
    assert.doesNotMatch(output, /can't run policy/);
  });

  it("lets a good network pass without a word", async () => {
    const run = await preview("good");
    expectRun(run).succeeds();
    assert.match(run.output, /✅ cluster-network@v/);
    for (const { id } of RULES) assert.doesNotMatch(run.output, new RegExp(id));
  });

  it("obeys levels, limits and exemptions of its configuration", async () => {
    const run = await preview("bad", {
      "SVC-NODEPORT": { exempt: [{ object: "shop/*", reason: "no load balancer in the laboratory" }] },
      "NP-DENY": "advisory",
      "DNS-CACHE": { maxEntries: 10_000_000, memoryLimit: "64Gi" },
    });
    expectRun(run).succeeds();
    assert.match(run.output, /\[advisory\].*NP-DENY/);
    assert.doesNotMatch(run.output, /SVC-NODEPORT {2}\(|DNS-CACHE {2}\(/);
  });

  it("refuses a configuration that its rules do not know", async () => {
    const run = await preview("good", { "SVC-NODEPORT": { exempt: [{ object: "shop/*" }] } });
    expectRun(run).failsSaying("reason is required");
  });

  function preview(stack: string, config: object = {}): Promise<Run> {
    const file = join(folder, "policy-config.json");
    writeFileSync(file, JSON.stringify(config));
    return engine.preview(stack, "--policy-pack", resolve("policy-pack"), "--policy-pack-config", file);
  }

  function rendered(): string {
    return join(folder, "manifests");
  }
});
