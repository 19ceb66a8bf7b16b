import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { platform, writable } from "./cache.ts";
import { downloadedPlugin, type Found } from "./find.ts";
import { withLock } from "./lock.mjs";
import type { Program, ScriptContext } from "./program.ts";
import type { Progress } from "./progress.ts";
import { type Command, lastLines, type Outcome, run } from "./run.ts";

/** An installer that has not even got its script by then is behind a firewall. */
const ANSWER_WITHIN_MS = 20_000;
const ENGINE_LIMIT_MS = 180_000;
const PLUGIN_LIMIT_MS = 90_000;
/** For how long a failure keeps us from asking again. */
const RETRY_AFTER_MS = 24 * 60 * 60_000;

/** Pulumi's own ways to install itself, tried before anything is built. */
export interface Installer {
  /** Path of the installed engine; undefined, and one line of notice, when it could not be had. */
  readonly engine: (program: Program) => Promise<Found | undefined>;
  /** The provider that `engine` downloaded; undefined, and one line of notice, when it could not be had. */
  readonly plugin: (program: Program, engine: string) => Promise<Found | undefined>;
}

/** The Pulumi home folder that belongs to the cache: the user's own is left alone. */
export function cachedPulumiHome(cache: string): string {
  return join(cache, "pulumi-home");
}

/** An engine that Pulumi's installer has put into the cache before. */
export function installedEngine(program: Program, cache: string): Found | undefined {
  const path = join(engineRoot(program, cache), "bin", "pulumi");
  return existsSync(path) ? { path, version: program.version } : undefined;
}

export function pulumiInstaller(cache: string, context: ScriptContext, progress: Progress): Installer {
  const remembered = join(cache, "installer-failed.json");
  const attempt = async (
    what: string,
    command: Command,
    log: string,
    options: Parameters<typeof run>[2],
  ): Promise<boolean> => {
    if (failedLately(remembered)) return false;
    writable(cache);
    writeFileSync(log, "");
    const why = ({ code, ended }: Outcome) =>
      code === undefined ? ended : (lastLines(log, 1)[0]?.trim() ?? ended);
    const outcome = await progress.during(
      what,
      () => run(command, log, options),
      (result, duration) =>
        result.code === 0
          ? `done in ${duration}`
          : `not possible here (${why(result)}); not tried again for a day`,
    );
    if (outcome.code === 0) return true;
    const record = { at: new Date().toISOString(), what, reason: why(outcome), log };
    writeFileSync(remembered, JSON.stringify(record, null, 2));
    return false;
  };

  return {
    engine: (program) =>
      underLock(cache, "pulumi-installer", progress, async () => {
        const earlier = installedEngine(program, cache);
        if (earlier) return earlier;
        const root = engineRoot(program, cache);
        const temporary = `${root}.tmp`;
        const scratch = join(temporary, "scratch");
        rmSync(temporary, { recursive: true, force: true });
        if (failedLately(remembered)) return undefined;
        writable(cache);
        mkdirSync(scratch, { recursive: true });
        const command: Command = {
          file: context.node,
          args: [
            "--import",
            context.tsx,
            join(context.checkout, "toolchain", "install-engine.ts"),
            program.version,
            temporary,
          ],
          cwd: context.checkout,
          // The installer's first deed is to put its script there: a sign that the network answers.
          env: { TMPDIR: scratch, PULUMI_SKIP_UPDATE_CHECK: "1" },
        };
        const done = await attempt(
          `pulumi ${program.version}: asking Pulumi's installer`,
          command,
          join(cache, "logs", "pulumi-installer.log"),
          {
            limitMs: ENGINE_LIMIT_MS,
            giveUp: (elapsed) =>
              elapsed > ANSWER_WITHIN_MS && !readdirSync(scratch).some((entry) => entry.startsWith("pulumi-"))
                ? "got no answer"
                : undefined,
          },
        );
        rmSync(scratch, { recursive: true, force: true });
        if (done) renameSync(temporary, root);
        else rmSync(temporary, { recursive: true, force: true });
        return installedEngine(program, cache);
      }),

    plugin: (program, engine) =>
      underLock(cache, "pulumi-plugins", progress, async () => {
        const homes = [cachedPulumiHome(cache)];
        const { plugin } = program;
        if (plugin === undefined) return undefined;
        const earlier = downloadedPlugin(program, homes);
        if (earlier) return earlier;
        await attempt(
          `${program.name} ${plugin.version}: asking the engine to download it`,
          {
            file: engine,
            args: ["plugin", "install", "resource", plugin.name, plugin.version],
            cwd: context.checkout,
            env: { PULUMI_HOME: cachedPulumiHome(cache), PULUMI_SKIP_UPDATE_CHECK: "1" },
          },
          join(cache, "logs", `${program.name}-download.log`),
          { limitMs: PLUGIN_LIMIT_MS },
        );
        return downloadedPlugin(program, homes);
      }),
  };
}

async function underLock<T>(
  cache: string,
  name: string,
  progress: Progress,
  work: () => Promise<T>,
): Promise<T> {
  writable(cache);
  return withLock(join(cache, "locks", name), name, work, { onWait: progress.line });
}

function engineRoot(program: Program, cache: string): string {
  const here = platform();
  return join(cache, `pulumi-${program.version}-${here.os}-${here.arch}`);
}

function failedLately(remembered: string): boolean {
  try {
    const { at } = JSON.parse(readFileSync(remembered, "utf8")) as { at: string };
    const age = Date.now() - Date.parse(at);
    return age >= 0 && age < RETRY_AFTER_MS;
  } catch {
    return false;
  }
}
