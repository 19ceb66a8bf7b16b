// The external programs of demo, tests and benches: found, downloaded or built.
import { build } from "./build.ts";
import { writable } from "./cache.ts";
import { type Context, createContext } from "./context.ts";
import { ToolError } from "./errors.ts";
import { type Entry, existing, type Origin, pathIn, type Tool } from "./existing.ts";
import { findGo, requiredGo } from "./go.ts";
import { pulumiInstaller } from "./installer.ts";
import { placeFile, placeLink, placeScript } from "./place.ts";
import { type ProgramName, programs } from "./programs.ts";
import { type Progress, progressTo, roughly } from "./progress.ts";
import { compareVersions } from "./versions.ts";

export { ToolError } from "./errors.ts";
export { type ProgramName, programs } from "./programs.ts";

export interface Tools {
  /**
   * Folder to put first on PATH: the engine and all that it starts. Its parent serves
   * as `root` for `PulumiCommand.get`.
   */
  readonly bin: string;
  /** Absolute path of a program, or of the chart's folder; throws for one that was not asked for. */
  readonly path: (program: ProgramName) => string;
  readonly programs: readonly Tool[];
}

export interface EnsureOptions {
  /** The programs that are needed; by default all that are for this system and that tests need. */
  readonly only?: readonly ProgramName[];
  /** Receives progress line by line; without it, stderr does, with a timer on a terminal. */
  readonly log?: (line: string) => void;
}

const table: readonly Entry[] = programs;

/**
 * Makes sure that the programs are there. Each is, in this order: on PATH in a version
 * that fits; in the cache from an earlier run; downloaded by Pulumi's own installer
 * (the engine and its providers); built from its pinned Go module into the cache.
 * Throws a ToolError whose message says what to do.
 */
export async function ensureTools(options: EnsureOptions = {}): Promise<Tools> {
  const context = createContext();
  const progress = progressTo(options.log);
  const wanted = wantedHere(options.only);
  const ready = new Map<ProgramName, Tool>();
  const noticed = new Set<string>();
  let mayDownload = context.useMachine && wanted.some(({ name }) => name === "pulumi");
  const find = async (program: Entry): Promise<boolean> => {
    const engine = ready.get("pulumi") ?? (mayDownload ? "undecided" : undefined);
    const tool = await existing(program, context, engine, (line) => {
      if (!noticed.has(line)) progress.line(line);
      noticed.add(line);
    });
    if (tool) ready.set(program.name, tool);
    return tool !== undefined;
  };

  // The engine decides where its parts come from, and downloads providers: it is looked for in any case.
  const [engine] = table;
  if (engine && wanted.some(({ partOf, plugin }) => partOf ?? plugin)) await find(engine);
  for (const program of wanted) if (!ready.has(program.name)) await find(program);
  const found = wanted.flatMap(({ name }) => ready.get(name) ?? []);
  if (found.length > 0) progress.line(`Tools: ${found.map(describe).join(", ")}`);

  const missing = wanted.filter(({ name }) => !ready.has(name));
  if (missing.length > 0 && context.useMachine) await download(missing, context, ready, progress);
  mayDownload = false;
  const toBuild: Entry[] = [];
  for (const program of missing) {
    // An engine that was just downloaded has brought its parts.
    if (!ready.has(program.name) && !(await find(program))) toBuild.push(program);
  }
  await buildAll(toBuild, context, ready, progress);

  const tools = wanted.flatMap(({ name }) => ready.get(name) ?? []);
  for (const tool of tools) place(tool, context);
  return {
    bin: context.bin,
    programs: tools,
    path: (name) => {
      const tool = tools.find((one) => one.name === name);
      if (tool === undefined) throw new Error(`ensureTools() was not asked for ${name}`);
      return tool.path;
    },
  };
}

/** The programs of those names, or all that are for this system and not for benches alone. */
function wantedHere(only: readonly ProgramName[] | undefined): readonly Entry[] {
  const runsHere = ({ onlyOn }: Entry) => onlyOn === undefined || onlyOn === process.platform;
  if (only === undefined) return table.filter((program) => runsHere(program) && !program.onRequest);
  const wanted = table.filter(({ name }) => only.includes(name));
  const foreign = wanted.filter((program) => !runsHere(program)).map(({ name }) => name);
  if (foreign.length === 0) return wanted;
  throw new ToolError(
    `Cannot provide ${foreign.join(", ")} on ${process.platform}: only Linux has the network namespaces ` +
      "and eBPF that it is for; a virtual machine will do",
  );
}

/** Lets Pulumi's own installer, then the engine, bring what they can. */
async function download(
  missing: readonly Entry[],
  context: Context,
  ready: Map<ProgramName, Tool>,
  progress: Progress,
): Promise<void> {
  const installer = pulumiInstaller(context.cache, context.script, progress);
  for (const program of missing) {
    const engine = ready.get("pulumi");
    let got;
    if (program.name === "pulumi") got = await installer.engine(program);
    else if (program.plugin && engine) got = await installer.plugin(program, engine.path);
    if (got) ready.set(program.name, { name: program.name, origin: "installer", ...got });
  }
}

async function buildAll(
  toBuild: readonly Entry[],
  context: Context,
  ready: Map<ProgramName, Tool>,
  progress: Progress,
): Promise<void> {
  const compiled = toBuild.filter(({ recipe }) => recipe.kind !== "script");
  for (const { name, version } of toBuild.filter((program) => !compiled.includes(program))) {
    ready.set(name, { name, version, origin: "built", path: `${context.bin}/${name}` });
  }
  if (compiled.length === 0) return;

  writable(context.cache);
  const needs = compiled.map((program) => requiredGo(context.moduleFolder(program)));
  const newest = needs.sort(compareVersions).at(-1) ?? "";
  const go = await findGo(newest, `building ${compiled.map(({ name }) => name).join(", ")}`);
  const total = compiled.reduce((sum, { seconds }) => sum + seconds, 0);
  progress.line(
    `Building from pinned sources with Go ${go.version}: about ${roughly(total)} on 2 cores, ` +
      `once; kept in ${context.cache}`,
  );
  // One after another: each build uses all cores.
  for (const [index, program] of compiled.entries()) {
    const verb = program.recipe.kind === "folder" ? "downloading" : "building";
    const title =
      `[${index + 1}/${compiled.length}] ${program.name} ${program.version}: ${verb} ` +
      `(about ${roughly(program.seconds)} on 2 cores)`;
    const folder = await progress.during(title, () =>
      build(program, context.moduleFolder(program), go, context.cache, progress.line),
    );
    const { name, version } = program;
    ready.set(name, { name, version, origin: "built", path: pathIn(folder, program) });
  }
}

function place({ name, origin, path }: Tool, { bin, script }: Context): void {
  const recipe = table.find((program) => program.name === name)?.recipe;
  if (recipe?.kind === "folder") return;
  if (origin === "built" && recipe?.kind === "script") {
    placeScript(bin, name, `#!/bin/sh\n# Written by toolchain/; changes are lost.\n${recipe.body(script)}`);
  } else if (origin === "built" && name === "pulumi") {
    placeFile(bin, name, path);
  } else {
    placeLink(bin, name, path);
  }
}

function describe({ name, version, origin }: Tool): string {
  const where: Record<Origin, string> = { path: "on PATH", installer: "from Pulumi", built: "cached" };
  return `${name} ${version} (${where[origin]})`;
}
