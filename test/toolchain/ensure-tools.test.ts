import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readlinkSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { productName } from "../../toolchain/cache.ts";
import { ensureTools, type ProgramName, programs } from "../../toolchain/index.ts";
import type { Program } from "../../toolchain/program.ts";
import { removeScratch, scratch, shellScript } from "../support/processes.ts";

const root = join(__dirname, "..", "..");
const table: readonly Program<ProgramName>[] = programs;
/** What is provided unless other programs are asked for. */
const usual = table.filter(({ onRequest }) => !onRequest);
const engineParts: ProgramName[] = ["pulumi", "pulumi-language-nodejs", "pulumi-analyzer-policy"];

after(removeScratch);

describe("ensureTools()", () => {
  const before = { ...process.env };
  const system = process.platform;
  let bin = "";
  let cache = "";
  let lines: string[] = [];
  const log = (line: string) => lines.push(line);

  // Each test has an empty cache, an empty .tools and nothing on PATH but sh's commands.
  beforeEach(() => {
    const tools = realpathSync(scratch());
    bin = join(tools, "bin");
    cache = scratch();
    lines = [];
    Object.assign(process.env, {
      CLUSTER_NETWORK_CACHE: cache,
      CLUSTER_NETWORK_TOOLS: tools,
      CLUSTER_NETWORK_BUILD: "",
      PULUMI_HOME: scratch(),
      PATH: pathOf(),
    });
    // The network is none of these tests' business.
    writeFileSync(join(cache, "installer-failed.json"), JSON.stringify({ at: new Date().toISOString() }));
  });
  afterEach(() => {
    process.env = { ...before };
    Object.defineProperty(process, "platform", { value: system });
  });

  const pathOf = (...folders: string[]) => [...folders, "/usr/bin", "/bin"].join(":");
  const putIntoCache = (names: readonly ProgramName[]) => {
    for (const program of table.filter(({ name }) => names.includes(name))) {
      if (program.recipe.kind === "script") continue;
      const module = join(root, "toolchain", "programs", program.pinnedIn ?? program.name);
      const product = productName(program, module);
      shellScript(join(cache, "programs", product, program.name), `echo cached ${program.name}`);
    }
  };
  const pretendSystem = (name: NodeJS.Platform) => {
    Object.defineProperty(process, "platform", { value: name });
  };
  const distribution = (version: string, ...parts: string[]) => {
    const folder = scratch();
    shellScript(join(folder, "pulumi"), `echo v${version}`);
    for (const part of parts) shellScript(join(folder, part), `echo ${part} of ${version}`);
    return folder;
  };

  it("answers from the cache in well under a second, with one line, and needs no Go", async () => {
    pretendSystem("linux");
    putIntoCache(usual.map(({ name }) => name));
    const begun = Date.now();
    const tools = await ensureTools({ log });
    assert.ok(Date.now() - begun < 1000);
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? "", /^Tools: pulumi 3\.220\.0 \(cached\), .*hubble-flows 1\.15\.19 \(cached\)$/);
    assert.equal(tools.bin, bin);
    assert.deepEqual(
      tools.programs.map(({ name }) => name),
      usual.map(({ name }) => name),
    );
    for (const { name, path, origin } of tools.programs) {
      assert.equal(tools.path(name), path);
      assert.equal(origin, "built");
    }
    const folders = table.filter(({ recipe }) => recipe.kind === "folder").map(({ name }) => name);
    for (const name of folders) assert.ok(readdirSync(tools.path(name)).length > 0);
    assert.deepEqual(
      readdirSync(bin).sort(),
      usual
        .map(({ name }) => name)
        .filter((name) => !folders.includes(name))
        .sort(),
    );
    assert.equal(execFileSync(join(bin, "kwok"), { encoding: "utf8" }), "cached kwok\n");
  });

  it("takes an engine on PATH with all its parts", async () => {
    const folder = distribution("3.250.0", "pulumi-language-nodejs", "pulumi-analyzer-policy");
    process.env.PATH = pathOf(folder);
    const tools = await ensureTools({ only: engineParts, log });
    assert.deepEqual(
      tools.programs.map(({ origin, version, path }) => [origin, version, dirname(path)]),
      engineParts.map(() => ["path", "3.250.0", folder]),
    );
    assert.equal(readlinkSync(join(bin, "pulumi")), join(folder, "pulumi"));
    assert.equal(
      execFileSync(join(bin, "pulumi-language-nodejs"), { encoding: "utf8" }),
      "pulumi-language-nodejs of 3.250.0\n",
    );
  });

  for (const [title, folder, reason] of [
    ["too old", () => distribution("3.100.0", "pulumi-language-nodejs"), /it is version 3\.100\.0/],
    [
      "without a language host",
      () => distribution("3.250.0"),
      /pulumi-language-nodejs is neither beside it nor on PATH/,
    ],
  ] as const) {
    it(`says why an engine ${title} on PATH is not used, and mixes nothing of it with ours`, async () => {
      const found = folder();
      process.env.PATH = pathOf(found);
      putIntoCache(engineParts);
      const tools = await ensureTools({ only: engineParts, log });
      const notices = lines.filter((line) => line.includes("is not used"));
      assert.equal(notices.length, 1);
      assert.match(notices[0] ?? "", reason);
      for (const { origin, path } of tools.programs) {
        assert.equal(origin, "built");
        assert.notEqual(dirname(path), found);
      }
    });
  }

  it("says once why an engine is not used, and builds only what is not in the cache", async () => {
    process.env.PATH = pathOf(distribution("3.100.0"));
    putIntoCache(["pulumi-language-nodejs"]);
    shellScript(join(process.env.PATH.split(":")[0] ?? "", "go"), "exit 1");
    await assert.rejects(
      ensureTools({ only: engineParts, log }),
      /^ToolError: Go does not answer .*, and building pulumi needs Go 1\.25\.0 or newer/,
    );
    assert.equal(lines.filter((line) => line.includes("is not used")).length, 1);
  });

  it("passes over what the machine has with CLUSTER_NETWORK_BUILD=1", async () => {
    process.env.PATH = pathOf(distribution("3.250.0", "pulumi-language-nodejs"));
    process.env.CLUSTER_NETWORK_BUILD = "1";
    putIntoCache(engineParts);
    const tools = await ensureTools({ only: engineParts, log });
    assert.ok(tools.programs.every(({ origin }) => origin === "built"));
  });

  it("takes a provider that the user's engine has downloaded", async () => {
    const path = join(
      process.env.PULUMI_HOME ?? "",
      "plugins",
      "resource-command-v1.2.1",
      "pulumi-resource-command",
    );
    shellScript(path, "");
    const tools = await ensureTools({ only: ["pulumi-resource-command"], log });
    assert.deepEqual(tools.programs, [
      { name: "pulumi-resource-command", version: "1.2.1", origin: "installer", path },
    ]);
    assert.equal(readlinkSync(join(bin, "pulumi-resource-command")), path);
  });

  it("leaves out on another system what is for Linux only", async () => {
    pretendSystem("darwin");
    putIntoCache(programs.map(({ name }) => name));
    const tools = await ensureTools({ log });
    const taken = tools.programs.map(({ name }) => name);
    const left = usual.map(({ name }) => name).filter((name) => !taken.includes(name));
    const ofLinux = table.filter(({ onlyOn }) => onlyOn === "linux").map(({ name }) => name);
    assert.deepEqual(left, ofLinux);
    assert.ok(left.includes("peer") && left.includes("cilium-agent") && taken.includes("kwok"));
  });

  it("says on another system that what is asked for is for Linux only", async () => {
    pretendSystem("darwin");
    await assert.rejects(ensureTools({ only: ["kwok", "peer", "cilium-agent"], log }), {
      name: "ToolError",
      message: /^Cannot provide peer, cilium-agent on darwin: only Linux has the network namespaces/,
    });
  });

  it("builds several programs from the module that pins them all", async () => {
    pretendSystem("linux");
    const go = shellScript(
      join(scratch(), "go"),
      `if [ "$1" = env ]; then echo '{"GOVERSION":"go1.30.0","GOTOOLCHAIN":"local","GOFLAGS":""}'; exit; fi
while [ $# -gt 0 ]; do case $1 in -o) out=$2;; -tags) tags=$2;; esac; last=$1; shift; done
printf '#!/bin/sh\\necho "%s"\\n' "$(basename "$PWD"), $last, $tags" > "$out"; chmod +x "$out"`,
    );
    process.env.PATH = pathOf(dirname(go));
    const { path } = await ensureTools({ only: ["cilium-agent", "cilium-operator"], log });
    const told = (name: ProgramName) => execFileSync(path(name), { encoding: "utf8" }).trim();
    assert.equal(told("cilium-agent"), "cilium, ./cilium-agent,");
    assert.equal(
      told("cilium-operator"),
      "cilium, github.com/cilium/cilium/operator, ipam_provider_operator",
    );
  });

  it("says what to install when something has to be built and there is no Go", async () => {
    process.env.PATH = scratch();
    await assert.rejects(ensureTools({ only: ["kwok", "coredns"], log }), {
      name: "ToolError",
      message: /^Go is not on PATH, and building kwok, coredns needs Go 1\.26\.0 or newer/,
    });
  });

  it("says which variable to set when the cache is read-only", async () => {
    process.env.CLUSTER_NETWORK_CACHE = "/dev/null/cache";
    await assert.rejects(ensureTools({ only: ["kwok"], log }), {
      name: "ToolError",
      message: /^Cannot write in \/dev\/null\/cache: ENOTDIR[^]*Set CLUSTER_NETWORK_CACHE/,
    });
  });

  it("starts policy packs by the SDK of the pack's folder, or else of this checkout", async () => {
    putIntoCache(engineParts);
    const { path } = await ensureTools({ only: engineParts, log });
    const pack = scratch();
    // A node that resolves as the real one does, but only names what it is to run.
    const fake = shellScript(
      join(scratch(), "node"),
      `if [ "$1" = -p ]; then exec ${process.execPath} "$@"; else echo "$1"; fi`,
    );
    const run = () => {
      const env = { ...process.env, PATH: pathOf(dirname(fake)) };
      return execFileSync(path("pulumi-analyzer-policy"), { cwd: pack, env, encoding: "utf8" }).trim();
    };
    const inCheckout = join(root, "node_modules/@pulumi/pulumi/cmd/run-policy-pack/index.js");
    assert.equal(run(), realpathSync(inCheckout));
    const inPack = join(pack, "node_modules/@pulumi/pulumi/cmd/run-policy-pack/index.js");
    mkdirSync(dirname(inPack), { recursive: true });
    writeFileSync(inPack, "");
    assert.equal(run(), realpathSync(inPack));
  });
});
