import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { parse, stringify } from "yaml";
import { mergeValues, type Values } from "../model/cilium/merge-values.ts";
import { checkout } from "./control-plane/checkout.ts";

export interface EngineOptions {
  /** Folder of the engine and its plugins; goes first on PATH. */
  readonly bin: string;
  /** Where backend, plugins and stack files of this engine live. */
  readonly folder: string;
  /** The only kubeconfig that the engine and its children see. */
  readonly kubeconfig: string;
  /** Further environment; an undefined value takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Project to run. Default: this one. */
  readonly project?: string;
}

/** A finished run of the engine. */
export interface Run {
  /** Exit code; undefined when a signal ended it. */
  readonly code: number | undefined;
  /** Standard output and error, as they came. */
  readonly output: string;
}

/** No run here takes this long unless it hangs. */
const endedAfterMs = 4 * 60_000;

/** A run under way. */
export interface Running {
  readonly done: Promise<Run>;
  /** Output so far. */
  output(): string;
  /** Ends the engine and all that it started at once, as a crash would. */
  kill(): void;
}

/**
 * The Pulumi engine, shut in: a file backend, plugins and stack files in one folder. Stack files are
 * copies, because the engine writes its encryption salt into them.
 */
export class Engine {
  readonly #options: EngineOptions;
  readonly #project: string;
  readonly #env: NodeJS.ProcessEnv;
  /** Ends the runs under way. */
  readonly #kills = new Set<() => void>();

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#project = options.project ?? checkout;
    const state = join(options.folder, "state");
    mkdirSync(state, { recursive: true });
    this.#env = {
      ...process.env,
      PATH: `${options.bin}${delimiter}${process.env.PATH ?? ""}`,
      // Without metadata there is one file to a state, which is renamed into place. Its sidecar is written in
      // place: an engine that is killed right then leaves an empty one, and no run reads the stack any more.
      PULUMI_BACKEND_URL: `file://${state}?metadata=skip`,
      PULUMI_HOME: join(options.folder, "home"),
      PULUMI_CONFIG_PASSPHRASE: "sandbox",
      PULUMI_SKIP_UPDATE_CHECK: "1",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      NO_COLOR: "1",
      KUBECONFIG: options.kubeconfig,
      ...options.env,
    };
  }

  /** Creates the stack, and its stack file with `over` laid over the configuration. */
  async createStack(stack: string, over: Values = {}): Promise<void> {
    // `stack init` takes no --config-file: in a folder of its own it writes its salt there.
    const folder = join(this.#options.folder, "init");
    mkdirSync(folder, { recursive: true });
    const { name } = parse(readFileSync(join(this.#project, "Pulumi.yaml"), "utf8")) as { name: string };
    writeFileSync(join(folder, "Pulumi.yaml"), stringify({ name, runtime: "nodejs" }));
    const made = await this.run(["stack", "init", stack, "--cwd", folder]);
    if (made.code !== 0) throw new Error(`pulumi stack init ${stack} failed:\n${made.output}`);
    copyFileSync(join(folder, `Pulumi.${stack}.yaml`), this.stackFile(stack));
    this.configure(stack, over);
  }

  /** Writes the stack file anew: the project's own with `over` laid over it; the salt is kept. */
  configure(stack: string, over: Values = {}): void {
    const own = parse(readFileSync(join(this.#project, `Pulumi.${stack}.yaml`), "utf8")) as {
      config: Values;
    };
    const config = mergeValues(own.config, prefixed(over));
    writeFileSync(this.stackFile(stack), stringify({ ...this.#saltOf(stack), config }));
  }

  /** Where backend, plugins and stack files live. */
  get folder(): string {
    return this.#options.folder;
  }

  /** The engine's copy of a stack file. */
  stackFile(stack: string): string {
    return join(this.#options.folder, `Pulumi.${stack}.yaml`);
  }

  preview(stack: string, ...args: string[]): Promise<Run> {
    return this.run(["preview", "--stack", stack, ...this.#file(stack), ...args]);
  }

  up(stack: string, ...args: string[]): Promise<Run> {
    return this.startUp(stack, ...args).done;
  }

  startUp(stack: string, ...args: string[]): Running {
    return this.start(["up", "--stack", stack, "--yes", "--skip-preview", ...this.#file(stack), ...args]);
  }

  destroy(stack: string, ...args: string[]): Promise<Run> {
    // With its preview, as a user runs it: a protected resource stops it before anything goes.
    return this.run(["destroy", "--stack", stack, "--yes", ...this.#file(stack), ...args]);
  }

  /** The stack's outputs. */
  async outputs(stack: string): Promise<Record<string, unknown>> {
    const { output } = await this.run(["stack", "output", "--json", "--stack", stack]);
    return JSON.parse(output) as Record<string, unknown>;
  }

  /** Ends every run under way, with all that it started. */
  stop(): void {
    for (const kill of this.#kills) kill();
  }

  /** Runs the engine to its end. */
  run(args: readonly string[]): Promise<Run> {
    return this.start(args).done;
  }

  start(args: readonly string[]): Running {
    const child = spawn(join(this.#options.bin, "pulumi"), [...args, "--non-interactive"], {
      cwd: this.#project,
      env: this.#env,
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own, so that a crash can be played on all of it.
      detached: true,
    });
    let output = "";
    const collect = (chunk: Buffer): void => void (output += chunk.toString());
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    const kill = (): void => {
      if (child.pid !== undefined && child.exitCode === null) killTree(child.pid);
    };
    this.#kills.add(kill);
    const late = setTimeout(() => {
      output += `\n(ended after ${endedAfterMs / 60_000} minutes without an end of its own)\n`;
      kill();
    }, endedAfterMs);
    const done = new Promise<Run>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => {
        clearTimeout(late);
        this.#kills.delete(kill);
        resolve({ code: code ?? undefined, output });
      });
    });
    return { done, output: () => output, kill };
  }

  #file(stack: string): string[] {
    return ["--config-file", this.stackFile(stack)];
  }

  #saltOf(stack: string): object {
    try {
      const { encryptionsalt } = parse(readFileSync(this.stackFile(stack), "utf8")) as {
        encryptionsalt?: string;
      };
      return encryptionsalt === undefined ? {} : { encryptionsalt };
    } catch {
      return {};
    }
  }
}

const prefixed = (config: Values): Values =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [`cluster-network:${key}`, value]));

/** Kills a process and its descendants: the engine's plugins have groups of their own and outlive it for a while. */
function killTree(root: number): void {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const parents = stdout.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const tree = [root];
  // Grows while it is walked: children of children come, too.
  for (const pid of tree) {
    tree.push(...parents.filter(([, parent]) => parent === pid).map(([child]) => child ?? 0));
  }
  for (const pid of tree) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended by itself.
    }
  }
}
