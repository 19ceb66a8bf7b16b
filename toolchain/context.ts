import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { cacheRoot } from "./cache.ts";
import { pathFolders } from "./find.ts";
import { TOOLS_VARIABLE } from "./place.ts";
import type { Program, ScriptContext } from "./program.ts";

/** Set to anything but 0, all is built from the pins: what the machine has and what could be downloaded is passed over. */
const BUILD_VARIABLE = "CLUSTER_NETWORK_BUILD";

/** Where everything is, for one run. */
export interface Context {
  readonly cache: string;
  /** The folder for PATH. */
  readonly bin: string;
  /** Folder of the Go module that pins the program. */
  readonly moduleFolder: (program: Program) => string;
  /** Programs of the machine and Pulumi's installer may be used. */
  readonly useMachine: boolean;
  /** The folders of PATH, without `bin`. */
  readonly folders: readonly string[];
  readonly script: ScriptContext;
}

export function createContext(): Context {
  const checkout = realpathSync(dirname(__dirname));
  const bin = join(resolve(process.env[TOOLS_VARIABLE] ?? join(checkout, ".tools")), "bin");
  const { resolve: find } = createRequire(join(checkout, "package.json"));
  const cache = cacheRoot();
  return {
    cache,
    bin,
    moduleFolder: ({ name, pinnedIn }) => join(checkout, "toolchain", "programs", pinnedIn ?? name),
    useMachine: ["", "0"].includes(process.env[BUILD_VARIABLE] ?? ""),
    folders: pathFolders(bin),
    script: {
      checkout,
      node: process.execPath,
      tsx: pathToFileURL(find("tsx")).href,
      tsxHook: find("tsx/cjs"),
      compileCache: join(cache, "node-compile-cache"),
    },
  };
}
