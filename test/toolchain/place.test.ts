import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isScript, placeFile, placeLink, placeScript } from "../../toolchain/place.ts";
import { removeScratch, scratch, shellScript } from "../support/processes.ts";

after(removeScratch);

describe("placing programs in a folder for PATH", () => {
  it("links, and links anew when the target changes", () => {
    const bin = join(scratch(), "new", "bin");
    for (const target of ["/a", "/a", "/b"]) placeLink(bin, "x", target);
    assert.equal(readlinkSync(join(bin, "x")), "/b");
    assert.deepEqual(readdirSync(bin), ["x"]);
  });

  it("replaces a script by a link without writing through it, and the other way round", () => {
    const bin = scratch();
    const target = shellScript(join(scratch(), "real"), "echo real");
    placeLink(bin, "x", target);
    placeScript(bin, "x", "#!/bin/sh\necho ours\n");
    assert.equal(execFileSync(join(bin, "x"), { encoding: "utf8" }), "ours\n");
    assert.ok(isScript(join(bin, "x")));
    assert.match(readFileSync(target, "utf8"), /echo real/);
    placeLink(bin, "x", target);
    assert.ok(!isScript(join(bin, "x")));
  });

  it("places the same file, not a link, and does so again after the original was made anew", () => {
    const [bin, made] = [scratch(), scratch()];
    const first = shellScript(join(made, "first"), "echo 1");
    placeFile(bin, "x", first);
    assert.equal(statSync(join(bin, "x")).ino, statSync(first).ino);
    placeFile(bin, "x", first);
    placeFile(bin, "x", shellScript(join(made, "second"), "echo second"));
    assert.equal(execFileSync(join(bin, "x"), { encoding: "utf8" }), "second\n");
    assert.deepEqual(readdirSync(bin), ["x"]);
  });

  it("replaces a link by the file that it leads to", () => {
    const [bin, made] = [scratch(), scratch()];
    const target = shellScript(join(made, "x"), "");
    symlinkSync(target, join(bin, "x"));
    placeFile(bin, "x", target);
    assert.throws(() => readlinkSync(join(bin, "x")), /EINVAL/);
  });

  it("writes nothing where all is in place", () => {
    const bin = scratch();
    placeScript(bin, "x", "#!/bin/sh\n");
    const before = statSync(bin).mtimeMs;
    placeScript(bin, "x", "#!/bin/sh\n");
    assert.equal(statSync(bin).mtimeMs, before);
  });

  it("names the variable that chooses another folder when it cannot write", () => {
    const file = join(scratch(), "file");
    writeFileSync(file, "");
    assert.throws(
      () => placeLink(join(file, "bin"), "x", "/a"),
      /Set CLUSTER_NETWORK_TOOLS to a folder you may write to/,
    );
  });
});
