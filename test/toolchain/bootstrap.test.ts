import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import {
  pathWith,
  isRunning,
  removeScratch,
  scratch,
  shellScript,
  start,
  until,
} from "../support/processes.ts";

const root = join(__dirname, "..", "..");

/**
 * A fresh clone with one dependency, tsx, and an npm that "installs" it, or a Node, in
 * a moment; `npmCalls` tells what npm was asked.
 */
function freshClone(npmBody = "") {
  const checkout = scratch();
  mkdirSync(join(checkout, "toolchain"));
  for (const name of ["bootstrap.mjs", "bootstrap", "cache-root.mjs", "lock.mjs"]) {
    cpSync(join(root, "toolchain", name), join(checkout, "toolchain", name), { recursive: true });
  }
  const locked = { packages: { "": {}, "node_modules/tsx": { version: "1.0.0" } } };
  writeFileSync(join(checkout, "package.json"), "{}");
  writeFileSync(join(checkout, "package-lock.json"), JSON.stringify(locked));
  const bin = join(scratch(), "bin");
  const calls = join(bin, "calls");
  shellScript(
    join(bin, "npm"),
    `echo "$@" >> '${calls}'
${npmBody}
if [ "$1" = ci ]; then
  sleep 0.3; rm -rf node_modules; mkdir node_modules
  ln -s '${join(root, "node_modules", "tsx")}' node_modules/tsx
  cp package-lock.json node_modules/.package-lock.json
else
  for last; do name=\${last%@*}; [ "$name" = "$last" ] || break; done
  mkdir -p "$3/node_modules/$name/bin"; ln -s '${process.execPath}' "$3/node_modules/$name/bin/node"
fi`,
  );
  const script = (body: string) => {
    const path = join(checkout, "script.ts");
    writeFileSync(path, body);
    return path;
  };
  const cache = scratch();
  const run = (args: readonly string[], node = process.execPath, path = pathWith(bin)) =>
    start(node, [join(checkout, "toolchain", "bootstrap.mjs"), ...args], {
      env: { ...process.env, PATH: path, CLUSTER_NETWORK_CACHE: cache },
    });
  const npmCalls = () => (existsSync(calls) ? readFileSync(calls, "utf8").trim().split("\n") : []);
  return { checkout, cache, script, run, npmCalls };
}

/** A Node older than this project needs, if the machine has one. */
function oldNode(): string | undefined {
  const candidates = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "node"));
  return candidates.filter(existsSync).find((node) => {
    return execFileSync(node, ["--version"], { encoding: "utf8" }).startsWith("v20.");
  });
}

after(removeScratch);

