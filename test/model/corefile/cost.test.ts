import assert from "node:assert/strict";
import { corefileCost, serverName } from "../../../model/corefile/index.ts";
import { corefileFixtures, readCorefile } from "../../support/corefiles.ts";

const entriesOf = (text: string): number => corefileCost(readCorefile(text)).cacheEntries;

describe("corefileCost()", () => {
  const caches: readonly [what: string, text: string, entries: number][] = [
    ["nothing without a cache", ". {\n errors\n}", 0],
    ["both halves of a cache, a TTL or not", ". {\n cache 30\n}", 19_968],
    ["what CoreDNS makes of the capacities", ". {\n cache {\n  success 10000\n  denial -1\n }\n}", 11_008],
    ["each server block", ". {\n cache\n}\na {\n cache\n}", 39_936],
    ["a block of several zones once", "a b c {\n cache\n}", 19_968],
    [
      "a cache in a snippet, wherever it is imported",
      "(c) {\n cache\n}\na {\n import c\n}\nb {\n import c\n}",
      39_936,
    ],
    ["capacities in a snippet", "(c) {\n success 1\n denial 1\n}\n. {\n cache {\n  import c\n }\n}", 2048],
    ["no half that is disabled for all", ". {\n cache {\n  disable denial\n }\n}", 9984],
    ["a half that is disabled for some", ". {\n cache {\n  disable denial a\n }\n}", 19_968],
    ["nothing for a snippet that nobody imports", "(c) {\n cache\n}\n. {\n errors\n}", 0],
  ];
  for (const [what, text, entries] of caches) {
    it(`counts ${what}`, () => assert.equal(entriesOf(text), entries));
  }

  it("takes 3 KB for each entry", () =>
    assert.equal(corefileCost(readCorefile(". {\n cache 30\n}")).cacheBytes, 61_341_696));

  const forwards: readonly [text: string, bytes: number | undefined][] = [
    [". {\n forward . a {\n  max_concurrent 1000\n }\n}", 2_048_000],
    [". {\n forward . a\n}", Number.POSITIVE_INFINITY],
    [". {\n forward . a {\n  max_concurrent 0\n }\n}", Number.POSITIVE_INFINITY],
    [". {\n forward . a {\n  max_concurrent many\n }\n}", Number.POSITIVE_INFINITY],
    [". {\n forward . a {\n  max_concurrent {$MAX}\n }\n}", undefined],
    ["(f) {\n max_concurrent 5\n}\n. {\n forward . a {\n  import f\n }\n}", 10_240],
  ];
  for (const [text, bytes] of forwards) {
    it(`takes ${bytes ?? "unknown"} bytes for ${text.replace(/\s+/g, " ")}`, () =>
      assert.deepEqual(
        corefileCost(readCorefile(text)).forwards.map((forward) => forward.bytes),
        [bytes],
      ));
  }

  it("adds up the forwards of all blocks", () => {
    const text =
      "a {\n forward . x {\n  max_concurrent 10\n }\n}\nb {\n forward . y {\n  max_concurrent 20\n }\n}";
    assert.equal(corefileCost(readCorefile(text)).forwardBytes, 61_440);
  });

  it("names the servers, their zones and upstreams", () => {
    const { caches, forwards } = corefileCost(readCorefile("a:53, b {\n cache 30 z\n forward A x y\n}"));
    assert.deepEqual(
      caches.map(({ server }) => serverName(server)),
      ["a:53 b"],
    );
    assert.deepEqual(caches[0]?.settings.zones, ["z"]);
    const [forward] = forwards;
    assert.equal(forward?.settings.from, "a.");
    assert.deepEqual(forward.settings.upstreams, ["x", "y"]);
  });

  const shipped: Readonly<Record<string, number>> = { "nodelocal.Corefile": 4, "customised.Corefile": 2 };
  for (const [name, text] of corefileFixtures) {
    it(`finds the caches of ${name}`, () =>
      assert.equal(corefileCost(readCorefile(text)).caches.length, shipped[name] ?? 1));
  }
});
