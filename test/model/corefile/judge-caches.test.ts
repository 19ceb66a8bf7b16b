import assert from "node:assert/strict";
import { type CacheLimits, judgeCaches } from "../../../model/corefile/index.ts";
import { formatProblem } from "../../../model/problem.ts";
import { corefileFixtures, readCorefile } from "../../support/corefiles.ts";

const judged = (text: string, limits?: Partial<CacheLimits>): string[] =>
  judgeCaches(readCorefile(text), limits).problems.map(formatProblem);
const root = (...lines: string[]): string => `.:53 {\n${lines.join("\n")}\n}`;
const sized = (...lines: string[]): string => root("cache 30 {", ...lines, "}");

describe("judgeCaches()", () => {
  const holding: readonly [what: string, text: string, limits?: Partial<CacheLimits>][] = [
    ["no cache", root("errors")],
    ["cache 30, which CoreDNS bounds", root("cache 30")],
    ["capacities and TTLs at their limits", sized("success 15872 3600", "denial 12800 30", "serve_stale 1h")],
    ["a half that is disabled, whatever it says", sized("denial 999999 9999", "disable denial")],
    ["a denial TTL of a zone outside the cluster", "corp.example {\n cache 300\n}"],
    ["more memory where there is more", `${root("cache 30")}\na {\n cache\n}`, { memoryLimitBytes: 2 ** 28 }],
  ];
  for (const [what, text, limits] of holding) {
    it(`accepts ${what}`, () => assert.deepEqual(judged(text, limits), []));
  }

  const breaking: readonly [what: string, text: string, problem: string, limits?: Partial<CacheLimits>][] = [
    [
      "a capacity over the maximum",
      sized("success 65537"),
      "Corefile:3:9: Capacity 65537 of success is over the limit of 65536 (server block .:53): write success with a capacity of 1024 to 65536, such as success 9984",
      { memoryLimitBytes: 2 ** 30 },
    ],
    [
      "a negative capacity",
      sized("success -1"),
      "Corefile:3:9: Capacity -1 of success bounds nothing: CoreDNS makes 1024 entries of it (server block .:53): write success with a capacity of 1024 to 65536, such as success 9984",
    ],
    [
      "a capacity of zero",
      sized("denial 0"),
      "Corefile:3:8: Capacity 0 of denial bounds nothing: CoreDNS makes 1024 entries of it (server block .:53): write denial with a capacity of 1024 to 65536, such as denial 9984",
    ],
    [
      "a capacity in words",
      sized("success unbounded"),
      'Corefile:3:9: Capacity of success "unbounded" is no whole number: write digits only, without unit',
    ],
    [
      "a default over the maximum",
      sized("denial 1024"),
      "Corefile:2:1: Capacity of success is not given, and CoreDNS' default of 9984 is over the limit of 5000 (server block .:53): write success with a capacity of 1024 to 5000, such as success 5000",
      { maxEntries: 5000 },
    ],
    [
      "a capacity that is not given where it must be",
      sized("success 1024"),
      "Corefile:2:1: Capacity of denial is not given, and CoreDNS takes 9984 (server block .:53): write denial with a capacity of 1024 to 65536, such as denial 9984",
      { requireCapacity: true },
    ],
    [
      "a TTL over the limit",
      sized("success 1024 7200"),
      "Corefile:3:14: TTL 7200 s of success is over the limit of 3600 s (server block .:53): write success with a capacity and a TTL of at most 3600, such as success 9984 30",
    ],
    [
      "a denial TTL that the cluster would feel",
      sized("denial 1024 60"),
      "Corefile:3:13: TTL 60 s of denial is over the limit of 30 s (server block .:53): write denial with a capacity and a TTL of at most 30, such as denial 9984 30",
    ],
    [
      "CoreDNS' own denial TTL where none is given",
      root("cache"),
      "Corefile:2:1: TTL 1800 s of denial is over the limit of 30 s, and CoreDNS' default where none is given (server block .:53): write denial with a capacity and a TTL of at most 30, such as denial 9984 30",
    ],
    [
      "a denial TTL in the block of the kubernetes plugin",
      "k.example {\n kubernetes k.example\n cache 31 {\n  success 1024 31\n }\n}",
      "Corefile:3:8: TTL 31 s of denial is over the limit of 30 s (server block k.example): write denial with a capacity and a TTL of at most 30, such as denial 9984 30",
    ],
    [
      "a denial TTL in the cluster's own block",
      "svc.k.example {\n cache 60\n}",
      "Corefile:2:8: TTL 60 s of denial is over the limit of 30 s (server block svc.k.example): write denial with a capacity and a TTL of at most 30, such as denial 9984 30",
      { clusterDomain: "k.example" },
    ],
    [
      "stale answers for too long",
      sized("serve_stale 24h"),
      "Corefile:3:13: serve_stale serves answers for 86400 s after they expired, over the limit of 3600 s (server block .:53): write serve_stale 3600s or less",
    ],
    [
      "caches that fill the memory together",
      `${root("cache 30")}\na {\n cache 30\n}`,
      "Corefile:2:1: Full caches take 117Mi (39936 entries at 3 KB in .:53, a), more than 50 % of the memory limit of 170Mi: lower the capacities to 29013 entries in all, or raise the memory limit to 234Mi",
    ],
  ];
  for (const [what, text, problem, limits] of breaking) {
    it(`breaks at ${what}`, () => assert.deepEqual(judged(text, limits), [problem]));
  }

  it("finds a cache in a snippet, and says it once", () =>
    assert.deepEqual(
      judged("(c) {\n cache 30 {\n  success many\n }\n}\n. {\n import c\n}\na.example {\n import c\n}", {
        memoryLimitBytes: 2 ** 30,
      }),
      ['Corefile:3:11: Capacity of success "many" is no whole number: write digits only, without unit'],
    ));

  it("judges one snippet by the zone that imports it", () =>
    assert.deepEqual(
      judged("(c) {\n cache 60\n}\na.example {\n import c\n}\n. {\n import c\n}", {
        memoryLimitBytes: 2 ** 30,
      }),
      [
        "Corefile:2:8: TTL 60 s of denial is over the limit of 30 s (server block .): write denial with a capacity and a TTL of at most 30, such as denial 9984 30",
      ],
    ));

  it("says what it could not see", () => {
    const { problems, unknowns } = judgeCaches(readCorefile(sized("success {$CAP} 30") + "\nimport more"));
    assert.deepEqual(problems, []);
    assert.deepEqual(
      unknowns.map(({ path }) => path),
      ["Corefile:3:9", "Corefile:6:8"],
    );
  });

  for (const [name, text] of corefileFixtures) {
    if (name === "customised.Corefile" || name === "nodelocal.Corefile") continue;
    it(`accepts ${name}`, () => assert.deepEqual(judged(text), []));
  }
});
