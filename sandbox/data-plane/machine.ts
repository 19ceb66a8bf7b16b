import { existsSync, mkdirSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { messageOf, textOf } from "../control-plane/error.ts";
import { type Kernel, kernelGaps, type KernelGap, readKernel } from "./kernel.ts";
import { findPrograms, type FoundProgram, programNeeds } from "./programs.ts";

/** A machine, as far as the data plane depends on it. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly uid: number;
  /** True where user 0 is root of a user namespace only, which gives no rights over eBPF. */
  readonly inUserNamespace: boolean;
  /** Effective capabilities, one bit each. */
  readonly capabilities: bigint;
  readonly kernel: Kernel;
  readonly fileSystems: ReadonlySet<string>;
  /** Where cgroup2 is mounted, and why no group can be made there; undefined where it is not mounted. */
  readonly cgroup2: { readonly mount: string; readonly problem?: string } | undefined;
  /** MiB that processes can still use without swapping. */
  readonly availableMemory: number;
  /** Of `programNeeds`, by name. Link them by that name: clang's path may end in clang-16. */
  readonly programs: ReadonlyMap<string, FoundProgram>;
}

/** A feature that is missing: one sentence, and what to do. */
export type Shortcoming = KernelGap;

/** What keeps this machine from running a data plane of so many nodes; empty when nothing does. */
export function shortcomings(machine: Machine, nodes: number): Shortcoming[] {
  if (machine.platform !== "linux") {
    return [
      {
        feature: "Linux",
        message: `This is ${machine.platform}, and eBPF runs in Linux only`,
        remedy: "run it on a Linux machine or in a virtual one",
      },
    ];
  }
  return [
    ...rightsGaps(machine),
    ...kernelGaps(machine.kernel),
    ...fileSystemGaps(machine),
    ...memoryGaps(machine.availableMemory, nodes),
    ...programGaps(machine.programs),
  ];
}

/** All shortcomings as one text, a line each. */
export function refusal(missing: readonly Shortcoming[]): string {
  const lines = missing.map(({ message, remedy }) => `  - ${message}: ${remedy}`);
  const features = missing.length === 1 ? "a feature" : `${missing.length} features`;
  return [`This machine lacks ${features} that the data plane needs:`, ...lines].join("\n");
}

/** Bits of linux/capability.h, and what each is for. */
const capabilities = [
  { name: "CAP_SYS_ADMIN", bit: 21n, need: "make namespaces and mounts, and load eBPF programs" },
  { name: "CAP_NET_ADMIN", bit: 12n, need: "set up devices and routes" },
  { name: "CAP_NET_RAW", bit: 13n, need: "open the agent's raw sockets" },
  { name: "CAP_NET_BIND_SERVICE", bit: 10n, need: "serve DNS on port 53" },
  { name: "CAP_SYS_CHROOT", bit: 18n, need: "enter a mount namespace" },
  { name: "CAP_IPC_LOCK", bit: 14n, need: "map the buffer that Hubble reads flows from" },
] as const;

function rightsGaps({ uid, inUserNamespace, capabilities: held }: Machine): Shortcoming[] {
  const feature = "root";
  if (uid !== 0) return [{ feature, message: `This process runs as user ${uid}`, remedy: "run it as root" }];
  if (inUserNamespace) {
    const message = "User 0 is root of a user namespace only, which may not load eBPF programs";
    return [{ feature, message, remedy: "run it as the machine's root, or in a privileged container" }];
  }
  return capabilities
    .filter(({ bit }) => ((held >> bit) & 1n) === 0n)
    .map(({ name, need }) => ({
      feature: name,
      message: `Root lacks ${name} here, needed to ${need}`,
      remedy: "run it outside of the container, or in a privileged one",
    }));
}