describe("bootstrap.mjs", function () {
  this.timeout(60_000);

  it("installs once, then runs TypeScript with its arguments and gives back its exit code", async () => {
    const clone = freshClone();
    const script = clone.script(
      "const a: string[] = process.argv.slice(2); console.log(a); process.exit(7);",
    );
    for (const first of [true, false]) {
      const { code, output } = await clone.run([script, "--keep", "a b"]).ended;
      assert.equal(code, 7, output);
      assert.match(output, /\[ '--keep', 'a b' \]/);
      assert.equal(output.includes("npm ci"), first);
    }
    assert.equal(clone.npmCalls().length, 1);
    assert.match(clone.npmCalls()[0] ?? "", /^ci --ignore-scripts .*--loglevel=error$/);
  });

  it("installs anew when package-lock.json says something else, not when it is merely newer", async () => {
    const clone = freshClone();
    const script = clone.script("");
    await clone.run([script]).ended;
    const lockFile = join(clone.checkout, "package-lock.json");
    utimesSync(lockFile, new Date(), new Date(Date.now() + 60_000));
    await clone.run([script]).ended;
    assert.equal(clone.npmCalls().length, 1);
    writeFileSync(lockFile, readFileSync(lockFile, "utf8").replace("1.0.0", "1.0.1"));
    await clone.run([script]).ended;
    assert.equal(clone.npmCalls().length, 2);
  });

  it("installs once when it is started twice at a time", async () => {
    const clone = freshClone();
    const script = clone.script("console.log('ran');");
    const both = await Promise.all([clone.run([script]).ended, clone.run([script]).ended]);
    for (const { code, output } of both) assert.match(`${code}\n${output}`, /^0\n[^]*ran/);
    assert.equal(clone.npmCalls().length, 1);
  });

  it("runs under Node 20 and gives the script a newer Node, first on PATH", async function () {
    const node = oldNode();
    if (node === undefined) this.skip();
    const clone = freshClone();
    const script = clone.script(
      "import { execFileSync } from 'node:child_process';\n" +
        "console.log('script', process.version, 'child', String(execFileSync('node', ['--version'])));",
    );
    const { code, output } = await clone.run([script], node).ended;
    assert.equal(code, 0, output);
    assert.match(output, /^This is Node 20\.\S+, and this project needs 22\.12 or newer: installing Node/);
    assert.match(output, new RegExp(`script ${process.version} child ${process.version}`));
    assert.match((await clone.run([script], node).ended).output, /^script/);
    assert.deepEqual(
      clone.npmCalls().map((call) => call.split(" ")[0]),
      ["install", "ci"],
    );
  });

  it("says what to do on a platform for which there is no Node", async () => {
    const module = join(root, "toolchain", "bootstrap", "node.mjs");
    const source = `import { ensureNode } from ${JSON.stringify(module)};
      ensureNode({ version: "20.1.0", platform: "sunos-sparc" }).catch((error) => console.log(error.message));`;
    const { output } = await start(process.execPath, ["--input-type=module", "-e", source]).ended;
    assert.match(
      output,
      /^This is Node 20\.1\.0, and this project needs 22\.12 or newer; .* for sunos-sparc/,
    );
    assert.match(output, /Install Node 24 .* first on PATH/);
  });

  it("says which npm command failed, where, and what may help", async () => {
    const clone = freshClone("echo 'npm error code ENOTFOUND' >&2; exit 1");
    const { code, output } = await clone.run([clone.script("")]).ended;
    assert.equal(code, 1);
    assert.match(output, /^npm error code ENOTFOUND$/m);
    assert.match(output, /^npm, which installs the project's dependencies, ended with 1$/m);
    assert.match(output, /^ {2}command {2}npm ci --ignore-scripts/m);
    assert.match(output, new RegExp(`^  in       ${clone.checkout}$`, "m"));
    assert.match(output, /check the network, the proxy variables/);
    assert.doesNotMatch(output, /\n\s+at /);
  });

  it("says where npm comes from when there is none", async () => {
    const clone = freshClone();
    const { code, output } = await clone.run([clone.script("")], process.execPath, scratch()).ended;
    assert.equal(code, 1);
    assert.match(output, /Cannot run npm, which installs the project's dependencies: spawn npm ENOENT/);
    assert.match(output, /apt install npm/);
  });

  it("says that it cannot write in the checkout", async () => {
    const clone = freshClone();
    writeFileSync(join(clone.checkout, ".tools"), "a file where a folder has to be");
    const { code, output } = await clone.run([clone.script("")]).ended;
    assert.equal(code, 1);
    assert.match(output, new RegExp(`^Cannot write in ${clone.checkout}: ENOTDIR`));
    assert.match(output, /make the folder writable, or clone into one that is yours/);
  });

  it("needs to write nothing once everything is there", async () => {
    const clone = freshClone();
    mkdirSync(join(clone.checkout, "node_modules"));
    symlinkSync(join(root, "node_modules", "tsx"), join(clone.checkout, "node_modules", "tsx"));
    cpSync(
      join(clone.checkout, "package-lock.json"),
      join(clone.checkout, "node_modules", ".package-lock.json"),
    );
    const { code, output } = await clone.run([clone.script("console.log('ran');")]).ended;
    assert.equal(code, 0, output);
    assert.equal(existsSync(join(clone.checkout, ".tools")), false);
  });

  it("runs a command, and says so when there is none of that name", async () => {
    const clone = freshClone();
    assert.equal((await clone.run(["sh", "-c", "exit 3"]).ended).code, 3);
    const { code, output } = await clone.run(["no-such-command"]).ended;
    assert.equal(code, 1);
    assert.match(output, /Cannot run no-such-command: there is no such script or command/);
  });

  describe("signals", () => {
    const waiting = "console.log('pid', process.pid); setInterval(() => {}, 1000);";
    const pidOf = (output: string) => Number(/pid (\d+)/.exec(output)?.[1]);

    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      it(`passes ${signal} on, and the exit code back`, async () => {
        const clone = freshClone();
        const script = clone.script(`process.once('${signal}', () => process.exit(9)); ${waiting}`);
        const run = clone.run([script]);
        await until(() => run.output().includes("pid"), "the script runs");
        run.child.kill(signal);
        assert.equal((await run.ended).code, 9);
      });
    }

    it("ends by the signal that ended the script", async () => {
      const clone = freshClone();
      const run = clone.run([clone.script(waiting)]);
      await until(() => run.output().includes("pid"), "the script runs");
      process.kill(pidOf(run.output()), "SIGKILL");
      assert.equal((await run.ended).signal, "SIGKILL");
    });

    it("does not leave the script behind when it is killed itself", async () => {
      const clone = freshClone();
      const run = clone.run([clone.script(waiting)]);
      await until(() => run.output().includes("pid"), "the script runs");
      run.child.kill("SIGKILL");
      await until(() => !isRunning(pidOf(run.output())), "the script has ended, too");
    });
  });
});
