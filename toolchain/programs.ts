import { join } from "node:path";
import type { Program } from "./program.ts";

/** What all that is built from Cilium 1.15's module has in common. */
const CILIUM_1_15 = { version: "1.15.19", pinnedIn: "cilium" } as const;

/**
 * Cilium reads version, commit and commit time out of one text. A Go module tells no
 * commit; its time is the module's own.
 */
const CILIUM_LDFLAGS = [
  "-X 'github.com/cilium/cilium/pkg/version.ciliumVersion=1.15.19 module 2025-07-16T03:27:58Z'",
] as const;

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
    name: "peer",
    version: "1.0.0",
    what: "both ends of the traffic on a data plane: servers, clients, a relay",
    seconds: 20,
    onlyOn: "linux",
    recipe: { kind: "go", package: "." },
  },
  {
    name: "helm",
    version: "3.22.0",
    what: "Helm, to render charts as the provider does",
    seconds: 120,
    onPath: { versionArguments: ["version", "--short"], fits: { atLeast: "3.15.0", below: "4.0.0" } },
    recipe: {
      kind: "go",
      package: "helm.sh/helm/v3/cmd/helm",
      ldflags: ["-X helm.sh/helm/v3/internal/version.version=v3.22.0"],
    },
  },
  {
    name: "cyclonus",
    version: "0.5.6",
    what: "cyclonus' matcher, a second opinion on NetworkPolicies",
    seconds: 45,
    recipe: { kind: "go", package: "." },
  },
  {
    name: "kubectl",
    version: "1.36.3",
    what: "kubectl, to measure against",
    seconds: 90,
    onRequest: true,
    onPath: { versionArguments: ["version", "--client"], fits: { atLeast: "1.35.0", below: "2.0.0" } },
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
    name: "cilium-chart",
    version: "1.20.2",
    what: "Cilium's Helm chart (a folder)",
    seconds: 10,
    recipe: { kind: "folder", module: "github.com/cilium/cilium", folder: "install/kubernetes/cilium" },
  },
  {
    ...CILIUM_1_15,
    name: "cilium-chart-1.15",
    what: "the Helm chart of the Cilium that the data plane runs (a folder)",
    seconds: 10,
    recipe: { kind: "folder", module: "github.com/cilium/cilium", folder: "install/kubernetes/cilium" },
  },
  {
    name: "cilium-crds",
    version: "1.20.2",
    pinnedIn: "cilium-chart",
    what: "the CRDs of Cilium, which its operator installs (a folder)",
    seconds: 1,
    recipe: {
      kind: "folder",
      module: "github.com/cilium/cilium",
      folder: "pkg/k8s/apis/cilium.io/client/crds/v2",
    },
  },
  {
    name: "gateway-api-crds",
    version: "1.6.1",
    what: "the CRDs of the Gateway API that Cilium 1.20 works with (a folder)",
    seconds: 1,
    recipe: { kind: "folder", module: "sigs.k8s.io/gateway-api", folder: "config/crd" },
  },
  {
    // 1.0, which Cilium 1.15 is paired with, is published as no module; 1.1 serves the same versions.
    name: "gateway-api-crds-1.1",
    version: "1.1.0",
    what: "the CRDs of the Gateway API that Cilium 1.15 and 1.16 work with (a folder)",
    seconds: 1,
    recipe: { kind: "folder", module: "sigs.k8s.io/gateway-api", folder: "config/crd" },
  },
  {
    name: "calico-chart",
    version: "3.28.5",
    what: "the Helm chart of Calico's operator, without Calico's own CRDs (a folder)",
    seconds: 5,
    recipe: { kind: "folder", module: "github.com/projectcalico/calico", folder: "charts/tigera-operator" },
  },
  {
    ...CILIUM_1_15,
    name: "cilium-bpf",
    what: "the sources that Cilium's agent compiles to eBPF (a folder)",
    seconds: 1,
    onlyOn: "linux",
    recipe: { kind: "folder", module: "github.com/cilium/cilium", folder: "bpf" },
  },
  {
    ...CILIUM_1_15,
    name: "cilium-agent",
    what: "Cilium's agent, for kernels without modules, too",
    seconds: 240,
    onlyOn: "linux",
    recipe: { kind: "go", package: "./cilium-agent", ldflags: CILIUM_LDFLAGS },
  },
  {
    ...CILIUM_1_15,
    name: "cilium-operator",
    what: "Cilium's operator, as in the image operator-generic",
    seconds: 20,
    onlyOn: "linux",
    recipe: {
      kind: "go",
      package: "github.com/cilium/cilium/operator",
      tags: ["ipam_provider_operator"],
      ldflags: CILIUM_LDFLAGS,
    },
  },
  {
    ...CILIUM_1_15,
    name: "cilium-cni",
    what: "attaches a network namespace to Cilium",
    seconds: 5,
    onlyOn: "linux",
    recipe: { kind: "go", package: "github.com/cilium/cilium/plugins/cilium-cni", ldflags: CILIUM_LDFLAGS },
  },
  {
    ...CILIUM_1_15,
    name: "cilium-dbg",
    what: "asks Cilium's agent what it does",
    seconds: 15,
    onlyOn: "linux",
    recipe: { kind: "go", package: "github.com/cilium/cilium/cilium-dbg", ldflags: CILIUM_LDFLAGS },
  },
  {
    ...CILIUM_1_15,
    name: "cilium-health-responder",
    what: "answers the health checks of Cilium's agents",
    seconds: 10,
    onlyOn: "linux",
    recipe: {
      kind: "go",
      package: "github.com/cilium/cilium/cilium-health/responder",
      ldflags: CILIUM_LDFLAGS,
    },
  },
  {
    ...CILIUM_1_15,
    name: "cilium-policies",
    what: "the policy engine of Cilium's agent, a second opinion on its policies",
    seconds: 30,
    pinnedIn: "cilium-policies",
    onlyOn: "linux",
    recipe: { kind: "go", package: "." },
  },
  {
    ...CILIUM_1_15,
    name: "hubble-flows",
    what: "reads flows from the Hubble of Cilium's agent",
    seconds: 5,
    onlyOn: "linux",
    recipe: { kind: "go", package: "./hubble-flows" },
  },
] as const satisfies readonly Program[];

export type ProgramName = (typeof programs)[number]["name"];

/** Quotes a text for sh. */
export function quote(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
