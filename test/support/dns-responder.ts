import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** A loopback address that is nobody's: a port that is free for TCP there is free for UDP, too. */
const HOST = "127.0.0.53";

const CNAME = 5;
const TRUNCATED = 0x0200;
const NO_SUCH_NAME = 3;

export interface DnsResponder {
  /** ADDRESS:PORT, for UDP and TCP. */
  readonly address: string;
  readonly close: () => void;
}

/**
 * A DNS server of a few names: one.test has an address, alias.test leads to a name with two,
 * large.test is too large for UDP, empty.test has none, and the answer for broken.test ends early.
 */
export async function startDnsResponder(): Promise<DnsResponder> {
  const tcp = createServer((socket) => {
    socket.on("data", (framed) => {
      const message = answer(Buffer.from(framed).subarray(2), false);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(message.length);
      // The length alone first: who reads both in one piece by chance only is found out.
      socket.write(length, () => socket.end(message));
    });
  });
  tcp.listen(0, HOST);
  await once(tcp, "listening");
  const { port } = tcp.address() as AddressInfo;
  const udp = createSocket("udp4", (question, from) => {
    udp.send(answer(question, true), from.port, from.address);
  });
  udp.bind(port, HOST);
  await once(udp, "listening");
  return {
    address: `${HOST}:${port}`,
    close: () => {
      udp.close();
      tcp.close();
    },
  };
}

function answer(question: Buffer, overUdp: boolean): Buffer {
  const name = nameIn(question);
  const one = record(1, Buffer.from([127, 0, 0, 1]));
  const nine = record(1, Buffer.from([127, 0, 0, 9]));
  switch (name) {
    case "one.test":
      return reply(question, 0, [one]);
    case "alias.test":
      return reply(question, 0, [record(CNAME, Buffer.from("\u0003one\u0004test\0", "latin1")), one, nine]);
    case "large.test":
      return overUdp ? reply(question, TRUNCATED, []) : reply(question, 0, [one]);
    case "empty.test":
      return reply(question, 0, []);
    case "broken.test":
      return reply(question, 0, [one]).subarray(0, -2);
    default:
      return reply(question, NO_SUCH_NAME, []);
  }
}

function nameIn(question: Buffer): string {
  const labels: string[] = [];
  for (let at = 12, length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
    labels.push(question.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return labels.join(".");
}

/** The question's header with the flags of an answer, the question, the records. */
function reply(question: Buffer, flags: number, records: readonly Buffer[]): Buffer {
  const copy = Buffer.from(question);
  copy.writeUInt16BE(0x8180 | flags, 2);
  copy.writeUInt16BE(records.length, 6);
  return Buffer.concat([copy, ...records]);
}

/** A record of the name that was asked for: a pointer to where the question holds it. */
function record(type: number, data: Buffer): Buffer {
  const head = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, data.length]);
  return Buffer.concat([head, data]);
}
