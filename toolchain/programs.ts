import { join } from "node:path";
import type { VersionRange } from "./versions.ts";

/** How a program comes to be when it is not found. */
export type Recipe =
  /** `go build` in the program's module, with files of its dependencies beside it. */
  | {
      readonly kind: "go";
      readonly package: string;
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
  /** How long a build takes on 2 cores with nothing cached, in seconds. */
  readonly seconds: number;
  readonly recipe: Recipe;
  /** How a program on PATH tells its version, and which versions do. */
  readonly onPath?: { readonly versionArguments: readonly string[]; readonly fits: VersionRange };
  /** A provider that the engine can download: as what, which version, and which ones on the machine do. */
  readonly plugin?: { readonly name: string; readonly version: string; readonly fits: VersionRange };
  /** The program that this one is a part of in Pulumi's own distribution. */
  readonly partOf?: "pulumi";
}

/** In the order in which they are found or built: the engine first, for it can download providers. */
export const programs = [
  {
    name: "pulumi",
    version: "3.220.0",
    what: "the Pulumi engine",
    seconds: 170,
    // 3.220 is the oldest that was tried. Newer ones bring a language host that runs policy packs.
    onPath: { versionArguments: ["version"], fits: { atLeast: "3.220.0", below: "4.0.0" } },
    recipe: {
      kind: "go",
      package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      ldflags: ["-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=3.220.0"],
    },
  },
  {
    name: "pulumi-language-nodejs",
    version: "3.68.0",
    what: "runs Pulumi programs in Node",
    seconds: 20,
    partOf: "pulumi",
    recipe: { kind: "go", package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs" },
  },
  {
    name: "pulumi-analyzer-policy",
    version: "1.0.0",
    what: "runs policy packs in Node",
    seconds: 0,
    partOf: "pulumi",
    // A pack has its folder as working directory: the SDK resolves from there or, for a
    // pack without packages of its own, from this checkout.
    recipe: {
      kind: "script",
      body: ({ checkout, compileCache }) =>
        `run=node_modules/@pulumi/pulumi/cmd/run-policy-pack/index.js\n` +
        `at=$PWD\n` +
        `while [ ! -e "$at/$run" ] && [ -n "$at" ]; do at=\${at%/*}; done\n` +
        `[ -n "$at" ] || at=${quote(checkout)}\n` +
        `NODE_COMPILE_CACHE=${quote(compileCache)} exec node "$at/$run" "$@"\n`,
    },
  },
  {
    name: "pulumi-resource-kubernetes",
    version: "4.18.2",
    what: "the Kubernetes provider",
    seconds: 360,
    plugin: { name: "kubernetes", version: "4.34.2", fits: { atLeast: "4.18.2", below: "5.0.0" } },
    recipe: {
      kind: "go",
      package: ".",
      ldflags: ["-X main.version=4.18.2"],
      embed: {
        module: "github.com/pulumi/pulumi-kubernetes/provider/v4",
        files: [
          "cmd/pulumi-resource-kubernetes/schema.json",
          "cmd/pulumi-resource-kubernetes/terraform-mapping.json",
        ],
      },
    },
  },
  {
    name: "pulumi-resource-command",
    version: "1.2.1",
    what: "the Command provider, or a stand-in for local commands",
    seconds: 0,
    plugin: { name: "command", version: "1.2.1", fits: { atLeast: "1.0.0", below: "2.0.0" } },
    recipe: {
      kind: "script",
      body: ({ checkout, node, tsxHook, compileCache }) =>
        `NODE_COMPILE_CACHE=${quote(compileCache)} exec ${quote(node)} --require ${quote(tsxHook)} ` +
        `${quote(join(checkout, "toolchain", "programs", "pulumi-resource-command", "provider.ts"))} "$@"\n`,
    },
  },
  {
    name: "control-plane",
    version: "1.36.3",
    what: "etcd and the Kubernetes control plane in one binary",
    seconds: 300,
    recipe: {
      kind: "go",
      package: ".",
      ldflags: [
        "-X k8s.io/component-base/version.gitVersion=v1.36.3",
        "-X k8s.io/component-base/version.gitMajor=1",
        "-X k8s.io/component-base/version.gitMinor=36",
      ],
    },
  },
  {
    name: "kwok",
    version: "0.8.0",
    what: "simulated nodes and pods, with their stages in stages/",
    seconds: 120,
    recipe: {
      kind: "go",
      package: "sigs.k8s.io/kwok/cmd/kwok",
      beside: {
        module: "sigs.k8s.io/kwok",
        folder: "stages",
        // Of the two heartbeats, the one with a lease is for kwok's own lease controller.
        files: [
          "kustomize/stage/node/fast/node-initialize.yaml",
          "kustomize/stage/node/heartbeat/node-heartbeat.yaml",
          "kustomize/stage/node/heartbeat-with-lease/node-heartbeat-with-lease.yaml",
          "kustomize/stage/pod/fast/pod-ready.yaml",
          "kustomize/stage/pod/fast/pod-complete.yaml",
          "kustomize/stage/pod/fast/pod-delete.yaml",
        ],
      },
    },
  },
  {
    name: "coredns",
    version: "1.15.0",
    what: "CoreDNS, to load Corefiles for real",
    seconds: 120,
    // Which plugins and options there are changes with each minor version.
    onPath: { versionArguments: ["-version"], fits: { atLeast: "1.15.0", below: "1.16.0" } },
    recipe: { kind: "go", package: "github.com/coredns/coredns" },
  },
  {
    name: "cilium-chart",
    version: "1.20.2",
    what: "Cilium's Helm chart (a folder)",
    seconds: 10,
    recipe: { kind: "folder", module: "github.com/cilium/cilium", folder: "install/kubernetes/cilium" },
  },
] as const satisfies readonly Program[];

export type ProgramName = (typeof programs)[number]["name"];

/** Quotes a text for sh. */
export function quote(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
