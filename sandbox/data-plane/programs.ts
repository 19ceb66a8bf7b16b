import { spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { entries, isExecutable } from "../../toolchain/find.ts";

/** A program of the machine that the data plane runs. */
export interface ProgramNeed {
  readonly name: string;
  /** The Debian package that brings it. */
  readonly debian: string;
  readonly need: string;
  /** Arguments of a run that changes nothing and succeeds where the program is of use. */
  readonly trial: readonly string[];
}

/** The program as it was found. */
export interface FoundProgram {
  readonly path: string;
  /** Why it is of no use; undefined when it is. */
  readonly problem?: string;
}

/**
 * The programs that are needed. Agent 1.15 calls clang, bpftool and iptables by name and ends without them;
 * llc it does not call, for clang writes the objects itself.
 */
export const programNeeds: readonly ProgramNeed[] = [
  {
    name: "clang",
    debian: "clang-16",
    need: "the agent compiles its eBPF programs with it",
    trial: ["--target=bpf", "-mcpu=v3", "-O2", "-c", "-x", "c", "/dev/null", "-o", "/dev/null"],
  },
  {
    name: "bpftool",
    debian: "bpftool",
    need: "the agent asks it for the kernel's features",
    trial: ["version"],
  },
  ...["iptables", "ip6tables"].map((name) => ({
    name,
    debian: "iptables",
    need: "the agent keeps its rules in order with it, in its node's namespace",
    trial: ["--version"],
  })),
  { name: "ip", debian: "iproute2", need: "it connects the namespaces", trial: ["-V"] },
  { name: "tc", debian: "iproute2", need: "it takes hooks off a node's devices", trial: ["-V"] },
  { name: "nsenter", debian: "util-linux", need: "it enters the namespaces", trial: ["--version"] },
  { name: "unshare", debian: "util-linux", need: "it makes the namespaces", trial: ["--version"] },
  { name: "mount", debian: "mount", need: "it mounts bpf and cgroup2 for a node", trial: ["--version"] },
];

/** Looks for the needed programs and tries each; what is not found is left out. */
export function findPrograms(folders: readonly string[] = searchPath()): Map<string, FoundProgram> {
  const found = new Map<string, FoundProgram>();
  for (const { name, trial } of programNeeds) {
    const candidates = name === "clang" ? clangs(folders) : folders.map((folder) => join(folder, name));
    const tried = tryInTurn(candidates.filter(isExecutable), trial);
    if (tried !== undefined) found.set(name, tried);
  }
  return found;
}

/** PATH, with sbin at its end: a shell that became root by `su` lacks it. */
export const searchPath = (): string[] => [
  ...(process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== ""),
  ...["/usr/local/sbin", "/usr/sbin", "/sbin"],
];

/** The first that works, else the first with its problem. */
function tryInTurn(candidates: readonly string[], trial: readonly string[]): FoundProgram | undefined {
  let first: FoundProgram | undefined;
  for (const path of candidates) {
    const problem = problemOf(path, trial);
    if (problem === undefined) return { path };
    first ??= { path, problem };
  }
  return first;
}

function problemOf(path: string, trial: readonly string[]): string | undefined {
  const { error, status, stderr } = spawnSync(path, trial, { encoding: "utf8", timeout: 10_000 });
  if (error) return error.message;
  if (status === 0) return undefined;
  const [said = ""] = stderr.trim().split("\n");
  return said === "" ? `it ended with status ${String(status)}` : said;
}

/** Debian installs clang-16 and no clang; the newest of those comes after a plain one. */
function clangs(folders: readonly string[]): string[] {
  const plain = folders.map((folder) => join(folder, "clang"));
  const numbered = folders.flatMap((folder) =>
    entries(folder)
      .map((file) => Number(/^clang-(\d+)$/.exec(file)?.[1] ?? 0))
      .filter((major) => major > 0)
      .map((major) => ({ major, path: join(folder, `clang-${major}`) })),
  );
  return [...plain, ...numbered.sort((a, b) => b.major - a.major).map(({ path }) => path)];
}
