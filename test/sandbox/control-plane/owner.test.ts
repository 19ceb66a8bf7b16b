import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Layout } from "../../../sandbox/control-plane/layout.ts";
import {
  claim,
  isLive,
  newId,
  readRecord,
  release,
  retire,
  writeRecord,
} from "../../../sandbox/control-plane/owner.ts";
import type { OwnerRecord } from "../../../sandbox/control-plane/owner.ts";
import { identify } from "../../../sandbox/control-plane/process-identity.ts";
import { removeScratch, scratch } from "../../support/processes.ts";

const self = identify(process.pid) ?? { pid: 0, started: "" };
const dead = { pid: process.pid, started: "before" };
const record = (over: Partial<OwnerRecord> = {}): OwnerRecord => ({
  id: newId(),
  name: "test",
  owner: self,
  ...over,
});

describe("isLive()", () => {
  const cases: [what: string, over: Partial<OwnerRecord>, live: boolean][] = [
    ["is being started", {}, true],
    ["was being started by somebody who is gone", { owner: dead }, false],
    ["runs for its owner", { supervisor: self }, true],
    ["runs, but its owner is gone", { owner: dead, supervisor: self }, false],
    ["has ended under its owner", { supervisor: dead }, false],
    ["runs for itself", { owner: dead, supervisor: self, detached: true }, true],
    ["ran for itself and has ended", { supervisor: dead, detached: true }, false],
  ];
  for (const [what, over, live] of cases) {
    it(`says ${live ? "yes" : "no"} of one that ${what}`, () => assert.equal(isLive(record(over)), live));
  }
});

describe("claim()", () => {
  let layout: Layout;
  beforeEach(() => (layout = new Layout(join(scratch(), "cluster"))));
  after(removeScratch);

  it("makes a new folder ours, closed to others", () => {
    const mine = record();
    assert.equal(claim(layout, mine), undefined);
    assert.deepEqual(readRecord(layout), mine);
    assert.deepEqual(readdirSync(layout.folder), ["owner.json"]);
    assert.equal(statSync(layout.folder).mode & 0o077, 0);
    assert.equal(statSync(layout.owner).mode & 0o077, 0);
  });

  it("lets one of two have it, and tells the other whose it is", () => {
    const [first, second] = [record(), record()];
    claim(layout, first);
    assert.deepEqual(claim(layout, second), first);
    assert.deepEqual(readRecord(layout), first);
  });

  it("takes a folder with nothing but the logs of an earlier run", () => {
    mkdirSync(layout.logs, { recursive: true });
    assert.equal(claim(layout, record()), undefined);
  });

  it("refuses a folder of somebody else's files", () => {
    mkdirSync(layout.folder);
    writeFileSync(join(layout.folder, "thesis.txt"), "");
    assert.throws(() => claim(layout, record()), {
      name: "ControlPlaneError",
      message:
        `The folder ${layout.folder} holds thesis.txt and no control plane's record: ` +
        "choose an empty or a new one",
    });
    assert.deepEqual(readdirSync(layout.folder), ["thesis.txt"]);
  });

  it("says why a folder cannot be used", () => {
    writeFileSync(layout.folder, "a file");
    const inside = new Layout(join(layout.folder, "cluster"));
    assert.throws(
      () => claim(inside, record()),
      /The folder .* cannot be used \(ENOTDIR.*\): choose another one/,
    );
  });
});

describe("retire()", () => {
  let layout: Layout;
  beforeEach(() => (layout = new Layout(join(scratch(), "cluster"))));
  after(removeScratch);

  it("makes a dead run's folder claimable", () => {
    const [crashed, next] = [record({ owner: dead }), record()];
    claim(layout, crashed);
    assert.ok(retire(layout, crashed));
    assert.equal(claim(layout, next), undefined);
    assert.deepEqual(readRecord(layout), next);
  });

  it("leaves the record of one who was faster", () => {
    const [crashed, faster] = [record({ owner: dead }), record()];
    claim(layout, faster);
    assert.equal(retire(layout, crashed), false);
    assert.deepEqual(readRecord(layout), faster);
    assert.deepEqual(readdirSync(layout.folder), ["owner.json"]);
  });

  it("lets a crash right after it be repaired", () => {
    const crashed = record({ owner: dead });
    claim(layout, crashed);
    writeFileSync(layout.tokens, "");
    retire(layout, crashed);
    assert.equal(claim(layout, record()), undefined);
  });
});

describe("release()", () => {
  let layout: Layout;
  const mine = record();
  beforeEach(() => {
    layout = new Layout(join(scratch(), "cluster"));
    claim(layout, mine);
    mkdirSync(layout.logs);
    writeFileSync(layout.tokens, "");
  });
  after(removeScratch);

  it("leaves nothing", () => {
    release(layout, mine, false);
    assert.ok(!existsSync(layout.folder));
  });

  it("leaves the logs if wanted", () => {
    release(layout, mine, true);
    assert.deepEqual(readdirSync(layout.folder), ["logs"]);
  });

  it("touches nothing of another run", () => {
    writeRecord(layout, record());
    release(layout, mine, false);
    assert.ok(existsSync(layout.tokens));
  });
});
