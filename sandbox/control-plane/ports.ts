import { createServer } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

/**
 * A port of 127.0.0.1 that was free a moment ago. Whoever binds it must be ready
 * to find it taken and to try another.
 */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
