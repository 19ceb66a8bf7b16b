import { existsSync, readdirSync, readFileSync } from "node:fs";
import { release } from "node:os";
import { gunzipSync } from "node:zlib";
import { textOf } from "../control-plane/error.ts";

/** What is known of the running kernel. */
export interface Kernel {
  /** For example 6.1.0-18-amd64. */
  readonly release: string;
  /** Its configuration, names without CONFIG_; undefined where it is not published. */
  readonly options: ReadonlyMap<string, string> | undefined;
  /** Modules that are loaded; built-in ones appear only when they have parameters. */
  readonly loaded: ReadonlySet<string>;
  /** Modules that are built in or can be loaded; undefined where the machine keeps no list of them. */
  readonly available: ReadonlySet<string> | undefined;
  /** The files among `kernelProofs` that are there. */
  readonly proofs: ReadonlySet<string>;
}

interface Option {
  readonly name: string;
  /** The module that brings it where it is built as one. */
  readonly module?: string;
  /** A file that exists exactly when the kernel has the option. */
  readonly proof?: string;
  readonly need: string;
}

/**
 * What agent 1.15 and the nodes' namespaces need. Cilium's list of system requirements is longer: CRYPTO_SHA1
 * and CRYPTO_USER_API_HASH served iproute2's loader, which the agent left for its own; SCHEDSTATS and
 * GENEVE are for features that the baseline does not use.
 */
const options: readonly Option[] = [
  { name: "BPF_SYSCALL", proof: "/proc/sys/kernel/unprivileged_bpf_disabled", need: "load eBPF programs" },
  { name: "BPF_JIT", proof: "/proc/sys/net/core/bpf_jit_enable", need: "compile them to machine code" },
  { name: "NET_CLS_ACT", need: "run them on a device's packets" },
  { name: "NET_CLS_BPF", module: "cls_bpf", need: "run them on a device's packets" },
  { name: "NET_SCH_INGRESS", module: "sch_ingress", need: "run them on a device's packets" },
  { name: "CGROUPS", proof: "/proc/self/cgroup", need: "keep the processes of a node together" },
  { name: "CGROUP_BPF", need: "translate Service addresses at the socket" },
  { name: "PERF_EVENTS", proof: "/proc/sys/kernel/perf_event_paranoid", need: "hand flows to Hubble" },
  { name: "IP_MULTIPLE_TABLES", need: "route by the agent's own rules" },
  { name: "NET_NS", proof: "/proc/self/ns/net", need: "give nodes and pods a network of their own" },
  { name: "PID_NS", proof: "/proc/self/ns/pid", need: "end all processes together" },
  { name: "VETH", module: "veth", need: "connect pods and nodes" },
  { name: "BRIDGE", module: "bridge", need: "connect the nodes" },
  { name: "OVERLAY_FS", module: "overlay", need: "lay a container's root over the machine's" },
  { name: "VXLAN", module: "vxlan", need: "carry pod traffic between nodes, the baseline's routing" },
];

/** Files that tell of an option where the configuration is not published. */
export const kernelProofs: readonly string[] = options.flatMap(({ proof }) => proof ?? []);

/** The least kernel that agent 1.15 is documented for; newer ones bring more of its features. */
const oldest = [4, 19, 57] as const;

/** An option or version that the kernel lacks. */
export interface KernelGap {
  readonly feature: string;
  readonly message: string;
  readonly remedy: string;
}

/** What the kernel lacks; what cannot be found out is taken to be there. */
export function kernelGaps(kernel: Kernel): KernelGap[] {
  const tooOld: KernelGap = {
    feature: "kernel version",
    message: `Kernel ${kernel.release} is older than ${oldest.join(".")}, the oldest that Cilium 1.15 runs on`,
    remedy: "boot 5.14 or newer, which has all that the data plane uses",
  };
  const gaps = options.flatMap((option) => optionGap(kernel, option) ?? []);
  return isOlder(kernel.release) ? [tooOld, ...gaps] : gaps;
}

function optionGap(kernel: Kernel, option: Option): KernelGap | undefined {
  const { name, module, need } = option;
  const gap = (what: string, remedy: string): KernelGap => ({
    feature: `CONFIG_${name}`,
    message: `Kernel ${kernel.release} ${what}, needed to ${need}`,
    remedy,
  });
  const inReach = module !== undefined && (kernel.loaded.has(module) || kernel.available?.has(module));
  if (!has(kernel, option)) {
    return gap(`lacks CONFIG_${name}`, "boot a kernel that has it, as the distributions' own kernels do");
  }
  if (kernel.options?.get(name) === "m" && module !== undefined && !inReach) {
    return gap(
      `has CONFIG_${name} as the module ${module}, which is neither loaded nor installed`,
      `modprobe ${module} on the machine itself (a container cannot), or install the kernel's modules`,
    );
  }
  return undefined;
}

function has(kernel: Kernel, { name, module, proof }: Option): boolean {
  if (kernel.options !== undefined) return /^[ym]$/.test(kernel.options.get(name) ?? "n");
  if (proof !== undefined) return kernel.proofs.has(proof);
  if (module !== undefined && kernel.available !== undefined) {
    return kernel.available.has(module) || kernel.loaded.has(module);
  }
  return true;
}

function isOlder(version: string): boolean {
  const parts = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(version)?.slice(1) ?? [];
  for (const [index, least] of oldest.entries()) {
    const part = Number(parts[index] ?? 0);
    if (part !== least) return part < least;
  }
  return false;
}

/** Reads what the machine tells of its kernel. */
export function readKernel(): Kernel {
  const version = release();
  return {
    release: version,
    options: readOptions(version),
    loaded: new Set(list("/sys/module")),
    available: readAvailable(version),
    proofs: new Set(kernelProofs.filter((file) => existsSync(file))),
  };
}

function readOptions(version: string): ReadonlyMap<string, string> | undefined {
  const files = ["/proc/config.gz", `/boot/config-${version}`, `/lib/modules/${version}/config`];
  for (const file of files) {
    try {
      const bytes = readFileSync(file);
      return parseKernelConfig((file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString());
    } catch {
      // The next place may have it.
    }
  }
  return undefined;
}

/** The options of a kernel configuration, names without CONFIG_, unset ones left out. */
export function parseKernelConfig(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/^CONFIG_(\w+)=(.*)$/gm)].map(([, name = "", value = ""]) => [name, value]),
  );
}

function readAvailable(version: string): ReadonlySet<string> | undefined {
  const folder = `/lib/modules/${version}`;
  const locked = textOf("/proc/sys/kernel/modules_disabled").trim() === "1";
  const lists = [textOf(`${folder}/modules.builtin`), locked ? "" : textOf(`${folder}/modules.dep`)].join(
    "\n",
  );
  const names = [...lists.matchAll(/([^/\n]+)\.ko(?:\.\w+)?(?=:|$)/gm)].map(([, name = ""]) => name);
  return names.length === 0 ? undefined : new Set(names.map((name) => name.replaceAll("-", "_")));
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
