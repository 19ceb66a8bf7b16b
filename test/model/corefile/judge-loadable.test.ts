import assert from "node:assert/strict";
import { judgeLoadable, parseCorefile } from "../../../model/corefile/index.ts";
import { formatProblem } from "../../../model/problem.ts";
import { corefileFixtures } from "../../support/corefiles.ts";

function judged(text: string, version?: string): string[] {
  const { corefile } = parseCorefile(text);
  assert.ok(corefile);
  return judgeLoadable(corefile, { version }).problems.map(formatProblem);
}

describe("judgeLoadable()", () => {
  const loadable: readonly [what: string, text: string, version?: string][] = [
    ["nothing", ""],
    ["the same zone on two ports", ".:53 {\n}\n.:5353 {\n}"],
    ["the same zone over two transports", "a:853 {\n}\ntls://a {\n}"],
    ["the same zone on two addresses", "a {\n bind 10.0.0.1\n}\na {\n bind 10.0.0.2\n}"],
    ["the same zone behind views", "a {\n view x {\n  expr true\n }\n}\na {\n}"],
    [
      "two forwards and two health checks",
      ". {\n forward a 10.0.0.1\n forward . 10.0.0.2\n health\n health\n}",
    ],
    ["options of plugins that it does not know in detail", ". {\n template IN A {\n  anything goes\n }\n}"],
    ["a plugin that an old version still has", ". {\n proxy . 10.0.0.1\n}", "1.4.0"],
    ["an option that an old version still has", ". {\n kubernetes a {\n  upstream\n }\n}", "1.6.9"],
    ["a new option in a new version", ". {\n cache {\n  keepttl\n }\n}", "v1.11.1-eksbuild.2"],
  ];
  for (const [what, text, version] of loadable) {
    it(`accepts ${what}`, () => assert.deepEqual(judged(text, version), []));
  }

  for (const [name, text] of corefileFixtures) {
    it(`accepts ${name}`, () => assert.deepEqual(judged(text), []));
  }

  const refused: readonly [what: string, text: string, problem: string, version?: string][] = [
    [
      "a zone that two blocks serve",
      ".:53 {\n}\n. {\n}",
      "Corefile:3:1: . is served a second time, first at line 1 (dns://.:53): merge the two blocks: CoreDNS serves each zone and port once",
    ],
    [
      "a zone that stands in one block twice",
      "a A. {\n}",
      "Corefile:1:3: A. is served a second time, first at line 1 (dns://a.:53): merge the two blocks: CoreDNS serves each zone and port once",
    ],
    [
      "a network that holds a reverse zone",
      "10.0.0.0/23 {\n}\n1.0.10.in-addr.arpa {\n}",
      "Corefile:3:1: 1.0.10.in-addr.arpa is served a second time, first at line 1 (dns://1.0.10.in-addr.arpa.:53): merge the two blocks: CoreDNS serves each zone and port once",
    ],
    [
      "a zone on one address and on all",
      "a {\n bind 10.0.0.1\n}\na {\n}",
      "Corefile:4:1: a is served a second time, first at line 1 (dns://a.:53): merge the two blocks: CoreDNS serves each zone and port once",
    ],
    [
      "zones behind a comma without a blank",
      "a:53,b:53 {\n}",
      "Corefile:1:1: a:53,b:53 is no zone: a comma separates zones only with a blank or line end behind it: write a zone, such as example.org or .:53",
    ],
    [
      "an unknown plugin",
      ". {\n chache 30\n}",
      "Corefile:2:2: CoreDNS has no plugin chache: did you mean cache?",
    ],
    [
      "a zone that is read as a plugin",
      "a\nwhoami\nb.example {\n whoami\n}",
      "Corefile:3:1: CoreDNS has no plugin b.example: close the block of a before b.example: with more than one block, each needs braces",
    ],
    [
      "a plugin that was dropped",
      ". {\n proxy . 10.0.0.1\n}",
      "Corefile:2:2: CoreDNS has had no plugin proxy since 1.5.0: use forward, which takes the same zone and upstreams",
    ],
    [
      "an option that was dropped",
      ". {\n kubernetes a {\n  upstream\n }\n}",
      "Corefile:3:3: kubernetes has had no option upstream since CoreDNS 1.7.0: remove it: CoreDNS resolves external names itself",
      "1.7.0",
    ],
    [
      "an unknown option",
      ". {\n forward . 10.0.0.1 {\n  max_concurent 5\n }\n}",
      "Corefile:3:3: forward has no option max_concurent: did you mean max_concurrent?",
    ],
    [
      "an option that is too new",
      ". {\n forward . 10.0.0.1 {\n  max_connect_attempts 2\n }\n}",
      "Corefile:3:3: CoreDNS 1.11.1 has no option max_connect_attempts of forward, which came with 1.13.2: remove it, or upgrade CoreDNS",
      "v1.11.1",
    ],
    [
      "a plugin that is too new",
      ". {\n nomad\n}",
      "Corefile:2:2: CoreDNS 1.12.4 has no plugin nomad, which came with 1.13.0: remove it, or upgrade CoreDNS",
      "1.12.4",
    ],
    [
      "a plugin that stands in a block twice, once in a snippet",
      "(c) {\n cache 30\n}\n. {\n import c\n cache 30\n}",
      "Corefile:6:2: cache stands in server block . twice, first at line 2: merge the two: CoreDNS takes it once per block",
    ],
    [
      "what the cache plugin refuses",
      ". {\n cache 0\n}",
      "Corefile:2:8: TTL 0 of cache is not positive: use seconds from 1, such as 30",
    ],
    [
      "what the layout spoils",
      ". {\n health { lameduck 5s }\n}",
      'Corefile:2:23: The block of health closes on the line of lameduck, so CoreDNS reads "5s }" as the arguments of lameduck and does not load: write lameduck 5s and } on a line each',
    ],
    [
      "a snippet above its definition",
      ". {\n import s\n}\n(s) {\n}",
      "Corefile:2:9: Snippet s is imported above its definition (line 4), where CoreDNS does not know it: move the snippet above the block that imports it",
    ],
  ];
  for (const [what, text, problem, version] of refused) {
    it(`refuses ${what}`, () => assert.deepEqual(judged(text, version), [problem]));
  }

  it("says what it could not see", () => {
    const { corefile } = parseCorefile("{$ZONE} {\n {$PLUGIN} a\n cache {$TTL}\n import more\n}");
    assert.ok(corefile);
    assert.deepEqual(judgeLoadable(corefile).unknowns.map(formatProblem), [
      "Corefile:1:1: Zone {$ZONE} comes from the environment of CoreDNS: write its name, so that it can be judged",
      "Corefile:2:2: Plugin {$PLUGIN} comes from the environment of CoreDNS: write its name, so that it can be judged",
      "Corefile:3:8: TTL of cache {$TTL} comes from the environment of CoreDNS: write the number itself, so that it can be judged",
      "Corefile:4:9: import more names no snippet, and its files are only seen by CoreDNS: judge the imported files by themselves, or write their lines here",
    ]);
  });
});
