import assert from "node:assert/strict";
import {
  type DnsSettings,
  judgeLoadable,
  mergeCorefile,
  oneLineBlocks,
  parseCorefile,
  tunedCorefile,
} from "../../model/corefile/index.ts";
import { coreDnsProgram, onLoopback, refusalOf } from "../support/core-dns.ts";
import { corefileFixtures, readCorefile } from "../support/corefiles.ts";
import { removeScratch } from "../support/processes.ts";

/** A server on loopback with some lines of its own. */
const server = (...lines: readonly string[]): string => `.:0 {\nbind 127.0.0.1\n${lines.join("\n")}\n}\n`;

/** What we say of a text: problems of its structure, else of what can be judged. */
function problemsOf(text: string): readonly string[] {
  const { corefile, problems } = parseCorefile(text);
  return (corefile ? judgeLoadable(corefile).problems : problems).map(({ message }) => message);
}

describe("Corefiles in the real CoreDNS", function () {
  this.timeout("1 minute");
  let program = "";
  before(async function () {
    this.timeout("30 minutes");
    program = await coreDnsProgram();
  });
  after(removeScratch);

  describe("what we write loads", () => {
    const settings: readonly [what: string, settings: DnsSettings][] = [
      ["the baseline", {}],
      [
        "every setting",
        {
          clusterDomain: "k.example",
          lameduckSeconds: 0,
          ttlSeconds: 3600,
          podsMode: "verified",
          cache: {
            success: 1024,
            ttlSeconds: 3600,
            denial: 65_536,
            denialTtlSeconds: 30,
            prefetch: { amount: 10, percentage: 20 },
            serveStale: { seconds: 3600, refresh: "verify" },
          },
          maxConcurrent: 0,
          policy: "round_robin",
          stubDomains: { "corp.example": ["10.0.0.53"], "z.example": ["tls://9.9.9.9"] },
          coreDnsVersion: "1.15.0",
        },
      ],
    ];
    for (const [what, given] of settings) {
      it(what, async () =>
        assert.equal(await refusalOf(program, onLoopback(tunedCorefile(given))), undefined),
      );
    }
    for (const [name, text] of corefileFixtures) {
      it(`over ${name}`, async () => {
        const tuned = tunedCorefile({
          coreDnsVersion: "1.15.0",
          stubDomains: { "corp.example": ["10.0.0.53"] },
        });
        const { corefile, problems } = mergeCorefile(readCorefile(text), tuned);
        assert.deepEqual(problems, []);
        assert.equal(await refusalOf(program, onLoopback(corefile)), undefined);
      });
    }
    it("over a Corefile whose one-line blocks did not load", async () => {
      const { corefile } = parseCorefile(
        ". {\n errors {}\n health { lameduck 5s }\n cache { success 100 }\n}\n",
      );
      assert.ok(corefile);
      assert.ok(await refusalOf(program, onLoopback(corefile)));
      const merged = mergeCorefile(corefile, tunedCorefile()).corefile;
      assert.equal(await refusalOf(program, onLoopback(merged)), undefined);
    });
  });

  describe("what distributions ship loads here as it does there", () => {
    for (const [name, text] of corefileFixtures) {
      it(name, async () => {
        assert.deepEqual(problemsOf(text), []);
        assert.equal(await refusalOf(program, onLoopback(readCorefile(text))), undefined);
      });
    }
  });

  describe("what we refuse is refused", () => {
    const refused: readonly [what: string, text: string][] = [
      ["a quote that is never closed", server('log "a')],
      ["a server block that is never closed", ".:0 {\nbind 127.0.0.1\nwhoami\n"],
      ["a plugin's block that is never closed", ".:0 {\nbind 127.0.0.1\nerrors {\nstacktrace\n"],
      ["a snippet that is never closed", "(s) {\nlog\n"],
      ["a snippet without block", "(s)\nlog\n"],
      ["a second snippet of a name", `(s) {\n}\n(s) {\n}\n${server("whoami")}`],
      ["a server block on one line", ".:0 { whoami }"],
      ["a server block that closes behind a plugin's block", ".:0 {\nbind 127.0.0.1\nhealth {\n} }"],
      ["a comma without a zone behind it", "a:0, {\n}"],
      ["an import of nothing", server("import")],
      ["an import of two", server("import a b")],
      ["a brace on the next line of its plugin", server("cache", "{", "success 100", "}")],
      ["{} for an empty block", server("health {}")],
      ["a glued brace", server("health {", "lameduck 5s}")],
      ["an unknown plugin", server("chache 30")],
      ["a dropped plugin", server("proxy . 127.0.0.1:1")],
      ["an unknown option of forward", server("forward . 127.0.0.1:1 {", "max_concurent 5", "}")],
      ["an unknown option of cache", server("cache {", "sucess 5", "}")],
      ["a dropped option of kubernetes", server("kubernetes a {", "upstream", "}")],
      ["a plugin that stands there twice", server("cache", "cache")],
      ["a zone that two blocks serve", server("whoami") + server("whoami")],
      [
        "a network that holds a reverse zone",
        "10.0.0.0/23:0 {\nbind 127.0.0.1\n}\n1.0.10.in-addr.arpa:0 {\nbind 127.0.0.1\n}",
      ],
      ["a zone without a name", ":0 {\nbind 127.0.0.1\n}"],
      ["an empty label", "a..b:0 {\nbind 127.0.0.1\n}"],
      ["a snippet above its definition", `${server("import s")}(s) {\nlog\n}`],
      ["snippets that import each other", `(a) {\nimport b\n}\n(b) {\nimport a\n}\n${server("import a")}`],
      ["a TTL of zero", server("cache 0")],
      ["a capacity in words", server("cache {", "success unbounded", "}")],
      ["a duration without unit", server("cache {", "serve_stale 30", "}")],
      ["servfail of six minutes", server("cache {", "servfail 6m", "}")],
      ["disable without a kind", server("cache {", "disable", "}")],
    ];
    for (const [what, text] of refused) {
      it(what, async () => {
        assert.notDeepEqual(problemsOf(text), [], "we accept it");
        assert.notEqual(await refusalOf(program, text), undefined, "CoreDNS loads it");
      });
    }
  });

  describe("what CoreDNS loads otherwise than it looks, we refuse", () => {
    const misread: readonly [what: string, text: string][] = [
      ["a server block that a plugin's brace closes", ".:0 {\nbind 127.0.0.1\nerrors {\nstacktrace\n}\n"],
      ["a word behind a closing brace", server("health 127.0.0.1:0 {", "lameduck 5s", "} 127.0.0.1:0")],
      ["a closing brace too many", `${server("whoami")}}\nbind 127.0.0.1\n`],
      ["a cache for the zone {}", server("cache {}")],
      ["a block without a zone", "{\nbind 127.0.0.1\nwhoami\n}"],
      ["zones behind a comma without a blank", "a:0,b:0 {\nbind 127.0.0.1\n}"],
    ];
    for (const [what, text] of misread) {
      it(what, async () => {
        assert.notDeepEqual(problemsOf(text), []);
        assert.equal(await refusalOf(program, text), undefined);
      });
    }
  });

  describe("what we accept as odd loads", () => {
    const accepted: readonly [what: string, text: string][] = [
      ["a directive behind the opening brace", ".:0 { bind 127.0.0.1\nwhoami\n}"],
      ["a brace on the next line of the zones", ".:0\n{\nbind 127.0.0.1\n}"],
      ["a file without braces", ".:0\nbind 127.0.0.1\nwhoami"],
      ["zones on lines of their own", "a:0,\nb:0 {\nbind 127.0.0.1\n}"],
      ["a snippet on one line", `(s) { errors }\n${server("import s")}`],
      ["two blocks on one line", "a:0 {\nbind 127.0.0.1\n} b:0 {\nbind 127.0.0.1\n}"],
      ["imports that match no file", `${server("import nothing/*.override")}import nothing/*.server\n`],
      ["a comment glued to a word", server("cache 30#seconds", "log#all please")],
      ["capacities that become the least", server("cache {", "success -1", "denial 0", "}")],
      ["an empty block", server("health 127.0.0.1:0 { }")],
    ];
    for (const [what, text] of accepted) {
      it(what, async () => {
        assert.deepEqual(problemsOf(text), []);
        assert.equal(await refusalOf(program, text), undefined);
      });
    }
  });

  describe("one-line blocks do what we say", () => {
    const upstream = "forward . 127.0.0.1:1";
    const kubernetes = "kubernetes a {\nendpoint http://127.0.0.1:1\nstartup_timeout 10ms\n";
    const lines: readonly string[] = [
      ...["lameduck 5s"].map((option) => `health { ${option} }`),
      ...["monitor continuously"].map((option) => `ready { ${option} }`),
      ...["stacktrace", "consolidate 5m x", "consolidate 5m x warning"].map(
        (option) => `errors { ${option} }`,
      ),
      ...["runtime_metrics", "tls web.yml"].map((option) => `prometheus 127.0.0.1:0 { ${option} }`),
      ...["class error", "class denial all"].map((option) => `log { ${option} }`),
      "loadbalance { prefer 10.0.0.0/8 }",
      ...[
        "success 100",
        "success 100 30",
        "success 100 30 5",
        "denial 100",
        "denial 100 30 5 9",
        "prefetch 5",
        "prefetch 5 1m 10%",
        "serve_stale",
        "serve_stale 1h",
        "servfail 5s",
        "disable success",
        "disable denial a",
        "keepttl",
      ].map((option) => `cache { ${option} }`),
      ...[
        "doh_method GET",
        "except a",
        "expire 10s",
        "failfast_all_unhealthy_upstreams",
        "failover SERVFAIL",
        "force_tcp",
        "health_check 5s",
        "health_check 5s no_rec",
        "max_age 20s",
        "max_concurrent 5",
        "max_connect_attempts 2",
        "max_fails 3",
        "max_fails 3 policy random",
        "max_fails 3 force_tcp",
        "max_idle_conns 3",
        "next NXDOMAIN",
        "next_on_nodata",
        "policy",
        "policy random",
        "prefer_udp",
        "read_timeout 1s",
        "resolver 127.0.0.1",
        "source_address 127.0.0.1",
        "tls",
        "tls_servername a",
      ].map((option) => `${upstream} { ${option} }`),
      ...[
        "apiserver_burst 5",
        "apiserver_max_inflight 5",
        "apiserver_qps 5",
        "endpoint_pod_names",
        "fallthrough",
        "fallthrough a",
        "ignore empty_service",
        "labels a=b",
        "multicluster a",
        "namespace_labels a=b",
        "namespaces a",
        "noendpoints",
        "pods insecure",
        "ttl 30",
        "zonal",
      ].map((option) => `${kubernetes}${option} }`),
      "hosts { 10.0.0.1 a }",
      "hosts { fallthrough }",
    ];
    for (const line of lines) {
      it(line.replaceAll("\n", " "), async () => {
        const text = server(line);
        const { corefile } = parseCorefile(text);
        assert.ok(corefile);
        const [found, ...more] = oneLineBlocks(corefile);
        assert.ok(found && more.length === 0);
        assert.equal(
          (await refusalOf(program, text)) !== undefined,
          found.effect === "refused",
          found.effect,
        );
      });
    }
  });
});
