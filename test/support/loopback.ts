import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { AddressInfo, Server } from "node:net";

export interface Listening {
  readonly port: number;
  readonly close: () => void;
}

/** Lets a server listen on a free port of 127.0.0.1. */
export async function listenOnLoopback(server: Server): Promise<Listening> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

/**
 * A UDP socket on a free port of 127.0.0.1 that echoes some of what it gets.
 * @param answers - is asked with the number of the datagram, from 0
 */
export async function echoSome(answers: (number: number) => boolean): Promise<Listening> {
  const socket = createSocket("udp4");
  let count = 0;
  socket.on("message", (message, from) => {
    if (answers(count++)) socket.send(message, from.port, from.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return { port: socket.address().port, close: () => socket.close() };
}
