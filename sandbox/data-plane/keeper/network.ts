import type { ChildProcess } from "node:child_process";
import { mkdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DataPlaneError } from "../error.ts";
import { makeGroup } from "../cgroup.ts";
import { inNetworkOf, ip, run, spawnIn } from "./shell.ts";
import type { KeeperSpec, NodeSpec } from "./spec.ts";

/**
 * A network namespace, held open by a process that does nothing else. It is a cgroup
 * namespace, too: whoever enters both finds the holder's group where the machine has its root group.
 */
export interface NetworkNamespace {
  readonly pid: number;
  readonly holder: ChildProcess;
}

/** A node of the cluster: a network namespace, and folders that play its file systems. */
export interface Node extends NetworkNamespace {
  readonly spec: NodeSpec;
  readonly group: string;
  /** Folder whose content stands for the node's root: a hostPath volume is a folder below it. */
  readonly root: string;
  /** Where the node's own BPF file system is mounted. */
  readonly bpf: string;
  /** The node's control group, mounted: an agent hooks what is in it, and nothing else. */
  readonly cgroup: string;
}

/** In the keeper's own mount namespace; short, because a socket's path has 108 bytes at most. */
export const runFolder = "/run";

/** Where a pod's files are. */
export const podFolder = (uid: string): string => join(runFolder, "pods", uid);

/** Where a node's files are: its root, and what is mounted for it. */
const nodeFolder = (node: string): string => join(runFolder, "nodes", node);

/** A socket of the agent on a node. */
export const agentSocket = (node: string, name: "cilium" | "hubble"): string =>
  join(nodeFolder(node), "root/var/run/cilium", `${name}.sock`);

/** An address that stands for the internet, in the range that RFC 5737 keeps for examples. */
export const internetAddress = "203.0.113.1";

/** Makes a network namespace with loopback, whose holder is in a control group. */
export async function makeNamespace(
  group: string,
  peer: string,
  hostname: string,
): Promise<NetworkNamespace> {
  const made = await enterNamespace(group, peer);
  await ip(made.pid, ["link set lo up"]);
  // A closed socket whose other end is gone would hold the namespace, with all its eBPF, for minutes.
  const settle =
    'echo "$0" > /proc/sys/kernel/hostname; cd /proc/sys/net/ipv4; echo 1 > tcp_orphan_retries; echo 2 > tcp_fin_timeout';
  const own = ["net", "uts"].map((kind) => `--${kind}=/proc/${made.pid}/ns/${kind}`);
  await run(["nsenter", ...own, "sh", "-ec", settle, hostname]);
  return made;
}

async function enterNamespace(group: string, peer: string): Promise<NetworkNamespace> {
  const holder = spawnIn(group, ["unshare", "--net", "--uts", "--cgroup", peer, "pause"]);
  const { pid } = holder;
  if (pid === undefined) throw new DataPlaneError(`unshare does not start: is util-linux installed?`);
  const own = identityOf("/proc/self/ns/net");
  // It is a shell at first, then unshare, then the holder.
  for (const deadline = Date.now() + 20_000; ;) {
    if (holder.exitCode !== null)
      throw new DataPlaneError("A network namespace cannot be made: is this root?");
    const theirs = identityOf(`/proc/${pid}/ns/net`);
    if (theirs !== undefined && theirs !== own) return { pid, holder };
    if (Date.now() > deadline) throw new DataPlaneError("A network namespace was not made within 20 s");
    await sleep(2);
  }
}

/** The namespace outside of all nodes: a bridge that joins them, the way out, and the API server's relay. */
export async function makeOutside(spec: KeeperSpec): Promise<NetworkNamespace> {
  const outside = await makeNamespace(makeGroup(join(spec.group, "outside")), spec.programs.peer, "outside");
  await ip(outside.pid, [
    "link add br0 type bridge",
    `addr add ${spec.outsideAddress}/16 dev br0`,
    `addr add ${internetAddress}/32 dev lo`,
    "link set br0 up",
    ...spec.nodes.map(({ plainCidr, address }) => `route add ${plainCidr} via ${address}`),
  ]);
  return outside;
}

/** Makes a node's namespace and folders, and joins it to the others. */
export async function makeNode(
  spec: KeeperSpec,
  outside: NetworkNamespace,
  nodeSpec: NodeSpec,
): Promise<Node> {
  const group = makeGroup(join(spec.group, nodeSpec.name));
  const namespace = await makeNamespace(group, spec.programs.peer, nodeSpec.name);
  const folder = nodeFolder(nodeSpec.name);
  const [root, bpf, cgroup] = ["root", "bpf", "cgroup"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const path of [root, bpf, cgroup]) mkdirSync(path, { recursive: true });
  await run(["mount", "-t", "bpf", "bpf", bpf]);
  await run(["mount", "--bind", group, cgroup]);
  makeGroup(join(group, "commands"));

  const port = nodeSpec.name;
  await ip(outside.pid, [
    `link add ${port} type veth peer name eth0 netns ${namespace.pid}`,
    `link set ${port} master br0`,
    `link set ${port} up`,
  ]);
  const others = spec.nodes.filter(({ name }) => name !== nodeSpec.name);
  await ip(namespace.pid, [
    `addr add ${nodeSpec.address}/16 dev eth0`,
    "link set eth0 up",
    `route add default via ${spec.outsideAddress}`,
    ...others.map(({ plainCidr, address }) => `route add ${plainCidr} via ${address}`),
  ]);
  // A node forwards. The key belongs to the namespace, so the machine's own stays as it is.
  await run(inNetworkOf(namespace.pid, ["sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward"]));
  return { ...namespace, spec: nodeSpec, group, root, bpf, cgroup };
}

/** Which namespace a file of /proc/PID/ns stands for; undefined when the process is gone. */
function identityOf(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}
