import { join } from "node:path";
import { finishedProduct, productName } from "./cache.ts";
import type { Context } from "./context.ts";
import { companionOf, downloadedPlugin, type Found, lookUp, userPulumiHome } from "./find.ts";
import { cachedPulumiHome, installedEngine } from "./installer.ts";
import { isScript } from "./place.ts";
import type { Program } from "./program.ts";
import type { ProgramName } from "./programs.ts";

/** Where a program came from: the machine's PATH, Pulumi's own downloads, or its pin. */
export type Origin = "path" | "installer" | "built";

/** A program that is ready for use. */
export interface Tool {
  readonly name: ProgramName;
  readonly version: string;
  readonly origin: Origin;
  /** Absolute path of the executable, or of the chart's folder. */
  readonly path: string;
}

export type Entry = Program<ProgramName>;

/**
 * The program as far as it needs neither network nor build; undefined otherwise.
 * @param engine the engine that will be used; "undecided" while it may yet be downloaded
 * @param notice receives why a program on PATH is not used
 */
export async function existing(
  program: Entry,
  context: Context,
  engine: Tool | "undecided" | undefined,
  notice: (line: string) => void,
): Promise<Tool | undefined> {
  const { name } = program;
  const tool = (origin: Origin, { path, version }: Found): Tool => ({ name, origin, path, version });
  const { cache } = context;

  if (program.partOf !== undefined && engine === "undecided") return undefined;
  if (program.partOf !== undefined && typeof engine === "object" && engine.origin !== "built") {
    const path = companionOf(engine.path, name, context.folders);
    if (path !== undefined) return tool(engine.origin, { path, version: engine.version });
  }
  if (context.useMachine) {
    const onPath = await lookUp(program, context.folders);
    const reason = onPath && ("reason" in onPath ? onPath.reason : unfit(program, onPath, context));
    if (reason !== undefined) notice(`${name} on PATH (${onPath?.path ?? ""}) is not used: ${reason}`);
    else if (onPath && "version" in onPath) return tool("path", onPath);

    const downloaded =
      name === "pulumi"
        ? installedEngine(program, cache)
        : downloadedPlugin(program, [userPulumiHome(), cachedPulumiHome(cache)]);
    if (downloaded) return tool("installer", downloaded);
  }
  if (program.recipe.kind === "script") {
    const path = join(context.bin, name);
    // A provider of ours stands in where the engine could not download the real one, which is
    // tried first; once it stands in, it stays.
    const settled = program.plugin === undefined || !context.useMachine || isScript(path);
    return settled ? tool("built", { path, version: program.version }) : undefined;
  }
  const folder = finishedProduct(cache, productName(program, context.moduleFolder(program)));
  return folder === undefined
    ? undefined
    : tool("built", { path: pathIn(folder, program), version: program.version });
}

/** What a caller gets of a finished product: its executable, or the folder where that is all there is. */
export function pathIn(folder: string, program: Entry): string {
  return program.recipe.kind === "folder" ? folder : join(folder, program.name);
}

/** An engine without a language host beside it can run nothing. */
function unfit(program: Entry, found: Found, { folders }: Context): string | undefined {
  if (program.name !== "pulumi") return undefined;
  const host = "pulumi-language-nodejs";
  return companionOf(found.path, host, folders) === undefined
    ? `${host} is neither beside it nor on PATH`
    : undefined;
}
