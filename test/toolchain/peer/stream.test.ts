import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { echoSome } from "../../support/loopback.ts";
import { jsonLines, usePeer } from "../../support/peer.ts";
import { until } from "../../support/processes.ts";

/** What `peer stream` prints in the end. */
interface Tally {
  readonly sent: number;
  readonly answered: number;
  readonly lost: number;
  readonly longestGapMilliseconds: number;
  readonly broken?: string;
}

describe("peer stream", function () {
  this.timeout(20_000);
  const peer = usePeer();

  const established = async (...args: string[]) => {
    const stream = peer.launch(["stream", ...args]);
    await until(() => stream.output().includes("\n"), "the stream is established");
    assert.deepEqual(jsonLines(stream.output())[0], { established: true });
    return { ...stream, tally: async () => jsonLines<Tally>((await stream.ended).output)[1] };
  };

  for (const kind of ["tcp", "udp"] as const) {
    it(`loses nothing by ${kind} on loopback`, async () => {
      const server = await peer.serve(kind);
      const stream = await established("--for", "500ms", `${kind}:127.0.0.1:${server.port(kind)}`);
      const { sent, answered, lost, longestGapMilliseconds, ...rest } = (await stream.tally()) ?? none;
      assert.ok(sent > 10 && sent <= 50, `sent ${sent}`);
      assert.deepEqual([answered, lost, rest], [sent, 0, {}]);
      assert.ok(longestGapMilliseconds > 5);
    });
  }

  it("ends in order when it is told to", async () => {
    const server = await peer.serve("tcp");
    const stream = await established("--for", "1h", `tcp:127.0.0.1:${server.port("tcp")}`);
    await sleep(200);
    stream.child.kill("SIGTERM");
    assert.equal((await stream.ended).code, 0);
    assert.equal((await stream.tally())?.lost, 0);
  });

  it("counts lost datagrams, and the longest time without an answer", async () => {
    // Message 0 establishes; of the others, ten in a row get no answer.
    const { port, close } = await echoSome((number) => number < 10 || number >= 20);
    peer.afterTest(close);
    const stream = await established(
      "--for",
      "1s",
      "--every",
      "20ms",
      "--timeout",
      "200ms",
      `udp:127.0.0.1:${port}`,
    );
    const { lost, longestGapMilliseconds } = (await stream.tally()) ?? none;
    assert.equal(lost, 10);
    assert.ok(longestGapMilliseconds >= 190, `${longestGapMilliseconds} ms`);
  });

  it("says how and when a connection broke", async () => {
    const server = await peer.serve("tcp");
    const stream = await established("--for", "1h", `tcp:127.0.0.1:${server.port("tcp")}`);
    await sleep(300);
    server.child.kill("SIGKILL");
    const { broken, answered } = (await stream.tally()) ?? none;
    const [, after] = /^(?:closed|reset) after (\d+) ms: /.exec(broken ?? "") ?? [];
    assert.ok(Number(after) >= 200, broken);
    assert.ok(answered > 5);
  });

  it("outlives a UDP server", async () => {
    const server = await peer.serve("udp");
    const stream = await established("--for", "500ms", `udp:127.0.0.1:${server.port("udp")}`);
    server.child.kill("SIGKILL");
    const { sent, lost, broken } = (await stream.tally()) ?? none;
    assert.ok(sent > 10 && lost > 10);
    assert.equal(broken, undefined);
  });

  it("fails when there is nothing to connect to", async () => {
    for (const kind of ["tcp", "udp"]) {
      const { code, output } = await peer.run("stream", `${kind}:127.0.0.1:1`);
      assert.equal(code, 1);
      const [{ error }] = jsonLines<{ error: string }>(output) as [{ error: string }];
      assert.match(error, new RegExp(`^Cannot establish ${kind}:127\\.0\\.0\\.1:1: .*connection refused$`));
    }
  });
});

const none: Tally = { sent: 0, answered: 0, lost: 0, longestGapMilliseconds: 0, broken: "no tally" };
