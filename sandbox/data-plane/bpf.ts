import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { delimiter, join, relative } from "node:path";
import { textOf } from "../control-plane/error.ts";
import { DataPlaneError } from "./error.ts";
import { cgroup2Mount } from "./machine.ts";
import { searchPath } from "./programs.ts";

/** Something of eBPF's that the kernel holds: a program, a map, a link, or a program at its hook. */
interface BpfEntry {
  /** Tells it from all others since the machine started; the kernel does not use an id twice. */
  readonly key: string;
  readonly text: string;
  /** True where it hangs on the machine's root group or on the network namespace that was looked at. */
  readonly atRoot: boolean;
}

/** All eBPF of the machine, and what hangs on the devices of one network namespace, at one moment. */
export type BpfSnapshot = readonly BpfEntry[];

/** What bpftool prints in JSON, as far as it is used here. */
export interface BpfOutputs {
  readonly prog: readonly { id: number; type: string; name?: string }[];
  readonly map: readonly { id: number; type: string; name?: string }[];
  readonly link: readonly {
    id: number;
    type: string | number;
    prog_id: number;
    attach_type?: string;
    cgroup_id?: number;
    netns_ino?: number;
  }[];
  readonly cgroup: readonly {
    cgroup: string;
    programs: readonly { id: number; attach_type: string; name: string }[];
  }[];
  readonly net: readonly Readonly<Record<string, readonly DeviceHook[]>>[];
}

interface DeviceHook {
  readonly devname?: string;
  readonly kind?: string;
  readonly mode?: string;
  readonly id?: number;
  /** The program in the newer lists (tcx, netkit, netfilter), where `id` is missing or the link's. */
  readonly prog_id?: number;
}

/** Where the outputs come from. */
export interface BpfPlace {
  readonly cgroupMount: string;
  /** Paths below the mount ("/" is the mount itself) by cgroup id, which is the folder's inode. */
  readonly groups: ReadonlyMap<number, string>;
  /** Inode of the network namespace that was looked at. */
  readonly netns: number;
}

/** The kernel's id of the root group. */
const rootGroup = 1;

/**
 * Lists all eBPF of this machine, and what hangs on the devices of this process's network namespace.
 * bpftool reads every id in turn, so what appears or goes meanwhile may be in it or not.
 * @throws DataPlaneError where bpftool is missing or cannot list something: a check that sees nothing must not pass
 */
export function snapshot(): BpfSnapshot {
  const cgroupMount = cgroup2Mount(textOf("/proc/self/mountinfo"));
  if (cgroupMount === undefined) {
    throw new DataPlaneError("No cgroup2 is mounted: what hangs on groups cannot be listed without it");
  }
  const outputs: BpfOutputs = {
    prog: list("prog"),
    map: list("map"),
    link: list("link"),
    net: list("net"),
    cgroup: list("cgroup", "tree", cgroupMount),
  };
  const netns = statSync("/proc/self/ns/net").ino;
  return entries(outputs, { cgroupMount, groups: groupsBelow(cgroupMount), netns });
}

/** What is in `after` and was not in `before`, a line each. */
export function difference(before: BpfSnapshot, after: BpfSnapshot): string[] {
  const known = new Set(before.map(({ key }) => key));
  return after.filter(({ key }) => !known.has(key)).map(({ text }) => text);
}

/** What hangs on the machine's root group or on the network namespace that was looked at, a line each. */
export const attachedToRoot = (taken: BpfSnapshot): string[] =>
  taken.filter(({ atRoot }) => atRoot).map(({ text }) => text);

/** Reads bpftool's outputs. */
export function entries(outputs: BpfOutputs, place: BpfPlace): BpfSnapshot {
  const names = new Map(outputs.prog.map(({ id, name }) => [id, name]));
  const program = (id: number): string => `program ${id} (${names.get(id) ?? "without a name"})`;
  return [
    ...(["prog", "map"] as const).flatMap((kind) => outputs[kind].map((object) => loaded(kind, object))),
    ...outputs.link.map((link) => linkEntry(link, place, program)),
    ...outputs.cgroup.flatMap((group) => groupEntries(group, place)),
    ...outputs.net.flatMap((hooks) => deviceEntries(hooks, program)),
  ];
}

