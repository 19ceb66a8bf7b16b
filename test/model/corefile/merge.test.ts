import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Corefile,
  type DnsSettings,
  describeLine,
  expandCorefile,
  judgeLoadable,
  mergeCorefile,
  type MergedCorefile,
  parseCorefile,
  printCorefile,
  serverName,
  tunedCorefile,
} from "../../../model/corefile/index.ts";
import { formatProblem } from "../../../model/problem.ts";
import { corefileFixtures, corefileText, readCorefile } from "../../support/corefiles.ts";

function merged(existing: string, settings?: DnsSettings): MergedCorefile & { readonly text: string } {
  const { corefile } = parseCorefile(existing);
  assert.ok(corefile);
  const result = mergeCorefile(corefile, tunedCorefile(settings));
  return { ...result, text: printCorefile(result.corefile) };
}

/** Each plugin of each server with its options, snippets in place: what CoreDNS sees. */
function plugins(corefile: Corefile): string[] {
  return expandCorefile(corefile).servers.flatMap((server) =>
    server.directives.map((directive) => `${serverName(server)}: ${describeLine(directive)}`),
  );
}

const root = (...lines: string[]): string => `.:53 {\n${lines.map((line) => `    ${line}\n`).join("")}}\n`;

describe("mergeCorefile()", () => {
  it("tunes kubeadm's Corefile in place", () => {
    const [, kubeadm = ""] = corefileFixtures.find(([name]) => name === "kubeadm.Corefile") ?? [];
    const { text, kept, replaced, added, problems, unknowns } = merged(kubeadm);
    assert.equal(
      text,
      kubeadm
        .replace("max_concurrent 1000\n", "max_concurrent 1000\n       policy sequential\n")
        .replace("cache 30\n", "cache 30 {\n        success 9984 30\n        denial 9984 5\n    }\n"),
    );
    assert.deepEqual(
      { kept, replaced, problems, unknowns },
      { kept: [], replaced: [], problems: [], unknowns: [] },
    );
    assert.deepEqual(added, [
      ".:53: forward: policy sequential",
      ".:53: cache: success 9984 30",
      ".:53: cache: denial 9984 5",
    ]);
  });

  it("keeps what others put there, and says so", () => {
    const [, customised = ""] = corefileFixtures.find(([name]) => name === "customised.Corefile") ?? [];
    const { text, kept, replaced, added, problems } = merged(customised);
    for (const line of [
      "# Owned by the platform team. Ask before you change it.",
      "# loadbalance is off on purpose? Nobody remembers.",
      "prometheus :9153 # scraped from outside",
      "health { # probes use the default address",
      "rewrite name exact db.internal postgres.shop.svc.cluster.local",
      "forward corp.example 10.40.0.53",
      "forward . 10.20.0.53 10.20.1.53 {",
      "pods verified",
      "prefetch 10 1m 20%",
      "consul.local:53 {",
    ]) {
      assert.ok(text.includes(line), line);
    }
    assert.deepEqual(problems, []);
    assert.deepEqual(kept, [
      '.:53: errors: consolidate 5m ".* i/o timeout$" warning',
      ".:53: log . { class error }",
      ".:53: rewrite name exact db.internal postgres.shop.svc.cluster.local",
      ".:53: hosts { 10.30.0.7 legacy.example; fallthrough }",
      ".:53: kubernetes: pods verified",
      ".:53: kubernetes: endpoint_pod_names",
      ".:53: kubernetes: fallthrough",
      ".:53: autopath @kubernetes",
      ".:53: forward corp.example 10.40.0.53",
      ".:53: forward . 10.20.0.53 10.20.1.53",
      ".:53: forward: prefer_udp",
      ".:53: cache: success 9984 30 10",
      ".:53: cache: prefetch 10 1m 20%",
      ".:53: cache: serve_stale 1h",
      ".:53: reload 10s",
      "snippet (upstream)",
      "snippet (observe)",
      "server block consul.local:53",
    ]);
    assert.deepEqual(replaced, [
      ".:53: import observe → the lines of snippet (observe)",
      ".:53: import upstream → the lines of snippet (upstream)",
      ".:53: health: lameduck 10s → lameduck 5s",
      ".:53: kubernetes: ttl 10 → ttl 30",
      ".:53: forward: policy random → policy sequential",
      ".:53: cache 300 → cache 30",
      ".:53: cache: success 20000 300 10 → success 9984 30 10",
      ".:53: cache: denial 5000 → denial 9984 5",
      ".:53: prometheus 0.0.0.0:9153 → prometheus :9153",
    ]);
    assert.deepEqual(added, [".:53: forward: max_concurrent 1000", ".:53: loadbalance"]);
  });

  it("is our own Corefile where there was none, comments kept", () => {
    assert.equal(merged("").text, printCorefile(tunedCorefile()));
    assert.equal(merged("# nothing yet\n").text, `# nothing yet\n${printCorefile(tunedCorefile())}`);
  });

  it("adds our block behind theirs where none serves the root", () => {
    const { text, added, kept } = merged("corp.example {\n  whoami\n} # theirs\n");
    assert.ok(
      text.startsWith(
        "corp.example {\n  whoami\n} # theirs\n\n.:53 {\n  errors\n  health {\n    lameduck 5s\n  }\n",
      ),
    );
    assert.deepEqual(added, ["server block .:53"]);
    assert.deepEqual(kept, ["server block corp.example"]);
  });

  it("adds to a file with a single block without braces", () =>
    assert.match(
      merged(".:53\nerrors # all\ncache 30").text,
      /^\.:53\nerrors # all\ncache 30 \{\n[^]*\nloadbalance\n$/,
    ));

  it("keeps Windows line ends", () =>
    assert.doesNotMatch(merged(".:53 {\r\n  errors\r\n}\r\n").text, /[^\r]\n/));

  it("mends one-line blocks of our plugins", () => {
    const { text, replaced, corefile } = merged(root("health { lameduck 10s }", "ready {}", "errors"));
    assert.ok(text.includes("    health {\n        lameduck 5s\n    }\n    ready\n"));
    assert.ok(replaced.includes(".:53: health: one-line block → a line for each option"));
    assert.ok(replaced.includes(".:53: ready {} → ready"));
    assert.deepEqual(judgeLoadable(corefile).problems, []);
  });

  it("removes a second option of ours, of which CoreDNS takes the last", () => {
    const { text, replaced } = merged(root("cache 30 {", "  success 1024 30", "  success 50000 30", "}"));
    assert.equal(text.match(/success/g)?.length, 1);
    assert.ok(replaced.includes(".:53: cache: second success 50000 30 → removed"));
  });

  const directives: readonly [
    what: string,
    theirs: readonly string[],
    ours: DnsSettings,
    expected: string,
  ][] = [
    [
      "our upstreams over theirs",
      ["forward . 10.0.0.1"],
      { upstreams: ["10.9.9.9"] },
      "forward . 10.9.9.9 {",
    ],
    ["their upstreams over our default", ["forward . 10.0.0.1"], {}, "forward . 10.0.0.1 {"],
    [
      "the node's resolv.conf over theirs when both name it",
      ["forward . /etc/resolv.conf"],
      {},
      "forward . /etc/resolv.conf {",
    ],
    ["their zones behind our TTL of the cache", ["cache 60 a.example"], {}, "cache 30 a.example {"],
    ["their zones of a cache without TTL", ["cache a.example"], {}, "cache 30 a.example {"],
    [
      "zones that only one of us has",
      ["kubernetes cluster.local 10.0.0.0/8 other.example {", "}"],
      {},
      "kubernetes cluster.local 10.0.0.0/8 other.example in-addr.arpa ip6.arpa {",
    ],
    [
      "fallthrough zones of both",
      ["kubernetes cluster.local {", "fallthrough a.example", "}"],
      {},
      "fallthrough a.example in-addr.arpa ip6.arpa",
    ],
    ["fallthrough for all zones", ["kubernetes cluster.local {", "fallthrough", "}"], {}, "fallthrough\n"],
    ["our pods mode", ["kubernetes cluster.local {", "pods verified", "}"], {}, "pods insecure"],
    [
      "verified pods that autopath needs",
      ["autopath @kubernetes", "kubernetes cluster.local {", "pods verified", "}"],
      {},
      "pods verified",
    ],
    ["their arguments where ours has none", ["reload 10s 5s"], {}, "reload 10s 5s\n"],
    ["their health address", ["health 127.0.0.1:8080"], {}, "health 127.0.0.1:8080 {\n        lameduck 5s"],
    [
      "a cluster domain that is spelled otherwise",
      ["kubernetes Cluster.Local. in-addr.arpa ip6.arpa"],
      {},
      "kubernetes Cluster.Local. in-addr.arpa ip6.arpa {",
    ],
  ];
  for (const [what, theirs, ours, expected] of directives) {
    it(`takes ${what}`, () => {
      const { text, problems } = merged(root(...theirs), ours);
      assert.ok(text.includes(`    ${expected}`), text);
      assert.deepEqual(problems, []);
    });
  }

  it("does not touch kubernetes for another cluster domain", () => {
    const { text, problems, kept } = merged(root("kubernetes other.local in-addr.arpa {", "ttl 7", "}"));
    assert.ok(text.includes("    kubernetes other.local in-addr.arpa {\n    ttl 7\n    }\n"));
    assert.deepEqual(problems.map(formatProblem), [
      "Corefile:2:16: kubernetes serves other.local in-addr.arpa, not the cluster domain cluster.local: set clusterDomain to the domain of the cluster (clusterDomain of its kubelets)",
    ]);
    assert.deepEqual(kept, [".:53: kubernetes other.local in-addr.arpa { ttl 7 }"]);
  });

  it("says that a variable hides the cluster domain", () => {
    const { text, problems, unknowns } = merged(root("kubernetes {$DOMAIN} in-addr.arpa"));
    assert.ok(text.includes("    kubernetes {$DOMAIN} in-addr.arpa {\n"));
    assert.deepEqual(problems, []);
    assert.deepEqual(unknowns.map(formatProblem), [
      "Corefile:2:16: Whether {$DOMAIN} is the cluster domain cluster.local is known to CoreDNS alone: see that it is, or write cluster.local in its place",
    ]);
  });

  it("leaves the cluster domain to the block that has it", () => {
    const { text, kept } = merged(`cluster.local:53 {\n    kubernetes\n}\n${root("errors")}`);
    assert.equal(text.match(/kubernetes/g)?.length, 1);
    assert.ok(
      kept.includes("server block cluster.local:53 serves cluster.local, so .:53 gets no kubernetes"),
    );
  });

  it("merges a stub domain into the block that serves it", () => {
    const existing = `${root("errors")}corp.example {\n    forward . 10.0.0.1\n    log\n}\n`;
    const { text, kept } = merged(existing, { stubDomains: { "corp.example": ["10.0.0.53"] } });
    assert.ok(text.includes("corp.example {\n    forward . 10.0.0.53 {\n"));
    assert.ok(kept.includes("corp.example: log"));
  });

  it("refuses to tune two zones of one block apart", () => {
    const { problems } = merged(".:53 corp.example:53 {\n errors\n}\n", {
      stubDomains: { "corp.example": ["10.0.0.53"] },
    });
    assert.deepEqual(problems.map(formatProblem), [
      "Corefile:1:1: One server block serves .:53 corp.example:53, so corp.example:53 cannot be tuned by itself: give each of the zones a block of its own",
    ]);
  });

  it("refuses to tune a server block that a snippet brings", () => {
    const { problems, text } = merged("(all) {\n .:53 {\n  errors\n }\n}\nimport all\n");
    assert.deepEqual(problems.map(formatProblem), [
      "Corefile:2:2: Server block .:53 comes from a snippet, where it cannot be tuned by itself: write the block in place of the import",
    ]);
    assert.equal(text, "(all) {\n .:53 {\n  errors\n }\n}\nimport all\n");
  });

  it("knows that a snippet of another zone does not serve ours", () => {
    const { unknowns, added } = merged("(all) {\n a:53 {\n  errors\n }\n}\nimport all\n");
    assert.deepEqual(unknowns, []);
    assert.deepEqual(added, ["server block .:53"]);
  });

  it("merges into the root block without a view, and keeps the other", () => {
    const existing = `. {\n    view a {\n        expr true\n    }\n    whoami\n}\n${root("errors")}`;
    const { text, kept } = merged(existing);
    assert.ok(
      text.startsWith(". {\n    view a {\n        expr true\n    }\n    whoami\n}\n.:53 {\n    errors\n"),
    );
    assert.ok(kept.includes("server block ."));
  });

  it("says which imported files may conflict", () => {
    const all =
      "errors\nhealth\nready\nkubernetes cluster.local\nprometheus\nforward . a\nreload\nloadbalance".split(
        "\n",
      );
    const paths = (text: string): string[] => merged(text).unknowns.map(formatProblem);
    assert.deepEqual(paths(root(...all, "cache", "loop", "import more")), []);
    assert.deepEqual(paths(root(...all, "cache 30 {", "import more", "}", "loop")), [
      "Corefile:11:12: import more may set options of cache that are set here, too: see that it sets none of success, denial",
    ]);
    assert.deepEqual(paths(root(...all, "import more")), [
      "Corefile:10:12: import more may hold cache, loop, too, which is added here: see that it does not: CoreDNS refuses these plugins twice in a block",
    ]);
    assert.deepEqual(paths("import more\n"), [
      "Corefile:1:8: more may serve .:53, too, which is added here: see that it does not: CoreDNS refuses a zone and port that two blocks serve",
    ]);
  });

  it("writes out a snippet of options, for this block alone", () => {
    const { text } = merged(`(sizes) {\n    success 50000\n}\n${root("cache {", "    import sizes", "}")}`);
    assert.ok(
      text.startsWith("(sizes) {\n    success 50000\n}\n.:53 {\n    cache 30 {\n        success 9984 30\n"),
      text,
    );
  });

  it("leaves a snippet that is none of ours where it is", () => {
    const { text, kept } = merged(`(extra) {\n    log\n}\n${root("import extra", "errors")}`);
    assert.ok(text.includes(".:53 {\n    import extra\n    errors\n"));
    assert.ok(kept.includes(".:53: import extra"));
  });

  for (const [name, text] of corefileFixtures) {
    it(`gives a Corefile of ${name} that loads and does not change again`, () => {
      const once = mergeCorefile(readCorefile(text), tunedCorefile());
      assert.deepEqual(judgeLoadable(once.corefile).problems, []);
      const twice = mergeCorefile(once.corefile, tunedCorefile());
      assert.equal(printCorefile(twice.corefile), printCorefile(once.corefile));
      assert.deepEqual([twice.replaced, twice.added], [[], []]);
    });
  }

  const tuned: fc.Arbitrary<DnsSettings> = fc.record<DnsSettings>(
    {
      upstreams: fc.constantFrom(["/etc/resolv.conf"], ["10.0.0.53"]),
      stubDomains: fc.constantFrom<Readonly<Record<string, readonly string[]>>[]>(
        {},
        { "corp.example": ["10.0.0.1"] },
        { "a.example": ["10.0.0.1"] },
      ),
      coreDnsVersion: fc.constantFrom("1.11.1", "1.15.0"),
    },
    { requiredKeys: [] },
  );

  it("changes nothing when it is done twice", () =>
    fc.assert(
      fc.property(corefileText, tuned, (text, settings) => {
        const once = merged(text, settings);
        const twice = merged(once.text, settings);
        assert.equal(twice.text, once.text);
        assert.deepEqual([twice.replaced, twice.added], [[], []]);
      }),
      { numRuns: 200 },
    ));

  it("drops no plugin that ours has not, and no comment", () =>
    fc.assert(
      fc.property(corefileText, tuned, (text, settings) => {
        const { corefile: existing } = parseCorefile(text);
        assert.ok(existing);
        const ours = new Set(
          tunedCorefile(settings).items.flatMap((item) =>
            item.kind === "server"
              ? item.lines.map((line) => (line.kind === "directive" ? line.name.text : ""))
              : [],
          ),
        );
        const result = merged(text, settings);
        const after = plugins(result.corefile);
        for (const plugin of plugins(existing)) {
          const [, name = ""] = /: (\S+)/.exec(plugin) ?? [];
          if (!ours.has(name)) assert.ok(after.includes(plugin), plugin);
        }
        assert.equal(result.text.split("# ").length, text.split("# ").length);
      }),
      { numRuns: 200 },
    ));

  it("says everything that it changed: without words in the report the text is the same", () =>
    fc.assert(
      fc.property(corefileText, tuned, (text, settings) => {
        const result = merged(text, settings);
        if (result.replaced.length === 0 && result.added.length === 0) assert.equal(result.text, text);
      }),
    ));
});
