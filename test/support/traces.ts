import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, readlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { until } from "./processes.ts";

/** What a running data plane has on this machine, to be looked for when it should be gone. */
export interface Traces {
  /** Processes in its control group, at whatever depth. */
  readonly pids: readonly number[];
  /** Namespaces of those processes that are not the machine's own: "net:[4026532…]". */
  readonly namespaces: readonly string[];
  readonly group: string;
  readonly folder: string;
}

/** The traces of a data plane that runs. */
export function tracesOf({ group, folder }: { readonly group: string; readonly folder: string }): Traces {
  const pids = pidsBelow(group);
  const own = new Set(kinds.map((kind) => namespaceOf("self", kind)));
  const namespaces = pids.flatMap((pid) => kinds.flatMap((kind) => namespaceOf(pid, kind) ?? []));
  return { pids, namespaces: [...new Set(namespaces)].filter((name) => !own.has(name)), group, folder };
}

/** Lines that are other ones than before; a key that only came with a kernel module is none of them. */
export const changedFacts = (before: readonly string[], after: readonly string[]): string[] => {
  const known = new Set(before);
  const keys = new Set(before.map(keyOf));
  return after.filter(
    (line) => !known.has(line) && (!line.startsWith("/proc/sys/") || keys.has(keyOf(line))),
  );
};

const keyOf = (line: string): string => line.split(" = ")[0] ?? "";

/** Waits until nothing is left of them, and shows what is. */
export async function assertGone(traces: Traces): Promise<void> {
  await until(() => remains(traces).length === 0, "nothing is left", 30_000).catch(() => undefined);
  assert.deepEqual(remains(traces), []);
}

/** What is left of them; empty when nothing is. */
export function remains({ pids, namespaces, group, folder }: Traces): string[] {
  const holders = allPids().filter((pid) => !isInAnother(pid, group));
  const held = new Set(holders.flatMap((pid) => kinds.flatMap((kind) => namespaceOf(pid, kind) ?? [])));
  const groups = existsSync(dirname(group))
    ? readdirSync(dirname(group)).filter((name) => name === basename(group))
    : [];
  return [
    ...pids.filter((pid) => isNotZombie(pid)).map((pid) => `process ${pid}: ${commandOf(pid)}`),
    ...namespaces.filter((name) => held.has(name)).map((name) => `namespace ${name}`),
    ...groups.map((name) => `control group ${name}`),
    ...mounts().filter((line) => line.includes(folder) || line.includes(basename(group))),
    ...(existsSync(folder) ? [`folder ${folder}`] : []),
  ];
}

/**
 * What the machine's own network namespace, mounts and sysctls look like: lines to compare. Counters,
 * and what changes by itself, are left out.
 */
export function machineFacts(): string[] {
  const run = (...argv: readonly [string, ...string[]]): string[] =>
    execFileSync(argv[0], argv.slice(1), { encoding: "utf8" }).split("\n");
  return [
    ...run("ip", "-brief", "address"),
    ...run("ip", "rule"),
    // A route that was learned ages.
    ...run("ip", "route", "show", "table", "all").map((line) => line.replace(/ expires \S+/, "")),
    ...run("ip", "netns", "list"),
    ...["iptables", "ip6tables"].flatMap((program) => rules(program)),
    ...(existsSync("/sys/fs/bpf") ? readdirSync("/sys/fs/bpf") : []).map((name) => `pin ${name}`),
    ...["kernel", "net", "vm"].flatMap((folder) => sysctls(join("/proc/sys", folder))),
    ...mounts(),
  ];
}

/** Rules of the tables that are there; nothing is listed of one that is not, or it would come to be. */
function rules(program: string): string[] {
  const list = `/proc/net/${program === "iptables" ? "ip" : "ip6"}_tables_names`;
  const tables = existsSync(list) ? readFileSync(list, "utf8").split("\n").filter(Boolean) : [];
  return tables.map((table) => `${program} table ${table}`);
}

/** Keys that the kernel itself writes. */
const restless =
  /(random|ns_last_pid|pty\/nr|unix\/max_dgram|stat_refresh|ipv6\/conf\/\w+\/stable_secret|drop_caches|perf_event_max_sample_rate|perf_cpu_time_max_percent|compact_memory|nf_conntrack_count|netdev_rss_key)/;

function sysctls(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !restless.test(file))
    .flatMap((file) => {
      try {
        return [`${file} = ${readFileSync(file, "utf8").trim()}`];
      } catch {
        // Some can be written only.
        return [];
      }
    });
}

const mounts = (): string[] => readFileSync("/proc/self/mounts", "utf8").split("\n");

const kinds = ["net", "mnt", "pid", "uts"];

function namespaceOf(pid: number | "self", kind: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/${kind}`);
  } catch {
    return undefined;
  }
}

const allPids = (): number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

function pidsBelow(group: string): number[] {
  const own = readFileSync(join(group, "cgroup.procs"), "utf8").split("\n").filter(Boolean).map(Number);
  const below = readdirSync(group, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [...own, ...below.flatMap(({ name }) => pidsBelow(join(group, name)))];
}

/** Whether a process is of another data plane: the kernel gives a namespace's number to the next one. */
function isInAnother(pid: number, group: string): boolean {
  try {
    const path = readFileSync(`/proc/${pid}/cgroup`, "utf8");
    return path.includes("/cluster-network-") && !path.includes(`/${basename(group)}`);
  } catch {
    return false;
  }
}

function isNotZombie(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").slice(0, 100);
  } catch {
    return "";
  }
}