function loaded(kind: "prog" | "map", { id, type, name }: BpfOutputs["prog"][number]): BpfEntry {
  const text = `${kind === "prog" ? "program" : "map"} ${id} (${name ?? "without a name"}, ${type})`;
  return { key: `${kind} ${id}`, text, atRoot: false };
}

function linkEntry(
  { id, type, prog_id, attach_type, cgroup_id, netns_ino }: BpfOutputs["link"][number],
  { groups, netns }: BpfPlace,
  program: (id: number) => string,
): BpfEntry {
  const group = cgroup_id === undefined ? undefined : groupOf(cgroup_id, groups);
  const where = group ?? (netns_ino === undefined ? "" : ` on network namespace ${netns_ino}`);
  return {
    key: `link ${id}`,
    text: `link ${id} holds ${program(prog_id)}${where} as ${attach_type ?? type}`,
    // A device's link tells the index, not the namespace that counts it: `bpftool net` tells of devices.
    atRoot:
      cgroup_id === rootGroup ||
      (cgroup_id !== undefined && groups.get(cgroup_id) === "/") ||
      netns_ino === netns,
  };
}

function groupOf(id: number, groups: ReadonlyMap<number, string>): string {
  if (id === rootGroup) return " on group /";
  return groups.has(id) ? ` on group ${groups.get(id) ?? ""}` : ` on group ${id}, which is gone`;
}

function groupEntries(
  { cgroup, programs }: BpfOutputs["cgroup"][number],
  { cgroupMount }: BpfPlace,
): BpfEntry[] {
  const path = `/${relative(cgroupMount, cgroup)}`;
  return programs.map(({ id, attach_type, name }) => ({
    key: `group ${path} ${attach_type} ${id}`,
    text: `program ${id} (${name}) is on group ${path} as ${attach_type}`,
    atRoot: path === "/",
  }));
}

function deviceEntries(hooks: BpfOutputs["net"][number], program: (id: number) => string): BpfEntry[] {
  return Object.entries(hooks).flatMap(([hook, attached]) =>
    attached.map(({ devname, kind, mode, id: given = 0, prog_id: id = given }) => {
      const where = devname === undefined ? "this network namespace" : `device ${devname}`;
      const how = [hook, kind ?? mode].filter((word) => word !== undefined).join(" ");
      return {
        key: `net ${where} ${how} ${id}`,
        text: `${program(id)} is on ${where} as ${how}`,
        atRoot: true,
      };
    }),
  );
}

/** Paths of all groups by id. */
function groupsBelow(mount: string): Map<number, string> {
  const groups = new Map<number, string>();
  const visit = (path: string): void => {
    try {
      groups.set(statSync(path).ino, `/${relative(mount, path)}`);
      for (const entry of readdirSync(path, { withFileTypes: true })) {
        if (entry.isDirectory()) visit(join(path, entry.name));
      }
    } catch {
      // The group ended meanwhile.
    }
  };
  visit(mount);
  return groups;
}

function list<Kind extends keyof BpfOutputs>(kind: Kind, ...more: readonly string[]): BpfOutputs[Kind] {
  const PATH = searchPath().join(delimiter);
  for (let attempt = 1; ; attempt++) {
    const run = spawnSync("bpftool", ["-j", kind, ...more], {
      encoding: "utf8",
      timeout: 20_000,
      maxBuffer: 2 ** 28,
      env: { ...process.env, PATH },
    });
    if (run.status === 0) return JSON.parse(run.stdout) as BpfOutputs[Kind];
    const failure: NodeJS.ErrnoException | undefined = run.error;
    if (failure?.code === "ENOENT") {
      throw new DataPlaneError("No bpftool is on PATH: apt-get install bpftool");
    }
    // A group that ends while the tree is walked makes bpftool give up.
    if (attempt < 3) continue;
    const why = failure?.message ?? `${run.stdout}${run.stderr}`.trim();
    throw new DataPlaneError(
      `\`bpftool ${[kind, ...more].join(" ")}\` failed (${why}): it needs root and a kernel of 5.8 or newer`,
    );
  }
}
