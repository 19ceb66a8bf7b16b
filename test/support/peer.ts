import assert from "node:assert/strict";
import { ensureTools } from "../../toolchain/index.ts";
import { type Ended, start, until } from "./processes.ts";

type Started = ReturnType<typeof start>;
type Kind = "http" | "tcp" | "udp";

/** What `peer probe` prints of a target. */
export interface ProbeResult {
  readonly target: string;
  readonly outcome: string;
  readonly milliseconds: number;
  readonly answer?: string;
  readonly error?: string;
}

/** The program peer for the tests of one block: what they start and open goes with each of them. */
export interface Peer {
  /** Starts it, within another command where one is given. */
  readonly launch: (args: readonly string[], within?: readonly string[]) => Started;
  /** Runs it to its end. */
  readonly run: (...args: string[]) => Promise<Ended>;
  /** Runs `peer probe`, which must end well. */
  readonly probe: (...args: string[]) => Promise<ProbeResult[]>;
  /** `peer serve --name a-server` with a free port for each kind, once it listens. */
  readonly serve: (...kinds: Kind[]) => Promise<Started & { readonly port: (kind: Kind) => string }>;
  /** Keeps something to do after the test. */
  readonly afterTest: (close: () => unknown) => void;
}

/** Gets the program before the tests of the current block; without Linux they are skipped. */
export function usePeer(): Peer {
  let program = "";
  const closing: (() => unknown)[] = [];

  before(async function () {
    this.timeout(300_000);
    if (process.platform !== "linux") this.skip();
    program = (await ensureTools({ only: ["peer"], log: () => undefined })).path("peer");
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  const launch: Peer["launch"] = (args, within = []) => {
    const [file = program, ...rest] = [...within, program, ...args];
    const started = start(file, rest);
    closing.push(async () => {
      started.child.kill("SIGKILL");
      await started.ended;
    });
    return started;
  };
  const run: Peer["run"] = (...args) => launch(args).ended;
  return {
    launch,
    run,
    probe: async (...args) => {
      const { code, output } = await run("probe", ...args);
      assert.equal(code, 0, output);
      return jsonLines<ProbeResult>(output);
    },
    serve: async (...kinds) => {
      const server = launch(["serve", "--name", "a-server", ...kinds.flatMap((kind) => [`--${kind}`, "0"])]);
      const port = (kind: Kind) => new RegExp(`^listening ${kind} (\\d+)$`, "m").exec(server.output())?.[1];
      await until(() => kinds.every((kind) => port(kind) !== undefined), "the server listens");
      return { ...server, port: (kind) => port(kind) ?? "" };
    },
    afterTest: (close) => void closing.push(close),
  };
}

/** The JSON objects among the lines. */
export function jsonLines<T>(output: string): T[] {
  return output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as T);
}
