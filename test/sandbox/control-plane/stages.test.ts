import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { neededStages, stageFiles } from "../../../sandbox/control-plane/stages.ts";

describe("stageFiles()", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "stages-"))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const put = (file: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), "");
  };

  it("finds them in kwok's tree, and takes none of their namesakes", () => {
    for (const stage of neededStages) put(join("kustomize", "stage", stage));
    put("kustomize/stage/pod/general/pod-ready.yaml");
    put("kustomize/stage/pod/chaos/pod-delete.yaml");
    assert.deepEqual(
      stageFiles(folder),
      neededStages.map((stage) => join(folder, "kustomize", "stage", stage)),
    );
  });

  it("finds them in a flat folder", () => {
    for (const stage of neededStages) put(basename(stage));
    assert.deepEqual(
      stageFiles(folder),
      neededStages.map((stage) => join(folder, basename(stage))),
    );
  });

  it("names the one that is missing", () => {
    for (const stage of neededStages.slice(1)) put(stage);
    assert.throws(() => stageFiles(folder), {
      message: `No kwok stage node/fast/node-initialize.yaml below ${folder}`,
    });
  });

  it("names the folder that is missing", () => {
    assert.throws(() => stageFiles(join(folder, "no")), /No folder of kwok stages at .*no: give the one/);
  });

  it("takes files as they are given, if they are there", () => {
    put("mine.yaml");
    const mine = join(folder, "mine.yaml");
    assert.deepEqual(stageFiles([mine]), [mine]);
    assert.throws(() => stageFiles([mine, "/no/such.yaml"]), { message: "No kwok stage at /no/such.yaml" });
  });
});
