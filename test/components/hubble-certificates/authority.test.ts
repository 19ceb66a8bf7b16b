import assert from "node:assert/strict";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer, type TLSSocket } from "node:tls";
import { issue } from "../../../components/hubble-certificates/authority.ts";
import { type Issued, parseIssued, trustBundle } from "../../../model/hubble-certificates/issued.ts";
import type { Leaf } from "../../../model/hubble-certificates/leaves.ts";
import { day } from "../../../model/hubble-certificates/lifetime.ts";

const server: Leaf = {
  name: "server",
  usage: "server",
  commonName: "*.dev.hubble-grpc.cilium.io",
  dnsNames: ["*.dev.hubble-grpc.cilium.io", "extra.example"],
  ipAddresses: ["10.0.0.1", "fd00::1"],
  takers: ["hubble.tls.server"],
};
const relay: Leaf = {
  name: "relay-client",
  usage: "client",
  commonName: "*.hubble-relay.cilium.io",
  dnsNames: ["*.hubble-relay.cilium.io"],
  ipAddresses: [],
  takers: ["hubble.relay.tls.client"],
};
const both = [server, relay];
const start = Date.UTC(2026, 10, 26);
const at = (days: number): number => start + days * day;
const certOf = (issued: Issued, { name }: Leaf): X509Certificate =>
  new X509Certificate(issued.leaves[name]?.cert ?? assert.fail(name));
const serialOf = (issued: Issued, leaf: Leaf): string => certOf(issued, leaf).serialNumber;
/** As the state keeps it. */
const kept = (issued: Issued): Issued => parseIssued(JSON.stringify(issued)) ?? assert.fail();

/** Whether somebody who trusts `trusting` takes the leaf that `showing` has. */
const takes = (trusting: Issued, showing: Issued, leaf: Leaf): boolean =>
  (trustBundle(trusting).match(/-----BEGIN[^]*?-----END CERTIFICATE-----/g) ?? [])
    .map((pem) => new X509Certificate(pem))
    .some(
      (authority) =>
        certOf(showing, leaf).checkIssued(authority) && certOf(showing, leaf).verify(authority.publicKey),
    );

