import assert from "node:assert/strict";
import { type DnsSettings, dnsSettingsProblems } from "../../../model/corefile/index.ts";
import { formatProblem } from "../../../model/problem.ts";

describe("dnsSettingsProblems()", () => {
  const upstreams = [
    "/etc/resolv.conf",
    "10.0.0.53",
    "10.0.0.53:5353",
    "2001:db8::53",
    "[2001:db8::53]:53",
    "dns://10.0.0.53",
    "tls://9.9.9.9",
    "tls://9.9.9.9%dns.quad9.net",
    "tls://9.9.9.9%dns.quad9.net:853",
    "tls://[2620:fe::fe%dns.quad9.net]:853",
  ];
  for (const upstream of upstreams) {
    it(`accepts ${upstream} as upstream`, () =>
      assert.deepEqual(dnsSettingsProblems({ upstreams: [upstream] }), []));
  }

  for (const upstream of [
    "dns.corp",
    "10.0.0",
    "10.0.0.53 ",
    "resolv.conf",
    "10.0.0.53:99999",
    "/a b",
    "/a{",
    "ftp://10.0.0.53",
    "",
  ]) {
    it(`refuses "${upstream}" as upstream`, () =>
      assert.deepEqual(dnsSettingsProblems({ upstreams: ["10.0.0.53", upstream] }).map(formatProblem), [
        `dns.upstreams[1]: Upstream "${upstream}" is neither an address nor a file: write an IP address such as 10.0.0.53, with :port or tls:// if need be, or /etc/resolv.conf`,
      ]));
  }

  const refused: readonly [what: string, settings: DnsSettings, problem: string][] = [
    [
      "a cluster domain with a blank",
      { clusterDomain: "cluster local" },
      'dns.clusterDomain: "cluster local" is no domain name: write a name such as corp.example',
    ],
    [
      "a stub domain with a port",
      { stubDomains: { "corp.example:53": ["10.0.0.53"] } },
      'dns.stubDomains.corp.example:53: "corp.example:53" is no domain name: write a name such as corp.example',
    ],
    [
      "a stub domain for the cluster itself",
      { clusterDomain: "k.example", stubDomains: { "K.example.": ["10.0.0.53"] } },
      "dns.stubDomains.K.example.: Stub domain K.example. is the cluster's own domain: remove it: CoreDNS answers for the cluster's own names itself",
    ],
    [
      "a stub domain without servers",
      { stubDomains: { "corp.example": [] } },
      "dns.stubDomains.corp.example: 0 upstreams are given: give 1 to 15, as many as forward takes",
    ],
    [
      "more upstreams than forward takes",
      { upstreams: Array.from({ length: 16 }, (_, i) => `10.0.0.${i}`) },
      "dns.upstreams: 16 upstreams are given: give 1 to 15, as many as forward takes",
    ],
  ];
  for (const [what, settings, problem] of refused) {
    it(`refuses ${what}`, () =>
      assert.deepEqual(dnsSettingsProblems(settings).map(formatProblem), [problem]));
  }

  it("finds nothing wrong with the defaults", () => assert.deepEqual(dnsSettingsProblems({}), []));
});
