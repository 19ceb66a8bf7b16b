import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatProblem } from "../../../model/problem.ts";
import { readArguments } from "../../../stacks/reachability/arguments.ts";
import { type Outcome, run } from "../../../stacks/reachability/run.ts";
import { shop } from "../../support/shop.ts";

let folder = "";
before(() => {
  folder = mkdtempSync(join(tmpdir(), "reachability-"));
  const policy = (name: string, spec: string) =>
    `{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: ${name}, namespace: shop }, spec: ${spec} }`;
  const files = {
    "shop.yaml": shop,
    "wider.yaml": policy("allow-postgres", "{ podSelector: {}, ingress: [{}] }"),
    "narrower.yaml": policy(
      "allow-api-gateway",
      "{ podSelector: { matchLabels: { app: api-gateway } }, policyTypes: [Egress] }",
    ),
    "strange.yaml": policy("strange", "{ podSelector: { matchLabel: { app: x } } }"),
    "calico.yaml":
      "{ apiVersion: crd.projectcalico.org/v1, kind: GlobalNetworkPolicy, metadata: { name: g } }",
    "broken.yaml": "a: [",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  mkdirSync(join(folder, "policies"));
  writeFileSync(join(folder, "policies/again.yaml"), files["wider.yaml"]);
});
after(() => rmSync(folder, { recursive: true }));

async function outcome(...args: string[]): Promise<Outcome> {
  const read = readArguments(args);
  assert.ok("asked" in read, JSON.stringify(read));
  const found = await run(read.asked, folder);
  assert.ok(!("problems" in found), "problems" in found ? found.problems.map(formatProblem).join("\n") : "");
  return found;
}
async function refusal(...args: string[]): Promise<string> {
  const read = readArguments(args);
  const found = "asked" in read ? await run(read.asked, folder) : read;
  return "problems" in found ? found.problems.map(formatProblem).join("\n") : "";
}

describe("run()", () => {
  const question = ["--from", "shop/api-backend", "--to", "shop/postgres"];
  const codes: [args: string[], code: number][] = [
    [["shop.yaml", ...question, "--port", "5432"], 0],
    [["shop.yaml", ...question, "--port", "22"], 1],
    [["shop.yaml", "strange.yaml", ...question, "--port", "22"], 2],
    [["shop.yaml"], 0],
    [["shop.yaml", "calico.yaml"], 2],
    [["shop.yaml", "--after", "shop.yaml"], 0],
    [["shop.yaml", "--after", "wider.yaml"], 1],
    [["shop.yaml", "--after", "wider.yaml", "--fail-on", "closes"], 0],
    [["shop.yaml", "--after", "narrower.yaml", "--fail-on", "opens"], 0],
    [["shop.yaml", "--after", "narrower.yaml", "--fail-on", "closes"], 1],
    [["shop.yaml", "--after", "policies", "--fail-on", "nothing"], 0],
    [["shop.yaml", "--after", "strange.yaml", "--fail-on", "nothing"], 2],
  ];
  for (const [args, code] of codes) {
    it(`ends with ${code} for ${args.join(" ")}`, async () =>
      assert.equal((await outcome(...args)).code, code));
  }

  it("says loudly what was not understood, with the file, and what is not known for it", async () => {
    const { text, json } = await outcome("shop.yaml", "strange.yaml");
    assert.match(
      text,
      /^NOT UNDERSTOOD: what passes in shop is not known for certain, because of\n {2}- strange\.yaml: NetworkPolicy shop\/strange spec\.podSelector\.matchLabel: .+: .+$/m,
    );
    assert.equal((json as { notUnderstood: { namespace: string }[] }).notUnderstood[0]?.namespace, "shop");
    assert.match(
      (await outcome("shop.yaml", "calico.yaml")).text,
      /what passes in every namespace is not known/,
    );
  });

  it("names the file of what cannot be read, and answers nothing", async () => {
    assert.match(await refusal("shop.yaml", "broken.yaml"), /^broken\.yaml:\d+:\d+: Not YAML/);
    assert.match(
      await refusal("shop.yaml", "--after", "nothing.yaml"),
      /^nothing\.yaml: There is no such file/,
    );
  });

  it("lists the flows of one end where the other is left open", async () => {
    const { text } = await outcome("shop.yaml", "--to", "postgres");
    assert.match(text, /Allowed flows\n {2}shop\/api-backend\n {4}→ shop\/postgres: TCP 5432$/);
  });

  it("has the same as JSON, by names and numbers", async () => {
    const { json } = await outcome("shop.yaml", "--from", "shop/api-gateway");
    const { version, dialect, counts, flows, workloads } = json as Record<string, unknown> & {
      workloads: object[];
    };
    assert.deepEqual(
      [version, dialect, counts, flows],
      [
        1,
        "kubernetes",
        { namespaces: 3, workloads: 4, policies: 6 },
        [{ from: ["shop/api-gateway"], to: ["shop/api-backend"], ports: [{ protocol: "TCP", port: 8080 }] }],
      ],
    );
    assert.equal(workloads.length, 4);
    const changed = (await outcome("shop.yaml", "--after", "narrower.yaml")).json;
    assert.deepEqual((changed as { closes: unknown }).closes, flows);
  });

  describe("with a stack", () => {
    const dev = `stack:${join(process.cwd(), "Pulumi.dev.yaml")}`;

    it("asks what the program would generate, and declares its workloads and DNS", async () => {
      const { text, code } = await outcome(
        dev,
        "--from",
        "shop/api-gateway",
        "--to",
        "shop/api-backend",
        "--port",
        "http",
      );
      assert.deepEqual(
        [code, text.split("\n")[0]],
        [0, "shop/api-gateway → shop/api-backend on http: ALLOWED"],
      );
      assert.equal(
        (await outcome(dev, "--from", "shop/*", "--to", "kube-system/coredns", "--port", "53/UDP")).code,
        0,
      );
    });

    it("takes away what the stack created once and would no longer", async () => {
      const old = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: old, namespace: shop, labels: { cluster-network/stack: cluster-network.dev } }
spec: { podSelector: {}, ingress: [{}] }`;
      writeFileSync(join(folder, "live.yaml"), `${shop}\n---\n${old}`);
      const { text } = await outcome("live.yaml", "--after", dev);
      assert.match(text, /CLOSES\n(.*\n)*.*everything outside\n {4}→ shop\/\*: every/);
    });

    it("has the settings' problems, with the file", async () => {
      const blocked = `stack:${join(process.cwd(), "examples/blocked/Pulumi.dev.yaml")}`;
      assert.match(await refusal(blocked), /^Pulumi\.dev\.yaml: cluster: Missing/);
      assert.match(await refusal("stack:nope"), /Pulumi\.nope\.yaml: There is no such file/);
    });
  });
});

describe("npm run reachability", function () {
  this.timeout(30_000);
  const command = (args: string[], input?: string) =>
    spawnSync(process.execPath, ["--import", "tsx", "stacks/reachability.ts", ...args], {
      encoding: "utf8",
      input,
    });

  it("reads the standard input, and draws the matrix", () => {
    const svg = join(folder, "matrix.svg");
    const { status, stdout, stderr } = command(["-", "--svg", svg, "--json"], shop);
    assert.deepEqual([status, stderr], [0, ""]);
    assert.equal((JSON.parse(stdout) as { version: number }).version, 1);
    assert.match(readFileSync(svg, "utf8"), /^<svg .*<\/svg>\n$/s);
  });

  it("says how it is called where it was called otherwise", () => {
    const { status, stdout, stderr } = command(["--form", "x"]);
    assert.deepEqual([status, stdout], [2, ""]);
    assert.match(stderr, /did you mean --from\?\n\nusage: npm run reachability -- /);
  });

  it("says that a picture cannot be written", () => {
    const { status, stderr } = command(["-", "--svg", join(folder, "nowhere/x.svg")], shop);
    assert.equal(status, 2);
    assert.match(stderr, /^--svg .*: Cannot be written \(ENOENT\): give a file in a folder that is there\n$/);
  });
});