function fileSystemGaps({ uid, fileSystems, cgroup2 }: Machine): Shortcoming[] {
  const unknown = ["bpf", "cgroup2"]
    .filter((name) => !fileSystems.has(name))
    .map((name) => ({
      feature: `${name} file system`,
      message: `The kernel does not know the file system ${name}`,
      remedy: "boot a kernel that has it, as the distributions' own kernels do",
    }));
  if (!fileSystems.has("cgroup2")) return unknown;
  const feature = "cgroup2";
  if (cgroup2 === undefined) {
    const remedy = "mkdir -p /sys/fs/cgroup/unified && mount -t cgroup2 cgroup2 /sys/fs/cgroup/unified";
    return [...unknown, { feature, message: "No cgroup2 is mounted", remedy }];
  }
  // Without root nothing can be made there, which is said already.
  if (cgroup2.problem === undefined || uid !== 0) return unknown;
  const message = `No group can be made and ended in ${cgroup2.mount} (${cgroup2.problem})`;
  return [...unknown, { feature, message, remedy: "mount cgroup2 writable, on Linux 5.14 or newer" }];
}

/**
 * MiB that a data plane of so many nodes takes, from measured sizes: control plane 500, keeper 150,
 * operator 80; each node's agent 200 and its compilers, while it starts, 200.
 */
export const memoryNeeded = (nodes: number): number => 500 + 150 + 80 + nodes * (200 + 200);

function memoryGaps(available: number, nodes: number): Shortcoming[] {
  const needed = memoryNeeded(nodes);
  if (available >= needed) return [];
  const counted = nodes === 1 ? "1 node needs" : `${nodes} nodes need`;
  const message = `${available} MiB of memory are available, and ${counted} ${needed} MiB`;
  const fitting = [2, 1].find((fewer) => fewer < nodes && memoryNeeded(fewer) <= available);
  const remedy =
    fitting === undefined ? "free memory" : `free memory, or start ${fitting === 1 ? "1 node" : "2 nodes"}`;
  return [{ feature: "memory", message, remedy }];
}

function programGaps(programs: ReadonlyMap<string, FoundProgram>): Shortcoming[] {
  return programNeeds.flatMap(({ name, debian, need }) => {
    const found = programs.get(name);
    if (found !== undefined && found.problem === undefined) return [];
    const what =
      found === undefined
        ? `No ${name} is on PATH`
        : `Program ${found.path} does not work (${found.problem ?? ""})`;
    return [{ feature: name, message: `${what}; ${need}`, remedy: `apt-get install ${debian}` }];
  });
}

/** Reads this machine. It makes a group in cgroup2 and removes it again; nothing else is touched. */
export function readMachine(): Machine {
  const { platform } = process;
  const linux = platform === "linux";
  const status = textOf("/proc/self/status");
  return {
    platform,
    uid: process.geteuid?.() ?? -1,
    inUserNamespace: linux && !/^\s*0\s+0\s+4294967295\s*$/.test(textOf("/proc/self/uid_map")),
    capabilities: BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`),
    kernel: readKernel(),
    fileSystems: new Set(textOf("/proc/filesystems").split(/\s+/)),
    cgroup2: readCgroup2(),
    availableMemory: readMemory(),
    programs: linux ? findPrograms() : new Map(),
  };
}

function readCgroup2(): Machine["cgroup2"] {
  const mount = cgroup2Mount(textOf("/proc/self/mountinfo"));
  if (mount === undefined) return undefined;
  const group = join(mount, `cluster-network-trial-${process.pid}`);
  try {
    mkdirSync(group);
    const canBeEnded = existsSync(join(group, "cgroup.kill"));
    rmdirSync(group);
    return canBeEnded ? { mount } : { mount, problem: "it has no cgroup.kill" };
  } catch (error) {
    return { mount, problem: messageOf(error) };
  }
}

/** Where cgroup2 is mounted, from a text like /proc/self/mountinfo; a whole hierarchy before a part of one. */
export function cgroup2Mount(mountinfo: string): string | undefined {
  const mounts = mountinfo
    .split("\n")
    .filter((line) => line.includes(" - cgroup2 "))
    .map((line) => line.split(" "));
  const fields = mounts.find(([, , , root]) => root === "/") ?? mounts[0];
  // The kernel writes blanks in a path as octal numbers.
  return fields?.[4]?.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}

/** MiB: what the kernel can give out, and no more than this process's group is allowed. */
function readMemory(): number {
  const available = Number(/^MemAvailable:\s+(\d+) kB$/m.exec(textOf("/proc/meminfo"))?.[1] ?? 0) / 1024;
  const limit = process.constrainedMemory() / 2 ** 20;
  return Math.floor(limit > 0 ? Math.min(available, limit) : available);
}
