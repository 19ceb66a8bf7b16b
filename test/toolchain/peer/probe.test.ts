import assert from "node:assert/strict";
import { once } from "node:events";
import * as http from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { startDnsResponder } from "../../support/dns-responder.ts";
import { echoSome, listenOnLoopback } from "../../support/loopback.ts";
import { itWithNamespaces } from "../../support/namespaces.ts";
import { jsonLines, type ProbeResult, usePeer } from "../../support/peer.ts";

describe("peer probe", function () {
  this.timeout(20_000);
  const peer = usePeer();

  const silentTcpServer = async () => {
    const { port, close } = await listenOnLoopback(createServer());
    peer.afterTest(close);
    return port;
  };
  const silentUdpServer = async () => {
    const { port, close } = await echoSome(() => false);
    peer.afterTest(close);
    return port;
  };
  const dnsResponder = async () => {
    const dns = await startDnsResponder();
    peer.afterTest(dns.close);
    return dns;
  };

  it("tells of each kind of server that it is open, by IPv4 and IPv6", async () => {
    const server = await peer.serve("http", "tcp", "udp");
    const targets = ["127.0.0.1", "[::1]"].flatMap((host) =>
      (["http", "tcp", "udp"] as const).map((kind) => `${kind}:${host}:${server.port(kind)}`),
    );
    const results = await peer.probe(...targets);
    assert.deepEqual(
      results.map(({ target, outcome, answer }) => [target, outcome, answer]),
      targets.map((target) => [
        target,
        "open",
        target.startsWith("http") ? "a-server" : target.startsWith("udp") ? "probe" : undefined,
      ]),
    );
    assert.ok(results.every(({ milliseconds }) => milliseconds >= 0 && milliseconds < 1000));
    assert.ok(results.some(({ milliseconds }) => milliseconds > 0));
  });

  it("tells a refusal of each kind", async () => {
    const targets = ["tcp", "udp", "http"].map((kind) => `${kind}:127.0.0.1:1`);
    const results = await peer.probe(...targets, "dns:a.test@127.0.0.1:1/udp", "dns:a.test@127.0.0.1:1/tcp");
    assert.deepEqual(
      results.map(({ outcome }) => outcome),
      Array(5).fill("refused"),
    );
  });

  it("tries all targets at once, and tells a server's silence in the order given", async () => {
    const silentTcp = await silentTcpServer();
    const silentUdp = await silentUdpServer();
    const targets = [
      ...Array<string>(10).fill(`udp:127.0.0.1:${silentUdp}`),
      `http:127.0.0.1:${silentTcp}`,
      `dns:a.test@127.0.0.1:${silentUdp}/udp`,
      `tcp:127.0.0.1:${silentTcp}`,
    ];
    const begun = Date.now();
    const results = await peer.probe("--timeout", "400ms", ...targets);
    assert.ok(Date.now() - begun < 3000);
    assert.deepEqual(
      results.map(({ target, outcome }) => [target, outcome]),
      targets.map((target) => [target, target.startsWith("tcp") ? "open" : "timeout"]),
    );
    assert.ok((results[0]?.milliseconds ?? 0) >= 390);
  });

  it("takes no more targets at once than it is told", async () => {
    const silent = `udp:127.0.0.1:${await silentUdpServer()}`;
    const begun = Date.now();
    await peer.probe("--timeout", "200ms", "--parallel", "2", silent, silent, silent, silent, silent);
    assert.ok(Date.now() - begun >= 590);
  });

  it("reads the answers of a DNS server by UDP and TCP", async () => {
    const dns = await dnsResponder();
    for (const transport of ["udp", "tcp"]) {
      const names = ["one.test", "alias.test.", "missing.test", "empty.test"];
      const results = await peer.probe(...names.map((name) => `dns:${name}@${dns.address}/${transport}`));
      assert.deepEqual(
        results.map(({ outcome, answer }) => [outcome, answer]),
        [
          ["open", "127.0.0.1"],
          ["open", "127.0.0.1,127.0.0.9"],
          ["open", "NXDOMAIN"],
          ["open", "NODATA"],
        ],
      );
    }
    const [cut, whole, broken] = await peer.probe(
      `dns:large.test@${dns.address}/udp`,
      `dns:large.test@${dns.address}/tcp`,
      `dns:broken.test@${dns.address}/udp`,
    );
    assert.deepEqual([cut?.answer, whole?.answer], ["TRUNCATED", "127.0.0.1"]);
    assert.deepEqual([broken?.outcome, broken?.error], ["failed", "the DNS answer is malformed"]);
  });

  it("resolves names by the server it is given, by TCP where the answer is large", async () => {
    const dns = await dnsResponder();
    const server = await peer.serve("http", "tcp");
    const [web, tcp, missing] = await peer.probe(
      "--dns",
      dns.address,
      `http:one.test:${server.port("http")}`,
      `tcp:large.test:${server.port("tcp")}`,
      "tcp:missing.test:80",
    );
    assert.deepEqual([web?.outcome, web?.answer, tcp?.outcome], ["open", "a-server", "open"]);
    assert.deepEqual(
      [missing?.outcome, missing?.error],
      ["failed", `Cannot resolve missing.test at ${dns.address}: NXDOMAIN`],
    );
  });

  it("asks for a path with headers, and tells a status that is not 200", async () => {
    const server = http.createServer(({ url, headers }, response) => {
      response.statusCode = headers.brief === "true" ? 200 : 503;
      response.end(url);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const target = `http:127.0.0.1:${(server.address() as AddressInfo).port}/healthz`;
      const [brief] = await peer.probe("--header", "brief: true", target);
      const [full] = await peer.probe(target);
      assert.deepEqual([brief?.outcome, brief?.answer, brief?.error], ["open", "/healthz", undefined]);
      assert.deepEqual([full?.outcome, full?.error], ["open", "503 Service Unavailable"]);
    } finally {
      server.close();
    }
  });

  const mistakes: [string[], string][] = [
    [[], "No target is given"],
    [["tcp:localhost:80"], 'Target "tcp:localhost:80" has a name for a host: give an address, or --dns'],
    [["tcp:127.0.0.1:0"], 'Target "tcp:127.0.0.1:0" is not understood: port "0" is not a number from 1 to'],
    [["icmp:127.0.0.1"], 'Target "icmp:127.0.0.1" is not understood: it begins with none of tcp:, udp:'],
    [["dns:a@127.0.0.1"], "a DNS target is NAME@SERVER/udp or NAME@SERVER/tcp"],
    [["dns:a..b@127.0.0.1/udp"], '"a..b" is not a DNS name'],
    [["--dns", "dns.test", "tcp:a:1"], '--dns "dns.test" is not understood: DNS server "dns.test" is not'],
    [["--timeout", "0s", "tcp:127.0.0.1:1"], "--parallel and --timeout must be above 0"],
    [["--every", "1s", "tcp:127.0.0.1:1"], "Bad arguments: flag provided but not defined: -every"],
  ];
  for (const [args, message] of mistakes) {
    it(`refuses ${JSON.stringify(args)}`, async () => {
      const { code, output } = await peer.run("probe", ...args);
      assert.equal(code, 2);
      assert.ok(output.startsWith("peer probe: ") && output.includes(message), output);
    });
  }

  itWithNamespaces("tells what no route leads to", async () => {
    const targets = ["tcp:192.0.2.1:1", "udp:192.0.2.1:1"];
    const { output } = await peer.launch(["probe", ...targets], ["unshare", "--net"]).ended;
    assert.deepEqual(
      jsonLines<ProbeResult>(output).map(({ outcome }) => outcome),
      ["unreachable", "unreachable"],
    );
  });
});
