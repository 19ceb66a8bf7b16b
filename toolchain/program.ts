import type { VersionRange } from "./versions.ts";

/** How a program comes to be when it is not found. */
export type Recipe =
  /** `go build` in the program's module, with files of its dependencies beside it. */
  | {
      readonly kind: "go";
      readonly package: string;
      /** Build tags. */
      readonly tags?: readonly string[];
      /** Linker settings beyond `-s -w`. */
      readonly ldflags?: readonly string[];
      /** Files that main.go embeds: they are copied beside it, into a copy of the module. */
      readonly embed?: FilesOf;
      /** Files that are kept beside the finished program. */
      readonly beside?: FilesOf & { readonly folder: string };
    }
  /** A folder of a Go module, downloaded and verified by go.sum; nothing is compiled. */
  | { readonly kind: "folder"; readonly module: string; readonly folder: string }
  /** A shell script of ours, written into `.tools/bin`. */
  | { readonly kind: "script"; readonly body: (context: ScriptContext) => string };

interface FilesOf {
  /** A module that go.mod requires. */
  readonly module: string;
  /** Files inside it, with slashes. */
  readonly files: readonly string[];
}

export interface ScriptContext {
  readonly checkout: string;
  /** Absolute path of the Node that runs us. */
  readonly node: string;
  /** URL of tsx's loader. */
  readonly tsx: string;
  /** File of tsx's hook for require(), which starts quicker than the loader. */
  readonly tsxHook: string;
  /** Folder for Node's compile cache: the SDK is half of a script's start. */
  readonly compileCache: string;
}

export interface Program<Name extends string = string> {
  readonly name: Name;
  /** Of what the recipe makes. */
  readonly version: string;
  /** What it is, for a table. */
  readonly what: string;
  /** How long a build takes on 2 cores after those before it in the table, with nothing else cached, in seconds. */
  readonly seconds: number;
  readonly recipe: Recipe;
  /** Folder below toolchain/programs of the Go module that pins it; its own name by default. */
  readonly pinnedIn?: string;
  /** Left out unless it is asked for by name: a bench needs it, and no test. */
  readonly onRequest?: true;
  /** The only system that it is for, as Node names it; by default it is for all. */
  readonly onlyOn?: "linux";
  /** How a program on PATH tells its version, and which versions do. */
  readonly onPath?: { readonly versionArguments: readonly string[]; readonly fits: VersionRange };
  /** A provider that the engine can download: as what, which version, and which ones on the machine do. */
  readonly plugin?: { readonly name: string; readonly version: string; readonly fits: VersionRange };
  /** The program that this one is a part of in Pulumi's own distribution. */
  readonly partOf?: "pulumi";
}
