import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { companionOf, downloadedPlugin, lookUp, pathFolders, which } from "../../toolchain/find.ts";
import type { Program } from "../../toolchain/program.ts";
import { removeScratch, scratch, shellScript } from "../support/processes.ts";

const engine: Program = {
  name: "engine",
  version: "3.220.0",
  what: "an engine",
  seconds: 1,
  onPath: { versionArguments: ["version"], fits: { atLeast: "3.220.0", below: "4.0.0" } },
  recipe: { kind: "go", package: "." },
};

after(removeScratch);

describe("lookUp()", () => {
  const enginePrinting = (body: string) => {
    const folder = scratch();
    return { folder, path: shellScript(join(folder, "engine"), body) };
  };

  for (const version of ["v3.220.0", "3.250.1"]) {
    it(`takes ${version}`, async () => {
      const { folder, path } = enginePrinting(`[ "$1" = version ] && echo ${version}`);
      assert.deepEqual(await lookUp(engine, [folder]), { path, version: version.replace("v", "") });
    });
  }

  const unfit: [string, string, RegExp][] = [
    ["an older one", "echo v3.219.9", /^it is version 3\.219\.9, and 3\.220\.0 up to below 4\.0\.0 fits$/],
    ["a newer major version", "echo v4.0.0", /^it is version 4\.0\.0/],
    ["one that prints no version", "echo hello", /^it does not tell its version$/],
    ["one that fails", "exit 1", /^it does not tell its version \(Error: Command failed/],
  ];
  for (const [title, body, expected] of unfit) {
    it(`does not take ${title}, and says why`, async () => {
      const { folder, path } = enginePrinting(body);
      const result = await lookUp(engine, [folder]);
      assert.ok(result !== undefined && "reason" in result);
      assert.equal(result.path, path);
      assert.match(result.reason, expected);
    });
  }

  it("finds nothing where nothing is", async () => {
    assert.equal(await lookUp(engine, [scratch()]), undefined);
  });

  it("does not look on PATH for what must be built", async () => {
    const { folder } = enginePrinting("echo v3.220.0");
    assert.equal(await lookUp({ ...engine, onPath: undefined }, [folder]), undefined);
  });
});

describe("pathFolders()", () => {
  it("leaves out our own folder, by whatever name, and relative ones", () => {
    const [ours, theirs] = [scratch(), scratch()];
    const alias = join(scratch(), "alias");
    symlinkSync(ours, alias);
    assert.deepEqual(pathFolders(ours, [ours, theirs, ".", alias].join(delimiter)), [theirs]);
  });
});

describe("which()", () => {
  it("takes the first executable file, not a folder of that name", () => {
    const [first, second, third] = [scratch(), scratch(), scratch()];
    mkdirSync(join(first, "engine"));
    const path = shellScript(join(second, "engine"), "");
    shellScript(join(third, "engine"), "");
    assert.equal(which("engine", [first, second, third]), path);
  });
});

describe("companionOf()", () => {
  it("looks where the engine really lies before it looks on PATH", () => {
    const [distribution, links] = [scratch(), scratch()];
    symlinkSync(shellScript(join(distribution, "engine"), ""), join(links, "engine"));
    const beside = shellScript(join(distribution, "host"), "");
    shellScript(join(links, "host"), "");
    assert.equal(companionOf(join(links, "engine"), "host", [links]), beside);
  });
});

describe("downloadedPlugin()", () => {
  const provider: Program = {
    ...engine,
    name: "pulumi-resource-kubernetes",
    plugin: { name: "kubernetes", version: "4.34.2", fits: { atLeast: "4.18.2", below: "5.0.0" } },
  };
  const homeWith = (...versions: string[]) => {
    const home = scratch();
    for (const version of versions) {
      shellScript(join(home, "plugins", `resource-kubernetes-v${version}`, provider.name), "");
    }
    return home;
  };

  it("takes the newest that fits, by number", () => {
    const found = downloadedPlugin(provider, [homeWith("4.9.0", "4.30.0"), homeWith("4.34.2", "5.1.0")]);
    assert.equal(found?.version, "4.34.2");
    assert.match(found.path, /resource-kubernetes-v4\.34\.2\/pulumi-resource-kubernetes$/);
  });

  it("does not take a download that was broken off", () => {
    const home = scratch();
    mkdirSync(join(home, "plugins", "resource-kubernetes-v4.34.2"), { recursive: true });
    assert.equal(downloadedPlugin(provider, [home]), undefined);
  });

  it("finds nothing in a home that does not exist", () => {
    assert.equal(downloadedPlugin(provider, [join(scratch(), "none")]), undefined);
  });
});