describe("issue()", () => {
  let first: Issued;
  before(async () => {
    first = await issue(both, undefined, start);
  });

  it("makes an authority that may sign leaves only, for ten years", () => {
    const authority = new X509Certificate(first.authority.cert);
    assert.ok(authority.ca && authority.verify(authority.publicKey));
    assert.equal(authority.validToDate.getTime(), at(3650));
    assert.ok(authority.checkPrivateKey(createPrivateKey(first.authority.key)));
    assert.equal(trustBundle(first), first.authority.cert);
  });

  it("makes leaves that it signs, each with its names, its key and one use, for a year", () => {
    const authority = new X509Certificate(first.authority.cert);
    for (const leaf of both) {
      const cert = certOf(first, leaf);
      assert.ok(cert.checkIssued(authority) && cert.verify(authority.publicKey) && !cert.ca);
      assert.equal(cert.subject, `CN=${leaf.commonName}`);
      assert.ok(cert.checkPrivateKey(createPrivateKey(first.leaves[leaf.name]?.key ?? "")));
      // A node whose clock is an hour late takes it, too.
      assert.equal(cert.validFromDate.getTime(), start - 3_600_000);
      assert.equal(cert.validToDate.getTime(), at(365));
    }
    assert.equal(
      certOf(first, server).subjectAltName,
      "DNS:*.dev.hubble-grpc.cilium.io, DNS:extra.example, IP Address:10.0.0.1, IP Address:FD00:0:0:0:0:0:0:1",
    );
    const [serverAuth, clientAuth] = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"];
    assert.deepEqual(certOf(first, server).keyUsage, [serverAuth]);
    assert.deepEqual(certOf(first, relay).keyUsage, [clientAuth]);
    assert.notEqual(serialOf(first, server), serialOf(first, relay));
  });

  it("lets relay and an agent know each other, and refuses whoever another authority vouches for", async () => {
    const here = await issue(both, undefined, Date.now());
    const stranger = await issue(both, undefined, Date.now());
    assert.equal(await handshake(here, here), "known");
    assert.notEqual(await handshake(here, stranger), "known");
  });

  it("keeps what is good, to the letter", async () => {
    assert.deepEqual(await issue(both, kept(first), at(274)), first);
  });

  it("renews 90 days before the end, by the same authority and with another key", async () => {
    const renewed = await issue(both, kept(first), at(275));
    assert.deepEqual(renewed.authority, first.authority);
    for (const leaf of both) {
      assert.notEqual(renewed.leaves[leaf.name]?.key, first.leaves[leaf.name]?.key);
      assert.equal(certOf(renewed, leaf).validToDate.getTime(), at(275 + 365));
      assert.ok(takes(first, renewed, leaf) && takes(renewed, first, leaf));
    }
  });

  it("makes anew what is asked for otherwise, and nothing else", async () => {
    const wish = { ...server, dnsNames: [...server.dnsNames, "more.example"] };
    const changed = await issue([wish, relay], kept(first), at(1));
    assert.match(certOf(changed, server).subjectAltName ?? "", /more\.example/);
    assert.deepEqual(changed.leaves[relay.name], first.leaves[relay.name]);
    const fewer = await issue([server], kept(first), at(1));
    assert.deepEqual(Object.keys(fewer.leaves), ["server"]);
  });

  it("exchanges authorities so that in no renewal one side refuses the other", async () => {
    let [before, authorities] = [first, new Set([first.authority.cert])];
    for (let days = 275; days < 12_000; days += 275) {
      const after = await issue(both, kept(before), at(days));
      for (const leaf of both) {
        assert.ok(takes(before, after, leaf), `day ${days}: the new ${leaf.name} is unknown to the others`);
        assert.ok(takes(after, before, leaf), `day ${days}: the old ${leaf.name} is refused`);
        const signer = new X509Certificate(after.authority.cert);
        assert.ok(
          certOf(after, leaf).validToDate <= signer.validToDate,
          `day ${days}: it outlives its authority`,
        );
      }
      [before, authorities] = [after, authorities.add(after.authority.cert)];
    }
    assert.ok(authorities.size >= 4, `${authorities.size} authorities in 33 years`);
  }).timeout(30_000);

  it("does not sign with a successor that was announced only just now", async () => {
    const announced = await issue(both, kept(first), at(3000));
    assert.deepEqual(announced.authority, first.authority);
    assert.ok(announced.successor);
    const again = await issue([{ ...server, ipAddresses: [] }], kept(announced), at(3000) + 60_000);
    assert.deepEqual(again.authority, first.authority);
    assert.deepEqual(again.successor, announced.successor);
  });

  it("begins anew where the authority has ended, or lives too short for a leaf", async () => {
    const late = await issue(both, kept(first), at(3649));
    assert.notDeepEqual(late.authority, first.authority);
    assert.deepEqual(late.former, [first.authority.cert]);
    const tooLate = await issue(both, kept(first), at(4000));
    assert.deepEqual(tooLate.former, []);
    assert.equal(certOf(tooLate, server).validToDate.getTime(), at(4365));
  });
});

/** Both sides as Cilium has them: each shows its certificate and trusts the authorities in its own Secret. */
async function handshake(agent: Issued, client: Issued): Promise<string> {
  const side = (issued: Issued, { name }: Leaf) => ({ ...issued.leaves[name], ca: trustBundle(issued) });
  const listening = createServer({ ...side(agent, server), requestCert: true }, (socket: TLSSocket) =>
    socket.end("known"),
  );
  listening.listen(0, "127.0.0.1");
  await once(listening, "listening");
  const { port } = listening.address() as AddressInfo;
  const socket = connect({
    ...side(client, relay),
    port,
    host: "127.0.0.1",
    servername: "node1.dev.hubble-grpc.cilium.io",
  });
  let said = "";
  socket.on("data", (data) => (said += String(data)));
  socket.on("error", (error: Error) => (said = error.message));
  await once(socket, "close").catch(() => undefined);
  listening.close();
  return said;
}
