import { execFile, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { textOf } from "../control-plane/error.ts";
import { DataPlaneError } from "./error.ts";
import { parseFlows } from "./flows.ts";
import type { Flow } from "./flows.ts";
import { agentSocket } from "./keeper/network.ts";
import type { KeeperSpec, KeeperState } from "./keeper/spec.ts";
import { DataPlaneLayout } from "./layout.ts";
import { stopDataPlane } from "./lifecycle.ts";

/** Where to run a command: in the network of a pod ("namespace/name"), of a node, or outside of all nodes. */
export type Where = { readonly pod: string } | { readonly node: string } | "outside";

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How an attempt to reach something ended; `peer probe` prints it. */
export interface Probed {
  readonly target: string;
  /** "open": it answered. "refused": by the other side. "timeout": nothing came back, as when a policy drops. */
  readonly outcome: "open" | "refused" | "timeout" | "unreachable" | "failed";
  readonly milliseconds: number;
  readonly answer?: string;
  readonly error?: string;
}

/** A running data plane, whoever started it. */
export class DataPlane {
  readonly #layout: DataPlaneLayout;
  readonly #spec: KeeperSpec;
  readonly #keepLogs: boolean;
  /** Milliseconds from `start` until the nodes were Ready; 0 when somebody else started it. */
  readonly readyAfter: number;

  /** @throws DataPlaneError when none runs in the folder */
  constructor(folder: string, { keepLogs = false, readyAfter = 0 } = {}) {
    this.#layout = new DataPlaneLayout(folder);
    this.#keepLogs = keepLogs;
    this.readyAfter = readyAfter;
    const text = textOf(this.#layout.spec);
    if (text === "" || textOf(this.#layout.state) === "")
      throw new DataPlaneError(`No data plane runs in ${folder}: start one`);
    this.#spec = JSON.parse(text) as KeeperSpec;
  }

  /** The data plane of a folder; undefined when none runs there. */
  static find(folder: string): DataPlane | undefined {
    try {
      const found = new DataPlane(folder);
      found.#keeperPid();
      return found;
    } catch (error) {
      if (error instanceof DataPlaneError) return undefined;
      throw error;
    }
  }

  get folder(): string {
    return this.#layout.folder;
  }
  get logs(): string {
    return this.#layout.logs;
  }
  get kubeconfig(): string {
    return this.#spec.kubeconfig;
  }
  /** Its control group, which holds every process of it. */
  get group(): string {
    return this.#spec.group;
  }
  /** The API server as nodes and pods reach it: what a stack's `cluster.apiServer` is to say. */
  get apiServer(): { readonly host: string; readonly port: number } {
    return { host: this.#spec.outsideAddress, port: this.#spec.apiServerPort };
  }
  get dnsAddress(): string {
    return this.#spec.dnsAddress;
  }

  /** What runs now. */
  get state(): KeeperState {
    return JSON.parse(readFileSync(this.#layout.state, "utf8")) as KeeperState;
  }

  /** Starts a command in somebody's network; it ends with the data plane. The file system is the machine's. */
  spawn(where: Where, argv: readonly string[]): ChildProcess {
    const [file = "", ...args] = this.#command(where, argv);
    return spawn(file, args, { stdio: ["ignore", "pipe", "pipe"] });
  }

  /**
   * Runs a command in somebody's network to its end.
   * @param seconds after which it is killed
   * @throws DataPlaneError when there is no such pod or node, with those that are there
   */
  async exec(where: Where, argv: readonly string[], seconds = 60): Promise<Outcome> {
    const [file = "", ...args] = this.#command(where, ["timeout", "--signal=KILL", `${seconds}`, ...argv]);
    return new Promise((resolve) => {
      execFile(file, args, { maxBuffer: 64 * 2 ** 20 }, (error, stdout, stderr) => {
        const code = typeof error?.code === "number" ? error.code : error ? 1 : 0;
        resolve({ code, stdout, stderr });
      });
    });
  }

  /**
   * Tries to reach targets from somewhere, all at once, and tells how each attempt ended.
   * @param targets as `peer probe` takes them: "tcp:10.0.0.1:80", "dns:NAME@10.96.0.10/udp"
   * @param timeoutSeconds for each
   */
  async probe(where: Where, targets: readonly string[], timeoutSeconds = 1): Promise<Probed[]> {
    const flags = ["--timeout", `${timeoutSeconds}s`];
    const { code, stdout, stderr } = await this.exec(where, [this.peer, "probe", ...flags, ...targets]);
    if (code !== 0) throw new DataPlaneError(`Nothing can be probed from ${nameOf(where)}: ${stderr.trim()}`);
    return stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Probed);
  }

  /** Path of the program that plays both ends of a connection. */
  get peer(): string {
    return this.#spec.programs.peer;
  }

  /** The newest flows that Hubble has seen on a node, oldest first. */
  async flows(node: string, last = 1000): Promise<Flow[]> {
    const socket = agentSocket(node, "hubble");
    const argv = [this.#spec.programs.hubbleFlows, "--socket", socket, "--last", `${last}`];
    const { code, stdout, stderr } = await this.exec({ node }, argv, 20);
    if (code !== 0) throw new DataPlaneError(`Hubble on ${node} does not answer: ${stderr.trim()}`);
    return parseFlows(stdout);
  }

  /** Runs `cilium-dbg` against the agent of a node. */
  async agent(node: string, ...args: readonly string[]): Promise<Outcome> {
    const socket = `unix://${agentSocket(node, "cilium")}`;
    return this.exec({ node }, [this.#spec.programs.ciliumDbg, ...args, "--host", socket], 30);
  }

  /** Stops it, waits until nothing of it is left, and removes its folder. */
  async stop(): Promise<void> {
    await stopDataPlane(this.folder, { keepLogs: this.#keepLogs });
  }

  #command(where: Where, argv: readonly string[]): string[] {
    const { outside, nodes, pods } = this.state;
    const { pid, group } = this.#place(where, { outside, nodes, pods });
    return [
      ...["nsenter", "--target", `${this.#keeperPid()}`, "--mount", "--pid", "--"],
      ...["sh", "-c", 'echo $$ > "$0" && exec "$@"', join(group, "cgroup.procs")],
      ...["nsenter", `--net=/proc/${pid}/ns/net`, "--", ...argv],
    ];
  }

  #place(where: Where, { outside, nodes, pods }: KeeperState): { pid: number; group: string } {
    if (where === "outside") return { pid: outside.pid, group: join(this.group, "outside") };
    const found =
      "node" in where
        ? nodes.find(({ name }) => name === where.node)
        : pods.find(({ namespace, name }) => `${namespace}/${name}` === where.pod);
    if (!found) {
      const known =
        "node" in where
          ? nodes.map(({ name }) => name)
          : pods.map(({ namespace, name }) => `${namespace}/${name}`);
      throw new DataPlaneError(`There is no ${nameOf(where)}: use one of ${known.join(", ")}`);
    }
    if (found.pid === undefined) {
      throw new DataPlaneError(
        `${nameOf(where)} has no network yet: see its status, or ${this.#layout.keeperLog}`,
      );
    }
    // Commands of a pod count as its node's: Services are served to whoever is in that group.
    const node = "node" in found ? found.node : found.name;
    return { pid: found.pid, group: join(this.group, node, "commands") };
  }

  /** The keeper's pid on this machine: it is the one that is the first of its namespace. */
  #keeperPid(): number {
    const group = join(this.group, "keeper");
    const pids = textOf(join(group, "cgroup.procs")).split("\n").filter(Boolean);
    const first = pids.find((pid) => /^NSpid:\s+\d+\s+1$/m.test(textOf(`/proc/${pid}/status`)));
    if (first === undefined)
      throw new DataPlaneError("The data plane's keeper has ended", this.#layout.keeperLog);
    return Number(first);
  }
}

const nameOf = (where: Where): string =>
  where === "outside" ? where : "node" in where ? `node ${where.node}` : `pod ${where.pod}`;
