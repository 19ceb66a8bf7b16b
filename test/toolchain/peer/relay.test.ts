import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync, readlinkSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { listenOnLoopback } from "../../support/loopback.ts";
import { itWithNamespaces, newNetworkNamespace } from "../../support/namespaces.ts";
import { jsonLines, type ProbeResult, usePeer } from "../../support/peer.ts";
import { until } from "../../support/processes.ts";

describe("peer relay", function () {
  this.timeout(20_000);
  const peer = usePeer();

  const relay = async (to: number | string, ...args: string[]) => {
    const started = peer.launch(["relay", "--listen", "127.0.0.1:0", "--to", `127.0.0.1:${to}`, ...args]);
    const port = () => /^listening 127\.0\.0\.1:(\d+)$/m.exec(started.output())?.[1];
    await until(() => port() !== undefined, "the relay listens");
    return { ...started, port: port() ?? "" };
  };

  it("passes on that one side has ended, while the other still talks", async () => {
    const answering = createServer({ allowHalfOpen: true }, (socket: Socket) => {
      let question = "";
      socket.on("data", (chunk) => (question += String(chunk)));
      socket.on("end", () => socket.end(`you asked ${question}`));
    });
    const server = await listenOnLoopback(answering);
    peer.afterTest(server.close);
    const { port } = await relay(server.port);
    const client = connect({ port: Number(port), host: "127.0.0.1", allowHalfOpen: true });
    client.end("what?");
    let answer = "";
    client.on("data", (chunk) => (answer += String(chunk)));
    await once(client, "end");
    assert.equal(answer, "you asked what?");
  });

  it("resets a connection that leads nowhere", async () => {
    const { port, output } = await relay(1);
    const client = connect(Number(port), "127.0.0.1");
    const [error] = (await once(client, "error").catch((reason: unknown) => [reason])) as [Error];
    assert.match(String(error), /ECONNRESET/);
    assert.match(output(), /^peer relay: dial tcp 127\.0\.0\.1:1: .*connection refused$/m);
  });

  itWithNamespaces("leads out of another network namespace, and leaves no thread there", async () => {
    const server = await peer.serve("http");
    const { file: namespace, close } = await newNetworkNamespace();
    peer.afterTest(close);
    const { port, child } = await relay(server.port("http"), "--listen-namespace", namespace);

    const target = `http:127.0.0.1:${port}`;
    const { output } = await peer.launch(["probe", target], ["nsenter", `--net=${namespace}`]).ended;
    assert.deepEqual(
      [jsonLines<ProbeResult>(output)[0]?.outcome, jsonLines<ProbeResult>(output)[0]?.answer],
      ["open", "a-server"],
    );
    assert.equal((await peer.probe(target))[0]?.outcome, "refused");
    const tasks = `/proc/${child.pid}/task`;
    const namespaces = () => readdirSync(tasks).map((task) => readlinkSync(`${tasks}/${task}/ns/net`));
    await until(() => !namespaces().includes(readlinkSync(namespace)), "the thread has ended");
  });

  it("says which namespace it cannot enter", async () => {
    const args = ["--listen", "127.0.0.1:0", "--to", "127.0.0.1:1", "--listen-namespace", "/dev/null/none"];
    assert.deepEqual(await peer.run("relay", ...args), {
      code: 1,
      signal: null,
      output: "peer relay: Cannot listen on 127.0.0.1:0: open /dev/null/none: not a directory\n",
    });
  });
});
