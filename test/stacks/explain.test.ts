import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";

const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", "stacks/explain.ts", ...args],
    {
      encoding: "utf8",
    },
  );
  return { status, stdout, stderr };
};

describe("npm run explain", function () {
  this.timeout(30_000);

  it("explains a stack without a cluster", () => {
    const { status, stdout, stderr } = run("prod");
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /^Pulumi\.prod\.yaml: prod-eu1: 120 nodes/);
    assert.match(stdout, /conntrackMax +1,048,576 connections +the production minimum/);
  });

  it("lists the policies with their reasons, and proves that they are what the flows mean", () => {
    const { stdout } = run("dev");
    assert.match(stdout, /\nPolicies\n/);
    assert.match(stdout, /shop\/allow-api-backend +NetworkPolicy +\S/);
    assert.match(stdout, /\nProof: 2 flows pass, and nothing else does but DNS/);
    const { network } = JSON.parse(run("dev", "--json").stdout) as {
      network: { flows: number; policies: Record<string, unknown>; unproved: string[] };
    };
    assert.deepEqual([network.flows, network.unproved], [2, []]);
    assert.equal(Object.keys(network.policies).length, 5);
  });

  it("prints the same as JSON", () => {
    const { file, sizes } = JSON.parse(run("dev", "--json").stdout) as {
      file: string;
      sizes: Record<string, Record<string, { value: number }>>;
    };
    assert.equal(file, "Pulumi.dev.yaml");
    assert.equal(sizes["Every node"]?.conntrackMax?.value, 131_072);
  });

  it("prints images as lines for a script", () => {
    const { stdout, stderr } = run("dev", "--images");
    const lines = stdout.trimEnd().split("\n");
    assert.equal(stderr, "");
    assert.ok(lines.includes("docker.io/library/busybox:1.37.0"));
    assert.ok(
      lines.every((line) => /^\S+:\S+$/.test(line)),
      lines.join(),
    );
  });

  it("says on the error output whose images the lines lack", () => {
    const { status, stdout, stderr } = run("examples/profiles/Pulumi.small.yaml", "--images");
    assert.deepEqual([status, stdout], [0, "docker.io/library/busybox:1.37.0\n"]);
    assert.match(stderr, /^calico: Its images are not listed, .*--print-images=list.*\n$/);
    assert.match(
      run("examples/profiles/Pulumi.small.yaml").stdout,
      /Images\n.*\n {2}- calico: Its images are/,
    );
  });

  const wrong: [title: string, args: string[], status: number, message: string][] = [
    [
      "a stack that is not there",
      ["prd"],
      1,
      "Pulumi.prd.yaml has 1 problem:\n  - Pulumi.prd.yaml: There is no such file: did you mean prod?\n",
    ],
    [
      "settings that are wrong",
      ["examples/blocked/Pulumi.dev.yaml"],
      1,
      "examples/blocked/Pulumi.dev.yaml has 1 problem:\n  - cluster: Missing: set it (Name, size, address ranges and API server of the cluster)\n",
    ],
  ];
  for (const [title, args, status, message] of wrong) {
    it(`says what to do about ${title}`, () =>
      assert.deepEqual(run(...args), { status, stdout: "", stderr: message }));
  }

  for (const args of [[], ["dev", "--jsn"], ["dev", "prod"], ["dev", "--json", "--images"]]) {
    it(`says how it is called instead of "${args.join(" ")}", and which stacks there are`, () => {
      const { status, stdout, stderr } = run(...args);
      assert.deepEqual([status, stdout], [2, ""]);
      assert.match(
        stderr,
        /^usage: npm run explain -- <stack> \[--json \| --images\]\nstacks here: .*dev.*prod/,
      );
    });
  }
});
