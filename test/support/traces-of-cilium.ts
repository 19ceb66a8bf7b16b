import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { type BpfSnapshot, difference, snapshot } from "../../sandbox/data-plane/bpf.ts";
import type { DataPlane } from "../../sandbox/data-plane/index.ts";

/** How the lines of `tracesOfCilium` begin. */
export const traceKinds = ["hook of a group", "hook of a device", "pin", "device", "rule", "held"];

/**
 * What of Cilium is in a data plane, a line each. For eBPF it is all that can keep it alive: hooks of
 * the data plane's groups, hooks of its nodes' devices, pins in their file systems, and what its
 * processes hold. Whatever other data planes have is left out.
 * @param before all eBPF from before Cilium came
 */
export async function tracesOfCilium(dataPlane: DataPlane, before: BpfSnapshot): Promise<string[]> {
  const { group, state } = dataPlane;
  const groups = difference(before, snapshot()).filter((line) => line.includes(basename(group)));
  const nodes = await Promise.all(
    state.nodes.map(async ({ name }) => {
      const { stdout } = await dataPlane.exec({ node: name }, ["sh", "-c", onNode, name]);
      return stdout.split("\n").filter(Boolean);
    }),
  );
  return [...groups.map((line) => `hook of a group: ${line}`), ...nodes.flat(), ...heldBelow(group)];
}

/** Takes the node's name. The kernel itself puts maps.debug and progs.debug into a BPF file system. */
const onNode = `
bpftool net | grep ' id ' | sed "s/^/hook of a device: $0 /"
find "/run/nodes/$0/bpf" -mindepth 1 ! -name '*.debug' | sed 's/^/pin: /'
ip -oneline link | grep -E ': (cilium_|lxc)' | sed "s/^/device: $0 /"
iptables-save | grep CILIUM_ | sed "s/^/rule: $0 /"`;

/** eBPF that processes of a group hold open. */
function heldBelow(group: string): string[] {
  const pids = readFileSync(join(group, "cgroup.procs"), "utf8").split("\n").filter(Boolean);
  const below = readdirSync(group, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [...pids.flatMap(heldBy), ...below.flatMap(({ name }) => heldBelow(join(group, name)))];
}

function heldBy(pid: string): string[] {
  try {
    const folder = `/proc/${pid}/fd`;
    const files = readdirSync(folder).map((file) => readlinkSync(join(folder, file)));
    return files.filter((file) => file.includes("bpf")).map((file) => `held: ${file} by process ${pid}`);
  } catch {
    // It has ended meanwhile, and holds nothing.
    return [];
  }
}
