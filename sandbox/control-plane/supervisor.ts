import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { ControlPlaneError, lastLines, messageOf } from "./error.ts";
import type { Layout } from "./layout.ts";
import type { SupervisorSpec } from "./processes.ts";
import { identify, isAlive, signal, waitForEnd } from "./process-identity.ts";
import type { ProcessIdentity } from "./process-identity.ts";

/** The process that runs a control plane's parts, seen from its owner. */
export class Supervisor {
  readonly #process: ChildProcess;
  readonly #layout: Layout;
  readonly identity: ProcessIdentity;

  private constructor(started: ChildProcess, identity: ProcessIdentity, layout: Layout) {
    this.#process = started;
    this.identity = identity;
    this.#layout = layout;
  }

  /**
   * Starts it. It ends with this process, however this process ends: its standard
   * input is a pipe from here. It is in a session of its own, so that a Ctrl-C in
   * the terminal reaches the owner alone, who may still need the cluster to clean up.
   */
  static async start(binary: string, spec: SupervisorSpec, layout: Layout): Promise<Supervisor> {
    writeFileSync(layout.spec, JSON.stringify(spec, undefined, 2), { mode: 0o600 });
    const log = openSync(layout.log("supervisor"), "a", 0o600);
    let started: ChildProcess;
    try {
      started = spawn(binary, ["supervise", layout.spec], {
        cwd: layout.folder,
        detached: true,
        stdio: ["pipe", log, log],
        env: environment(layout),
      });
    } finally {
      closeSync(log);
    }
    // A pipe whose reader is gone is no news: `assertRunning` tells it.
    started.stdin?.on("error", () => undefined);
    // An owner that forgets to stop it ends nevertheless, and takes it along.
    started.unref();
    if (started.stdin !== null && "unref" in started.stdin) (started.stdin as { unref(): void }).unref();
    try {
      await once(started, "spawn");
    } catch (error) {
      throw new ControlPlaneError(`${binary} does not start: ${messageOf(error)}`);
    }
    const identity = started.pid === undefined ? undefined : identify(started.pid);
    if (identity === undefined) throw failureOf(layout);
    return new Supervisor(started, identity, layout);
  }

  /** Lets it outlive this process. */
  async detach(): Promise<void> {
    const { stdin } = this.#process;
    if (stdin !== null) await new Promise<void>((written) => stdin.end("detach\n", written));
  }

  /** Throws once it has ended: with the part that ended, and that part's last words. */
  assertRunning(): void {
    if (this.#process.exitCode === null && this.#process.signalCode === null) return;
    throw failureOf(this.#layout);
  }
}

/** Nothing of the user's configuration, and nowhere to find it: no KUBECONFIG, no home but the folder. */
function environment(layout: Layout): NodeJS.ProcessEnv {
  const kept = ["PATH", "TMPDIR", "GOMAXPROCS", "GOMEMLIMIT", "GOGC"];
  return {
    ...Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
    HOME: layout.folder,
  };
}

/** Why a supervisor ended, from its log: "supervise: etcd ended (exit status 1): see …/etcd.log". */
function failureOf(layout: Layout): ControlPlaneError {
  const said = lastLines(layout.log("supervisor"), 1)[0] ?? "";
  const log = /: see (\S.*\.log)$/.exec(said)?.[1];
  if (log === undefined) {
    return new ControlPlaneError("The control plane's supervisor ended", layout.log("supervisor"));
  }
  const part = basename(log, ".log");
  return new ControlPlaneError(`The control plane ended because ${part} did`, log);
}

/** What the supervisor says it runs. */
export function childrenOf(layout: Layout): ProcessIdentity[] {
  let listed: { pid: number }[];
  try {
    listed = JSON.parse(readFileSync(layout.children, "utf8")) as { pid: number }[];
  } catch {
    return [];
  }
  return listed.flatMap(({ pid }) => identify(pid) ?? []);
}

/** Much more than the supervisor gives to all of its children together. */
const orderlyWithin = 20_000;
const killedWithin = 5_000;

/**
 * Ends a supervisor and its children and waits until none is left: in order if it
 * can be, by force if not.
 * @throws ControlPlaneError that lists the pids when even that does not help
 */
export async function endProcesses(
  supervisor: ProcessIdentity | undefined,
  children: readonly ProcessIdentity[],
): Promise<void> {
  const all = supervisor === undefined ? children : [supervisor, ...children];
  const orderly = supervisor !== undefined && isAlive(supervisor);
  for (const each of orderly ? [supervisor] : children) signal(each, "SIGTERM");
  if (await waitForEnd(all, orderlyWithin)) return;
  for (const each of all) signal(each, "SIGKILL");
  if (await waitForEnd(all, killedWithin)) return;
  const pids = all.map(({ pid }) => pid).join(", ");
  throw new ControlPlaneError(
    `Processes of the control plane survived SIGKILL (of ${pids}): look at them with ps`,
  );
}
