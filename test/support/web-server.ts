import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A server on loopback that gives files by their path; stops after the tests. */
export function useWebServer(files: ReadonlyMap<string, string>): () => string {
  const server = createServer((request, response) => {
    const text = files.get(request.url ?? "");
    response.writeHead(text === undefined ? 404 : 200).end(text);
  });
  before((done) => {
    server.listen(0, "127.0.0.1", done);
  });
  after((done) => {
    server.closeAllConnections();
    server.close(done);
  });
  return () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
