import { runtime } from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commandProvider } from "../../toolchain/programs/pulumi-resource-command/command.ts";
import { removeScratch, scratch } from "../support/processes.ts";

const urn = "urn:pulumi:dev::p::outer$command:local:Command::probe";
type State = Record<string, unknown>;
const secret = (value: unknown) => ({ [runtime.specialSigKey]: runtime.specialSecretSig, value });
// What commands write goes to the engine by stdout: not wanted in a test's output.
const quiet = { logging: "none" };

async function create(inputs: State): Promise<{ id: string; outs: State }> {
  const result = await commandProvider.create?.(urn, { ...quiet, ...inputs });
  return result as { id: string; outs: State };
}
async function update(olds: State, news: State): Promise<State> {
  const result = await commandProvider.update?.("id", urn, olds, { ...quiet, ...news });
  return result?.outs as State;
}
const remove = async (state: State) => commandProvider.delete?.("id", urn, { ...quiet, ...state });
const diff = async (olds: State, news: State) => commandProvider.diff?.("id", urn, olds, news);
const check = async (news: State, of = urn) => commandProvider.check?.(of, {}, news);

after(removeScratch);

describe("the stand-in for command:local:Command", () => {
  describe("create", () => {
    it("runs the command and keeps inputs and output, without one last line break each", async () => {
      const { id, outs } = await create({ create: "echo out; echo; echo err >&2" });
      assert.match(id, /^probe[0-9a-f]{8}$/);
      assert.deepEqual(outs, {
        ...quiet,
        create: "echo out; echo; echo err >&2",
        stdout: "out\n",
        stderr: "err",
      });
    });

    it("gives environment, stdin and folder, and runs by the interpreter", async () => {
      const dir = scratch();
      const { outs } = await create({
        create: 'console.log(process.env.WHO, require("fs").readFileSync(0, "utf8"), process.cwd())',
        interpreter: [process.execPath, "-e"],
        environment: { WHO: "me" },
        stdin: "input",
        dir,
      });
      assert.equal(outs.stdout, `me input ${dir}`);
    });

    it("takes secrets and keeps them secret in the state", async () => {
      const inputs = { create: 'echo "$A $B"', environment: secret({ A: "1", B: secret("2") }) };
      const { outs } = await create(inputs);
      assert.equal(outs.stdout, "1 2");
      assert.deepEqual(outs.environment, inputs.environment);
    });

    for (const [logging, repeated] of [
      ["none", ""],
      ["stdout", "out\n"],
      ["stderr", "err\n"],
    ] as const) {
      it(`repeats ${repeated === "" ? "nothing" : `the one stream`} for the engine with logging ${logging}, and keeps both`, async (): Promise<void> => {
        const write = process.stdout.write.bind(process.stdout);
        let told = "";
        process.stdout.write = (chunk: string | Uint8Array) => (told += String(chunk)) !== "";
        const { outs } = await create({ create: "echo out; echo err >&2", logging }).finally(
          () => (process.stdout.write = write),
        );
        assert.deepEqual([told, outs.stdout, outs.stderr], [repeated, "out", "err"]);
      });
    }

    it("fails with what the command wrote", async () => {
      await assert.rejects(create({ create: "echo before; echo broken >&2; exit 3" }), (error: Error) => {
        assert.match(error.message, /^exit status 3: running "echo before; .*"\n/);
        assert.match(error.message, /^before$/m);
        assert.match(error.message, /^broken$/m);
        return true;
      });
    });

    it("fails when the folder is missing", async () => {
      await assert.rejects(create({ create: "true", dir: "/no/such/folder" }), /ENOENT/);
    });

    it("does not mind a command that does not read its stdin", async () => {
      assert.equal((await create({ create: "true", stdin: "x".repeat(1_000_000) })).outs.stdout, "");
    });

    it("does nothing without a command", async () => {
      assert.deepEqual((await create({ delete: "false" })).outs, {
        ...quiet,
        delete: "false",
        stdout: "",
        stderr: "",
      });
    });

    it("returns the files that patterns choose: the last rule that matches decides", async () => {
      const dir = scratch();
      mkdirSync(join(dir, "src"));
      for (const file of ["a.txt", "src/b.js", "src/c.txt", "src/secret.js"])
        writeFileSync(join(dir, file), "");
      const { outs } = await create({ create: "true", dir, assetPaths: ["*.txt", "src/**", "!**secret.*"] });
      const asset = (file: string) => ({
        [runtime.specialSigKey]: runtime.specialAssetSig,
        path: join(dir, file),
      });
      assert.deepEqual(outs.assets, {
        "a.txt": asset("a.txt"),
        "src/b.js": asset("src/b.js"),
        "src/c.txt": asset("src/c.txt"),
      });
    });

    it("refuses patterns that it does not understand", async () => {
      await assert.rejects(create({ create: "true", assetPaths: ["*.{js,ts}"] }), /"{", which this stand-in/);
    });
  });

  describe("update and delete", () => {
    const before = { stdout: "old out", stderr: secret("old err") };
    const show = 'echo "$PULUMI_COMMAND_STDOUT, $PULUMI_COMMAND_STDERR"';

    it("runs update where there is one, with the output of before in the environment", async () => {
      assert.equal((await update(before, { create: "echo no", update: show })).stdout, "old out, old err");
    });

    it("runs create again where there is no update", async () => {
      assert.equal((await update(before, { create: "echo again" })).stdout, "again");
    });

    it("keeps the output where there is neither", async () => {
      assert.deepEqual(await update(before, {}), { ...quiet, ...before });
    });

    it("does not hand on the output of before when it is told not to", async () => {
      assert.equal((await update(before, { update: show, addPreviousOutputInEnv: false })).stdout, ", ");
    });

    it("runs delete with the inputs and the output of before", async () => {
      const file = join(scratch(), "deleted");
      await remove({ ...before, delete: `${show} > "$FILE"`, environment: secret({ FILE: file }) });
      assert.equal(readFileSync(file, "utf8"), "old out, old err\n");
    });

    it("does nothing on deletion without a command", async () => remove({ create: "false" }));
  });

  describe("diff", () => {
    const state = { create: "x", triggers: [1], environment: { A: "1" }, stdout: "s", stderr: "" };
    const inputs = { create: "x", triggers: [1], environment: { A: "1" } };
    const cases: [string, State, { changes: boolean; replaces: string[] }][] = [
      ["sees no change in equal inputs", inputs, { changes: false, replaces: [] }],
      ["updates for another command", { ...inputs, create: "y" }, { changes: true, replaces: [] }],
      ["updates for an input that is gone", { create: "x", triggers: [1] }, { changes: true, replaces: [] }],
      [
        "updates for a value that becomes secret",
        { ...inputs, create: secret("x") },
        { changes: true, replaces: [] },
      ],
      [
        "replaces for other triggers",
        { ...inputs, triggers: [2] },
        { changes: true, replaces: ["triggers"] },
      ],
      [
        "replaces for triggers that are not known yet",
        { ...inputs, triggers: [runtime.unknownValue] },
        { changes: true, replaces: ["triggers"] },
      ],
    ];
    for (const [title, news, expected] of cases) {
      it(title, async () => assert.deepEqual(await diff(state, news), expected));
    }
  });

  describe("check", () => {
    it("takes all inputs of the schema, and values that are not known yet", async () => {
      const inputs = {
        create: runtime.unknownValue,
        update: "u",
        delete: secret("d"),
        environment: runtime.unknownValue,
        stdin: "s",
        triggers: [1, { a: 2 }],
        dir: "/",
        logging: "stderr",
        interpreter: ["sh"],
        addPreviousOutputInEnv: false,
        assetPaths: ["a"],
        archivePaths: [],
      };
      assert.deepEqual(await check(inputs), { inputs, failures: [] });
    });

    const wrong: [State, string][] = [
      [{ creat: "x" }, 'command:local:Command has no input "creat"'],
      [{ environment: { A: 1 } }, 'must be a map of strings, not {"A":1}'],
      [{ logging: "all" }, 'must be one of stdout, stderr, stdoutAndStderr, none, not "all"'],
    ];
    for (const [inputs, reason] of wrong) {
      it(`refuses ${JSON.stringify(inputs)}`, async () => {
        const result = await check(inputs);
        assert.deepEqual(result?.failures, [{ property: Object.keys(inputs)[0], reason }]);
      });
    }

    it("refuses other resources of the provider", async () => {
      await assert.rejects(check({}, "urn:pulumi:dev::p::command:remote:Command::x"), {
        message: "This stand-in knows command:local:Command only, not command:remote:Command",
      });
    });
  });
});
