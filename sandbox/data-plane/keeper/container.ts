import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { spawnIn } from "./shell.ts";

/** Something of the node or of the keeper that a container sees at a path of its own. */
export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly readOnly?: boolean;
  /** The container gets a copy, which it may write to. */
  readonly copy?: boolean;
}

export interface ContainerOptions {
  /** Control group to run in. */
  readonly group: string;
  /** Process whose network namespace it joins, and whose cgroup namespace. */
  readonly network: number;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly log: string;
  /** Folder for its root file system, and what is mounted there; undefined for the machine's own root. */
  readonly root?: { readonly folder: string; readonly mounts: readonly Mount[] };
}

/** A running program with a file system and a network of its own. */
export class Container {
  readonly #process: ChildProcess;
  readonly startedAt = new Date();
  /** Resolves when it has ended, with its exit code; 128 + the signal's number if one ended it. */
  readonly ended: Promise<number>;

  constructor(options: ContainerOptions) {
    const { group, network, argv, env, log, root } = options;
    // An agent that finds no cgroup2 mounts one, and hooks its root: from here, that is the node's group.
    const enter = [
      "nsenter",
      ...["net", "uts", "cgroup"].map((kind) => `--${kind}=/proc/${network}/ns/${kind}`),
    ];
    this.#process = spawnIn(group, [...enter, ...(root ? inOwnRoot(root, argv) : argv)], { log, env });
    const ended = once(this.#process, "exit").then(
      ([code, signal]) => (code as number | null) ?? (signal === "SIGKILL" ? 137 : 143),
      () => 127,
    );
    this.ended = ended.then((code) => {
      // What it wrote is in memory: a program that ends again and again would fill it.
      if (root) rmSync(root.folder, { recursive: true, force: true });
      return code;
    });
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Asks it to end, and after the grace period makes it. */
  async stop(graceSeconds: number): Promise<void> {
    if (!this.isRunning) return;
    this.#process.kill("SIGTERM");
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), graceSeconds * 1000);
    await this.ended;
    clearTimeout(timer);
  }
}

/**
 * First half, in a mount namespace of its own: lays a writable root over the machine's,
 * so that whatever the container writes, and every folder made to mount on, goes with it.
 * The machine's root stays below /.host until everything is mounted: only from inside do
 * absolute symbolic links (/var/run) lead where the container will follow them.
 */
const layRoot = `
root=$1; inside=$2; shift 2
mkdir -p "$root/upper" "$root/work" "$root/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$root/upper,workdir=$root/work" "$root/root"
mkdir "$root/root/.host"
mount --rbind / "$root/root/.host"
exec chroot "$root/root" /bin/sh -euc "$inside" sh "$@"`;

/**
 * Second half: the arguments are triples of kind, source and target up to "--", then the
 * command. Of /proc/sys only the network namespace's own keys can be written: the others
 * are the machine's, as /sys and the devices are.
 */
const furnishRoot = `
mount -t proc proc /proc
mount --bind /proc/sys /proc/sys
mount -o remount,bind,ro /proc/sys
mount --bind /.host/proc/sys/net /proc/sys/net
if [ -e /proc/sysrq-trigger ]; then mount --bind /dev/null /proc/sysrq-trigger; fi
mount -t sysfs sysfs /sys
mount -o remount,bind,ro /sys
mount -t tmpfs -o mode=0755 tmpfs /dev
for device in null zero full random urandom tty; do
  : > /dev/$device
  mount --bind /.host/dev/$device /dev/$device
done
ln -s /proc/self/fd /dev/fd
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /tmp
while [ "$1" != -- ]; do
  kind=$1; source=/.host$2; target=$3
  if [ "$kind" = proc ]; then source=$2; fi
  shift 3
  if [ -L "$target" ]; then rm "$target"; fi
  if [ -d "$source" ]; then mkdir -p "$target"; else mkdir -p "$(dirname "$target")"; [ -e "$target" ] || : > "$target"; fi
  if [ "$kind" = copy ]; then cp -r "$source/." "$target"; continue; fi
  mount --rbind "$source" "$target"
  if [ "$kind" = ro ]; then mount -o remount,bind,ro "$target"; fi
done
shift
umount --lazy /.host
rmdir /.host
exec "$@"`;

function inOwnRoot(
  { folder, mounts }: { readonly folder: string; readonly mounts: readonly Mount[] },
  argv: readonly string[],
): string[] {
  mkdirSync(folder, { recursive: true });
  // What lies deeper comes later, or the upper one would hide it.
  const ordered = [...mounts].sort((a, b) => a.target.split("/").length - b.target.split("/").length);
  const triples = ordered.flatMap(({ source, target, readOnly, copy }) => [
    source.startsWith("/proc") ? "proc" : copy ? "copy" : readOnly ? "ro" : "rw",
    source,
    target,
  ]);
  return [
    ...["unshare", "--mount", "--propagation", "private"],
    ...["sh", "-euc", layRoot, "sh", folder, furnishRoot],
    ...triples,
    "--",
    ...argv,
  ];
}

/** Folder of a container's root, below its pod's. */
export const rootFolder = (pod: string, container: string, attempt: number): string =>
  join(pod, "containers", `${container}-${attempt}`);
