import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type DnsSettings,
  corefileCost,
  dnsSettingsProblems,
  judgeCaches,
  judgeLoadable,
  parseCorefile,
  printCorefile,
  tunedCorefile,
} from "../../../model/corefile/index.ts";
import { readSettings } from "../../../model/settings.ts";

const print = (settings?: DnsSettings): string => printCorefile(tunedCorefile(settings));

const baseline = `.:53 {
    errors
    health {
        lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
        ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
        max_concurrent 1000
        policy sequential
    }
    cache 30 {
        success 9984 30
        denial 9984 5
    }
    loop
    reload
    loadbalance
}
`;

const settings: fc.Arbitrary<DnsSettings> = fc.record(
  {
    clusterDomain: fc.domain(),
    lameduckSeconds: fc.integer({ min: 0, max: 60 }),
    ttlSeconds: fc.integer({ min: 0, max: 3600 }),
    podsMode: fc.constantFrom("disabled", "insecure", "verified"),
    cache: fc.record(
      {
        success: fc.integer({ min: 1024, max: 12_000 }),
        ttlSeconds: fc.integer({ min: 1, max: 3600 }),
        denial: fc.integer({ min: 1024, max: 12_000 }),
        denialTtlSeconds: fc.integer({ min: 1, max: 30 }),
        prefetch: fc.record({ amount: fc.integer({ min: 0, max: 100 }) }),
        serveStale: fc.record({ seconds: fc.integer({ min: 0, max: 3600 }) }),
      },
      { requiredKeys: [] },
    ),
    upstreams: fc.array(fc.ipV4(), { minLength: 1, maxLength: 15 }),
    maxConcurrent: fc.integer({ min: 0, max: 100_000 }),
    policy: fc.constantFrom("sequential", "round_robin", "random"),
    stubDomains: fc.dictionary(fc.domain(), fc.array(fc.ipV6(), { minLength: 1, maxLength: 3 }), {
      maxKeys: 2,
    }),
    coreDnsVersion: fc.constantFrom("1.9.4", "v1.11.1", "1.13.2", "1.15.0"),
  },
  { requiredKeys: [] },
);

describe("tunedCorefile()", () => {
  it("is the baseline without settings", () => assert.equal(print(), baseline));

  it("is the baseline with the defaults of the stack's settings", () => {
    const { settings: all } = readSettings({ cluster: { name: "dev", nodes: 1 } });
    assert.ok(all);
    assert.equal(print(all.dns), baseline);
  });

  it("takes every setting", () => {
    const text = print({
      clusterDomain: "k.example",
      lameduckSeconds: 12,
      ttlSeconds: 10,
      podsMode: "verified",
      cache: {
        success: 20_000,
        ttlSeconds: 60,
        denial: 2048,
        denialTtlSeconds: 7,
        prefetch: { amount: 10, percentage: 20 },
        serveStale: { seconds: 600, refresh: "verify" },
      },
      upstreams: ["10.0.0.53", "tls://9.9.9.9%dns.quad9.net"],
      maxConcurrent: 4000,
      policy: "round_robin",
    });
    for (const line of [
      "kubernetes k.example in-addr.arpa ip6.arpa {",
      "lameduck 12s",
      "ttl 10",
      "pods verified",
      "cache 60 {",
      "success 20000 60",
      "denial 2048 7",
      "prefetch 10 1m 20%",
      "serve_stale 600s verify",
      "forward . 10.0.0.53 tls://9.9.9.9%dns.quad9.net {",
      "max_concurrent 4000",
      "policy round_robin",
    ]) {
      assert.ok(text.includes(`    ${line}\n`), line);
    }
  });

  it("gives each stub domain a block with a small cache, in the order of their names", () => {
    const text = print({
      stubDomains: { "z.example": ["10.0.0.2"], "corp.example": ["10.0.0.53", "10.0.1.53"] },
    });
    assert.equal(
      text.slice(baseline.length),
      `
corp.example:53 {
    errors
    cache 30 {
        success 1024 30
        denial 1024 5
    }
    forward . 10.0.0.53 10.0.1.53 {
        max_concurrent 1000
        policy sequential
    }
}

z.example:53 {
    errors
    cache 30 {
        success 1024 30
        denial 1024 5
    }
    forward . 10.0.0.2 {
        max_concurrent 1000
        policy sequential
    }
}
`,
    );
  });

  const failFast: readonly [version: string | undefined, options: readonly string[]][] = [
    [undefined, []],
    ["1.12.0", []],
    ["v1.12.1", ["failfast_all_unhealthy_upstreams"]],
    ["1.13.1", ["failfast_all_unhealthy_upstreams"]],
    ["1.13.2", ["failfast_all_unhealthy_upstreams", "max_connect_attempts 2"]],
    ["1.15.0", ["failfast_all_unhealthy_upstreams", "max_connect_attempts 2"]],
  ];
  for (const [coreDnsVersion, options] of failFast) {
    it(`fails fast as CoreDNS ${coreDnsVersion ?? "of an unknown version"} can`, () => {
      const found = print({ coreDnsVersion }).match(/failfast\S*|max_connect_attempts \d/g) ?? [];
      assert.deepEqual([...found], options);
    });
  }

  it("is read back as it was, loads in the version it is for, and keeps its caches within bounds", () =>
    fc.assert(
      fc.property(settings, (given) => {
        fc.pre(dnsSettingsProblems(given).length === 0);
        const tuned = tunedCorefile(given);
        const text = printCorefile(tuned);
        const { corefile, problems } = parseCorefile(text, tuned.file);
        assert.deepEqual(problems, []);
        assert.deepEqual(corefile, tuned);
        const version = given.coreDnsVersion;
        assert.deepEqual(judgeLoadable(tuned, { version }), { problems: [], unknowns: [] });
        const { clusterDomain } = given;
        assert.deepEqual(
          judgeCaches(tuned, { requireCapacity: true, ...(clusterDomain && { clusterDomain }) }),
          {
            problems: [],
            unknowns: [],
          },
        );
        assert.equal(text, print(given));
      }),
    ));

  it("leaves half of 170Mi to the rest by default, with two stub domains, too", () => {
    const tuned = tunedCorefile({ stubDomains: { "a.example": ["10.0.0.1"], "b.example": ["10.0.0.2"] } });
    assert.ok(corefileCost(tuned).cacheBytes < 85 * 2 ** 20);
  });

  it("quotes what would not be one word", () =>
    assert.match(
      print({ upstreams: ['/etc/my "own" resolv.conf'] }),
      /forward \. "\/etc\/my \\"own\\" resolv.conf" \{/,
    ));
});
