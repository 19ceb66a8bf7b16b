import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { findPrograms, programNeeds } from "../../../sandbox/data-plane/programs.ts";
import { removeScratch, scratch, shellScript } from "../../support/processes.ts";

describe("findPrograms()", () => {
  after(removeScratch);

  it("leaves out what is not there", () => {
    assert.deepEqual([...findPrograms([scratch()]).keys()], []);
  });

  it("finds a program that works behind one that does not", () => {
    const [broken, working] = [scratch(), scratch()];
    shellScript(join(broken, "ip"), "echo no such library >&2; exit 127");
    shellScript(join(working, "ip"), "exit 0");
    assert.deepEqual(findPrograms([broken, working]).get("ip"), { path: join(working, "ip") });
    assert.deepEqual(findPrograms([broken]).get("ip"), {
      path: join(broken, "ip"),
      problem: "no such library",
    });
  });

  it("says how a silent failure ended", () => {
    const folder = scratch();
    shellScript(join(folder, "mount"), "exit 3");
    assert.equal(findPrograms([folder]).get("mount")?.problem, "it ended with status 3");
  });

  it("takes the newest clang-N where clang is missing or too old for eBPF", () => {
    const folder = scratch();
    for (const major of [9, 16, 14]) shellScript(join(folder, `clang-${major}`), "exit 0");
    assert.equal(findPrograms([folder]).get("clang")?.path, join(folder, "clang-16"));
    shellScript(join(folder, "clang"), "exit 1");
    assert.equal(findPrograms([folder]).get("clang")?.path, join(folder, "clang-16"));
    shellScript(join(folder, "clang"), "exit 0");
    assert.equal(findPrograms([folder]).get("clang")?.path, join(folder, "clang"));
  });

  it("passes folders and dangling links that have a program's name", () => {
    const folder = scratch();
    symlinkSync(join(folder, "nowhere"), join(folder, "ip"));
    assert.equal(findPrograms([folder]).get("ip"), undefined);
  });

  it("tries every program without changing anything", () => {
    for (const { name, trial } of programNeeds) {
      assert.match(trial.join(" "), /^(--version|-V|version|--target=bpf .*-o \/dev\/null)$/, name);
    }
  });
});
