import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { bpfMapBytes } from "../../../model/sizing/bpf-map-memory.ts";
import { type NamedMap, nodeMaps } from "../../../model/sizing/bpf-map-table.ts";
import { bpfMapEntries } from "../../../model/sizing/bpf-maps.ts";
import { shapeOf } from "../../support/shape.ts";

interface Found {
  readonly name: string;
  readonly type: string;
  readonly bytes_key: number;
  readonly bytes_value: number;
  readonly max_entries: number;
  readonly bytes_memlock: number;
}

/** Maps of one agent 1.15.19 without load, by bpftool; 2 CPUs and `MemTotal: 24684092 kB`. */
const found = JSON.parse(readFileSync("test/fixtures/bpf/agent-1.15.19.json", "utf8")) as Found[];
const cpus = 2;
const kinds: Record<string, NamedMap["kind"]> = {
  lru_hash: "lru",
  hash: "hash",
  percpu_hash: "hash",
  lpm_trie: "trie",
  prog_array: "programs",
};

const maps = (minor: number, families: readonly (4 | 6)[] = [4]): NamedMap[] =>
  nodeMaps(shapeOf({ nodes: 2 }), {
    minor,
    families,
    entries: bpfMapEntries(24_684_092 * 1024),
    lbMapMax: 65_536,
    policyMapMax: 16_384,
  });

describe("nodeMaps()", () => {
  it("has every map of a real agent that takes more than 100 KiB, with its exact memory", () => {
    const ours = maps(15);
    for (const { name, type, bytes_key, bytes_value, max_entries, bytes_memlock } of found) {
      if (bytes_memlock < 100 * 1024) continue;
      const same = ours.find(
        (map) =>
          map.kind === kinds[type] &&
          map.keyBytes === bytes_key &&
          Math.abs(map.valueBytes - bytes_value) < 4 &&
          Math.abs(map.entries - max_entries) <= 1,
      );
      assert.ok(same, `${name} (${type} ${bytes_key} × ${max_entries})`);
      // The agent fills some entries by itself.
      const empty = bpfMapBytes(same, 0, cpus);
      assert.ok(
        bytes_memlock - empty >= -8 && bytes_memlock - empty < 2000,
        `${name}: ${bytes_memlock}, not ${empty}`,
      );
    }
  });

  it("comes within 1 % of what all maps of a real agent take", () => {
    const real = found.reduce((sum, map) => sum + map.bytes_memlock, 0);
    const ours = maps(15).reduce((sum, map) => sum + bpfMapBytes(map, 0, cpus), 0);
    assert.ok(Math.abs(ours / real - 1) < 0.01, `${ours} of ${real}`);
  });

  it("has a second map for IPv6 of all that hold addresses", () => {
    const both = maps(20, [4, 6]).map(({ name }) => name);
    for (const { name } of maps(20)) {
      if (name.endsWith("4")) assert.ok(both.includes(name.replace(/4$/, "6")), name);
    }
  });

  it("has the maps of the chart's version", () => {
    const names = (minor: number) => maps(minor).map(({ name }) => name);
    assert.ok(names(15).includes("authentication") && !names(15).includes("policy-statistics"));
    assert.ok(!names(20).includes("authentication") && names(20).includes("policy-statistics"));
  });
});
