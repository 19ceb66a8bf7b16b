import assert from "node:assert/strict";
import fc from "fast-check";
import { type CacheSettings, effectiveCapacity, readCache } from "../../../model/corefile/index.ts";
import { formatProblem } from "../../../model/problem.ts";
import { readCorefile } from "../../support/corefiles.ts";

/** Reads a cache directive from its lines. */
function cache(text: string): CacheSettings {
  const [block] = readCorefile(`. {\n${text}\n}`).items;
  const line = block?.kind === "server" ? block.lines[0] : undefined;
  assert.ok(line?.kind === "directive");
  return readCache(line, "Corefile");
}

describe("effectiveCapacity()", () => {
  const vectors: readonly [given: number | undefined, entries: number][] = [
    [undefined, 9984],
    [10_000, 9984],
    [9984, 9984],
    [-1, 1024],
    [-100_000, 1024],
    [0, 1024],
    [100, 1024],
    [1024, 1024],
    [1279, 1024],
    [1280, 1280],
    [5000, 4864],
    [65_536, 65_536],
    [1_000_000, 999_936],
  ];
  for (const [given, entries] of vectors) {
    it(`makes ${entries} of ${given ?? "nothing given"}`, () =>
      assert.equal(effectiveCapacity(given), entries));
  }

  it("is a multiple of 256, never below 1024, and grows with the capacity", () =>
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 1_000_000 }), (capacity, more) => {
        const entries = effectiveCapacity(capacity);
        assert.equal(entries % 256, 0);
        assert.ok(entries >= 1024 && entries <= Math.max(1024, capacity));
        assert.ok(effectiveCapacity(capacity + more) >= entries);
      }),
    ));
});

describe("readCache()", () => {
  const vectors: readonly [what: string, text: string, success: string, denial: string][] = [
    ["CoreDNS' defaults", "cache", "9984 × 3600 s", "9984 × 1800 s"],
    ["a TTL for both, and no capacity", "cache 30", "9984 × 30 s", "9984 × 30 s"],
    ["zones without a TTL", "cache a.example b.example", "9984 × 3600 s", "9984 × 1800 s"],
    ["a TTL and zones", "cache 60 a.example", "9984 × 60 s", "9984 × 60 s"],
    ["capacities", "cache {\n success 5000\n denial 2500\n}", "4864 × 3600 s", "2304 × 1800 s"],
    ["capacities under a TTL", "cache 30 {\n success 5000\n}", "4864 × 30 s", "9984 × 30 s"],
    [
      "capacities with a TTL and a minimum",
      "cache 30 {\n success 5000 300 10\n denial 100 5\n}",
      "4864 × 300 s",
      "1024 × 5 s",
    ],
    ["the last of two lines", "cache {\n success 5000 60\n success 100\n}", "1024 × 60 s", "9984 × 1800 s"],
    ["a hidden capacity", "cache {\n success {$CAP} 60\n}", "? × 60 s", "9984 × 1800 s"],
    ["a hidden TTL", "cache {$TTL}", "9984 × ? s", "9984 × ? s"],
  ];
  for (const [what, text, success, denial] of vectors) {
    it(`reads ${what}`, () => {
      const settings = cache(text);
      const half = ({ entries, ttlSeconds }: CacheSettings["success"]): string =>
        `${entries ?? "?"} × ${ttlSeconds ?? "?"} s`;
      assert.deepEqual(settings.problems, []);
      assert.deepEqual([half(settings.success), half(settings.denial)], [success, denial]);
    });
  }

  it("reads zones, with a TTL and without", () => {
    assert.deepEqual(cache("cache a b").zones, ["a", "b"]);
    assert.deepEqual(cache("cache 30 a b").zones, ["a", "b"]);
    assert.deepEqual(cache("cache 30").zones, []);
  });

  it("reads what is disabled", () => {
    const settings = cache("cache {\n disable success cluster.local\n disable denial\n}");
    assert.deepEqual(settings.success.disabled, ["cluster.local"]);
    assert.deepEqual(settings.denial.disabled, ["."]);
  });

  it("reads how long stale answers are served", () => {
    assert.equal(cache("cache").serveStale, undefined);
    assert.equal(cache("cache {\n serve_stale\n}").serveStale?.value, 3600);
    assert.equal(cache("cache {\n serve_stale 90m verify\n}").serveStale?.value, 5400);
  });

  it("says which values come from the environment", () =>
    assert.deepEqual(
      cache("cache {\n success {$CAP}\n serve_stale {$STALE}\n}").unknowns.map(formatProblem),
      [
        "Corefile:3:10: Capacity of success {$CAP} comes from the environment of CoreDNS: write the number itself, so that it can be judged",
        "Corefile:4:14: serve_stale {$STALE} comes from the environment of CoreDNS: write the number itself, so that it can be judged",
      ],
    ));

  const refusals: readonly [text: string, problem: string][] = [
    ["cache 0", "Corefile:2:7: TTL 0 of cache is not positive: use seconds from 1, such as 30"],
    [
      "cache {\n success unbounded\n}",
      'Corefile:3:10: Capacity of success "unbounded" is no whole number: write digits only, without unit',
    ],
    [
      "cache {\n success\n}",
      "Corefile:3:2: success of cache has no capacity: write success 9984, or leave it out",
    ],
    [
      "cache {\n denial 1 0\n}",
      "Corefile:3:11: TTL 0 of cache is not positive: use seconds from 1, such as 30",
    ],
    [
      "cache {\n denial 1 5s\n}",
      'Corefile:3:11: TTL of cache "5s" is no whole number: write digits only, without unit',
    ],
    [
      "cache {\n denial 1 5 -1\n}",
      "Corefile:3:13: Minimum TTL -1 of cache is negative: use seconds from 0, such as 5",
    ],
    [
      "cache {\n serve_stale 30\n}",
      'Corefile:3:14: serve_stale "30" is no duration: write a number with its unit, such as 1h or 30s',
    ],
    [
      "cache {\n serve_stale -1h\n}",
      'Corefile:3:14: serve_stale "-1h" is no duration: write a number with its unit, such as 1h or 30s',
    ],
    [
      "cache {\n servfail 6m\n}",
      "Corefile:3:11: servfail 6m is over 5 minutes: use 5s (the default), at most 5m",
    ],
    [
      "cache {\n disable all\n}",
      'Corefile:3:10: cache disables "all": write disable success or disable denial',
    ],
    ["cache {\n disable\n}", "Corefile:3:2: cache disables nothing: write disable success or disable denial"],
  ];
  for (const [text, problem] of refusals) {
    it(`refuses ${text.replace(/\s+/g, " ")}`, () =>
      assert.deepEqual(cache(text).problems.map(formatProblem), [problem]));
  }
});
