import assert from "node:assert/strict";
import { readKey } from "../../../model/corefile/index.ts";
import { hasVariable, normalZone } from "../../../model/corefile/keys.ts";

describe("readKey()", () => {
  const vectors: readonly [text: string, key: string][] = [
    [".", "dns://.:53"],
    [".:53", "dns://.:53"],
    [".:5353,", "dns://.:5353"],
    ["Example.ORG", "dns://example.org.:53"],
    ["dns://example.org.:1053", "dns://example.org.:1053"],
    ["tls://.", "tls://.:853"],
    ["quic://.", "quic://.:853"],
    ["grpc://.", "grpc://.:443"],
    ["https://a.b:8443", "https://a.b.:8443"],
    ["https3://.", "https3://.:443"],
    ["10.0.0.0/8", "dns://10.in-addr.arpa.:53"],
    ["10.96.0.0/16:53", "dns://96.10.in-addr.arpa.:53"],
    ["10.0.0.0/23", "dns://0.0.10.in-addr.arpa. 1.0.10.in-addr.arpa.:53"],
    ["10.0.0.7/32", "dns://7.0.0.10.in-addr.arpa.:53"],
    ["0.0.0.0/0", "dns://in-addr.arpa.:53"],
    ["2001:db8::/32", "dns://8.b.d.0.1.0.0.2.ip6.arpa.:53"],
    ["2001:db8::/31:53", "dns://8.b.d.0.1.0.0.2.ip6.arpa. 9.b.d.0.1.0.0.2.ip6.arpa.:53"],
  ];
  for (const [text, expected] of vectors) {
    it(`reads ${text} as ${expected}`, () => {
      const { key, wrong } = readKey(text);
      assert.equal(wrong, undefined);
      assert.ok(key);
      assert.equal(`${key.transport}://${key.zones.join(" ")}:${key.port}`, expected);
    });
  }

  it("splits 172.16.0.0/12 into sixteen zones", () => {
    const zones = readKey("172.16.0.0/12").key?.zones ?? [];
    assert.equal(zones.length, 16);
    assert.equal(zones[0], "16.172.in-addr.arpa.");
    assert.equal(zones[15], "31.172.in-addr.arpa.");
  });

  const refusals: readonly [text: string, wrong: RegExp][] = [
    [",", /missing/],
    ["example.org:", /missing/],
    [":53", /empty word is no domain name/],
    [".:99999", /no port 99999/],
    ["a.org:53,b.org", /comma/],
    ["a..b", /no domain name/],
    [`${"a".repeat(64)}.b`, /no domain name/],
    [`${"a.".repeat(130)}b`, /no domain name/],
    ["TLS://a", /scheme TLS/],
    ["ftp://a", /scheme ftp/],
  ];
  for (const [text, wrong] of refusals) {
    it(`refuses ${text.slice(0, 20)}`, () => assert.match(readKey(text).wrong ?? "", wrong));
  }

  it("knows nothing of a variable, nor of an empty word, which CoreDNS skips", () => {
    assert.deepEqual(readKey("{$ZONE}:53"), {});
    assert.deepEqual(readKey(""), {});
  });
});

describe("normalZone()", () => {
  it("ends every zone in a dot and ignores case", () => {
    assert.equal(normalZone("Cluster.Local"), "cluster.local.");
    assert.equal(normalZone("."), ".");
  });
});

describe("hasVariable()", () => {
  it("finds both kinds, with a name", () => {
    assert.deepEqual(["{$A}", "a{%B%}c", "{$}", "{%%}", "{A}", "$A"].map(hasVariable), [
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
