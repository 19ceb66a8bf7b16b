import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  cacheRoot,
  finishedProduct,
  produce,
  productName,
  sweepUnused,
  writable,
} from "../../toolchain/cache.ts";
import { helloProgram } from "../fixtures/toolchain/hello-program.ts";
import { removeScratch, scratch } from "../support/processes.ts";

const hello = join(__dirname, "..", "fixtures", "hello-go");
const nobodyWaits = (line: string) => assert.fail(line);

after(removeScratch);

describe("cacheRoot()", () => {
  const cases: [string, Record<string, string>, string][] = [
    ["lies in the home folder", { HOME: "/home/me" }, "/home/me/.cache/cluster-network"],
    ["follows XDG_CACHE_HOME", { HOME: "/home/me", XDG_CACHE_HOME: "/x" }, "/x/cluster-network"],
    ["ignores a relative XDG_CACHE_HOME", { HOME: "/h", XDG_CACHE_HOME: "x" }, "/h/.cache/cluster-network"],
    ["is CLUSTER_NETWORK_CACHE before all", { XDG_CACHE_HOME: "/x", CLUSTER_NETWORK_CACHE: "/own" }, "/own"],
  ];
  for (const [title, env, expected] of cases) it(title, () => assert.equal(cacheRoot(env), expected));
});

describe("productName()", () => {
  const copyOfHello = () => {
    const copy = join(scratch(), "hello");
    cpSync(hello, copy, { recursive: true });
    return copy;
  };

  it("does not depend on where the module lies or when it was written", () => {
    const copy = copyOfHello();
    utimesSync(join(copy, "go.mod"), 0, 0);
    assert.equal(productName(helloProgram, copy), productName(helloProgram, hello));
  });

  it("tells name, version and platform", () => {
    assert.match(
      productName(helloProgram, hello),
      /^hello-1\.0\.0-[0-9a-f]{16}-(linux|darwin)-(amd64|arm64)$/,
    );
  });

  it("does not change with what the build does not read", () => {
    const copy = copyOfHello();
    for (const name of ["README.md", "main_test.go"]) writeFileSync(join(copy, name), "x");
    assert.equal(productName(helloProgram, copy), productName(helloProgram, hello));
  });

  for (const file of ["go.mod", "go.sum", "main.go", "new.go", join("package", "new.go")]) {
    it(`changes with ${file}`, () => {
      const copy = copyOfHello();
      mkdirSync(join(copy, "package"));
      writeFileSync(join(copy, file), "// other\n");
      assert.notEqual(productName(helloProgram, copy), productName(helloProgram, hello));
    });
  }

  for (const [title, recipe] of [
    ["a program of a dependency", { kind: "go", package: "example.com/hello" }],
    ["a folder of a dependency", { kind: "folder", module: "example.com/hello", folder: "chart" }],
  ] as const) {
    it(`does not change for ${title} with our own sources, but with the pin`, () => {
      const copy = copyOfHello();
      const program = { ...helloProgram, recipe };
      writeFileSync(join(copy, "main.go"), "// other\n");
      assert.equal(productName(program, copy), productName(program, hello));
      writeFileSync(join(copy, "go.mod"), "// other\n");
      assert.notEqual(productName(program, copy), productName(program, hello));
    });
  }

  it("changes with version and recipe", () => {
    const names = [
      helloProgram,
      { ...helloProgram, version: "1.0.1" },
      { ...helloProgram, recipe: { kind: "go", package: "." } as const },
    ].map((program) => productName(program, hello));
    assert.equal(new Set(names).size, 3);
  });
});

describe("produce()", () => {
  it("shows a product only when it is complete", async () => {
    const root = scratch();
    const folder = await produce(root, "p-1", nobodyWaits, (temporary) => {
      writeFileSync(join(temporary, "half"), "");
      assert.equal(finishedProduct(root, "p-1"), undefined);
      return Promise.resolve();
    });
    assert.equal(finishedProduct(root, "p-1"), folder);
    assert.deepEqual(readdirSync(folder), ["half"]);
  });

  it("makes nothing again", async () => {
    const root = scratch();
    await produce(root, "p-1", nobodyWaits, () => Promise.resolve());
    await produce(root, "p-1", nobodyWaits, () => assert.fail("made twice"));
  });

  it("leaves no product after a failure, and starts afresh afterwards", async () => {
    const root = scratch();
    const failing = produce(root, "p-1", nobodyWaits, (temporary) => {
      writeFileSync(join(temporary, "rubbish"), "");
      return Promise.reject(new Error("no"));
    });
    await assert.rejects(failing, /^Error: no$/);
    assert.equal(finishedProduct(root, "p-1"), undefined);
    const folder = await produce(root, "p-1", nobodyWaits, () => Promise.resolve());
    assert.deepEqual(readdirSync(folder), []);
  });
});

describe("sweepUnused()", () => {
  it("deletes what a program left unused for a month, and nothing else", () => {
    const root = scratch();
    const old = new Date(Date.now() - 31 * 24 * 3600_000);
    const names = [
      "hello-0.9.0-a",
      "hello-1.0.0-b",
      "hello-1.0.0-c",
      "hello-1.0-1.0.0-d",
      "hello-world-1.0.0-e",
    ];
    for (const name of names) {
      mkdirSync(join(root, "programs", name), { recursive: true });
      if (name !== "hello-1.0.0-b") utimesSync(join(root, "programs", name), old, old);
    }
    sweepUnused(root, helloProgram, "hello-1.0.0-c");
    assert.deepEqual(readdirSync(join(root, "programs")).sort(), names.slice(1).sort());
  });
});

describe("writable()", () => {
  it("names the folder and the variable when nothing can be written", () => {
    // A folder cannot be below a file, whoever asks: file modes do not stop root.
    const root = join(scratch(), "file", "cache");
    writeFileSync(join(root, ".."), "");
    assert.throws(
      () => writable(root),
      (error: Error) => {
        assert.equal(error.name, "ToolError");
        assert.match(error.message, new RegExp(`^Cannot write in ${root}: ENOTDIR`));
        assert.match(error.message, /Set CLUSTER_NETWORK_CACHE to a folder you may write to/);
        return true;
      },
    );
    assert.equal(existsSync(root), false);
  });
});
