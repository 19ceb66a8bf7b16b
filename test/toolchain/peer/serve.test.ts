import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { usePeer } from "../../support/peer.ts";

describe("peer serve", function () {
  this.timeout(20_000);
  const peer = usePeer();

  it("echoes each line of a long connection as soon as it comes", async () => {
    const server = await peer.serve("tcp");
    const client = connect(Number(server.port("tcp")), "127.0.0.1");
    peer.afterTest(() => client.destroy());
    for (const line of ["one\n", "two\n"]) {
      client.write(line);
      assert.equal(String((await once(client, "data"))[0]), line);
    }
  });

  it("ends at once, also with connections open", async () => {
    const server = await peer.serve("http", "tcp", "udp");
    const client = connect(Number(server.port("tcp")), "127.0.0.1");
    peer.afterTest(() => client.destroy());
    await once(client, "connect");
    server.child.kill("SIGTERM");
    assert.equal((await server.ended).code, 0);
  });

  it("says which port is in use", async () => {
    const server = await peer.serve("tcp");
    assert.deepEqual(await peer.run("serve", "--http", server.port("tcp")), {
      code: 1,
      signal: null,
      output:
        `peer serve: Port ${server.port("tcp")} for http is in use: ` +
        "end the other program, or choose another port\n",
    });
  });
});
