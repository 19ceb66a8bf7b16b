import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build, remedyFor } from "../../toolchain/build.ts";
import { finishedProduct, productName } from "../../toolchain/cache.ts";
import type { Go } from "../../toolchain/go.ts";
import { which } from "../../toolchain/find.ts";
import { helloProgram } from "../fixtures/toolchain/hello-program.ts";
import {
  isRunning,
  pathWith,
  removeScratch,
  scratch,
  shellScript,
  start,
  until,
} from "../support/processes.ts";

const hello = join(__dirname, "..", "fixtures", "hello-go");
const builder = join(__dirname, "..", "fixtures", "toolchain", "build-hello.ts");
const product = productName(helloProgram, hello);

/** Says which Go it is, and counts builds in `builds` before it goes on with `body`; $out is the file to make. */
function fakeGo(body: string): {
  readonly bin: string;
  readonly builds: () => number;
  readonly folder: string;
} {
  const folder = scratch();
  const counter = join(folder, "builds");
  shellScript(
    join(folder, "bin", "go"),
    `if [ "$1" = env ]; then echo '{"GOVERSION":"go1.30.0","GOTOOLCHAIN":"local","GOFLAGS":""}'; exit; fi
echo $$ >> '${counter}'
while [ "$1" != -o ]; do shift; done; out=$2
${body}`,
  );
  const builds = () => (existsSync(counter) ? readFileSync(counter, "utf8").trim().split("\n").length : 0);
  return { bin: join(folder, "bin"), builds, folder };
}

const buildHello = (cache: string, bin: string) =>
  start(process.execPath, ["--import", "tsx", builder, hello, cache], {
    env: { ...process.env, PATH: pathWith(bin) },
  });

/** The unfinished program in a cache, once the compiler has begun to write it. */
function halfOf(cache: string): string | undefined {
  const folder = join(cache, "programs");
  const temporary = existsSync(folder)
    ? readdirSync(folder).find((entry) => entry.includes(".tmp-"))
    : undefined;
  const half = temporary && join(folder, temporary, "hello");
  return half !== undefined && existsSync(half) ? half : undefined;
}

after(removeScratch);

describe("build()", function () {
  this.timeout(60_000);

  it("makes a program that runs, with the linker settings of its recipe", async function () {
    if (which("go", (process.env.PATH ?? "").split(":")) === undefined) this.skip();
    const cache = scratch();
    const { code, output } = await buildHello(cache, scratch()).ended;
    assert.equal(code, 0, output);
    const folder = finishedProduct(cache, product) ?? "";
    assert.equal(execFileSync(join(folder, "hello"), { encoding: "utf8" }), "good-morning\n");
    assert.deepEqual(readdirSync(folder), ["hello"]);
  });

  it("builds once when two processes want it at the same time", async () => {
    const go = fakeGo('sleep 1; echo done > "$out"');
    const cache = scratch();
    const both = await Promise.all([buildHello(cache, go.bin).ended, buildHello(cache, go.bin).ended]);
    for (const { code, output } of both) {
      assert.equal(code, 0, output);
      assert.match(output, /^ready .*hello-1\.0\.0/m);
    }
    assert.equal(go.builds(), 1);
    assert.match(both.map(({ output }) => output).join(""), /waiting for process \d+ \(making hello-1\.0\.0/);
  });

  it("takes nothing of a killed build for finished", async () => {
    const hanging = fakeGo('echo half > "$out"; exec sleep 60');
    const cache = scratch();
    const killed = buildHello(cache, hanging.bin);
    await until(() => halfOf(cache) !== undefined, "the build is half-way");
    killed.child.kill("SIGKILL");
    await killed.ended;
    assert.equal(finishedProduct(cache, product), undefined);
    process.kill(-Number(readFileSync(join(hanging.folder, "builds"), "utf8")), "SIGKILL");

    const go = fakeGo('echo whole > "$out"');
    const { code, output } = await buildHello(cache, go.bin).ended;
    assert.equal(code, 0, output);
    assert.equal(readFileSync(join(finishedProduct(cache, product) ?? "", "hello"), "utf8"), "whole\n");
    assert.deepEqual(readdirSync(join(cache, "programs")), [product]);
  });

  it("ends the compiler when it is told to end", async () => {
    const go = fakeGo("exec sleep 60");
    const told = buildHello(scratch(), go.bin);
    await until(() => go.builds() === 1, "the build runs");
    const compiler = Number(readFileSync(join(go.folder, "builds"), "utf8"));
    told.child.kill("SIGTERM");
    assert.equal((await told.ended).signal, "SIGTERM");
    assert.equal(isRunning(compiler), false);
  });

  it("says of a failure the exact command, the last output, and what to do", async () => {
    const cache = scratch();
    const go: Go = { version: "1.30.0", env: { CGO_ENABLED: "0", GOFLAGS: "-mod=readonly -buildvcs=false" } };
    const bin = shellScript(
      join(scratch(), "go"),
      "for i in $(seq 30); do echo line $i; done; echo 'dial tcp: lookup proxy: no such host'; exit 3",
    );
    const path = process.env.PATH;
    process.env.PATH = pathWith(join(bin, ".."));
    try {
      await assert.rejects(
        build(helloProgram, hello, go, cache, () => undefined),
        (error: Error) => {
          const lines = error.message.split("\n");
          assert.match(lines[0] ?? "", /^Cannot build hello 1\.0\.0: go exited with 3, after \d s$/);
          const [temporary = ""] = readdirSync(join(cache, "programs"));
          const output = join(cache, "programs", temporary, "hello");
          assert.equal(
            lines[1],
            `  command      cd ${hello} && CGO_ENABLED=0 GOFLAGS='-mod=readonly -buildvcs=false' ` +
              `go build -trimpath -ldflags '-s -w -X main.greeting=good-morning' -o ${output} .`,
          );
          assert.equal(lines.filter((line) => line.startsWith("    ")).length, 15);
          assert.match(error.message, /^ {4}dial tcp: lookup proxy: no such host$/m);
          assert.match(error.message, /what to do {3}modules could not be downloaded/);
          const log = /whole output (.*)/.exec(error.message)?.[1] ?? "";
          assert.match(readFileSync(log, "utf8"), /^line 1$/m);
          return true;
        },
      );
    } finally {
      process.env.PATH = path;
    }
    assert.equal(finishedProduct(cache, product), undefined);
  });
});

describe("remedyFor()", () => {
  const cases: [string, RegExp][] = [
    ["x@v1: verifying module: checksum mismatch", /take both from the same commit/],
    ["go: go.mod requires go >= 1.26.0 (running go 1.22.1; GOTOOLCHAIN=local)", /GOTOOLCHAIN=auto/],
    ["write /tmp/x: no space left on device", /the disk is full/],
    ["compile: signal: killed", /GOFLAGS=-p=1/],
    ["main.go:3: undefined: x", /run the command by hand/],
  ];
  for (const [output, expected] of cases)
    it(`knows "${output}"`, () => assert.match(remedyFor(output), expected));
});
