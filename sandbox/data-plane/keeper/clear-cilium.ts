import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { inNetworkOf, run } from "./shell.ts";
import type { Node } from "./network.ts";

/** Devices that Cilium makes on a node: with them go the programs on them. */
const devices = /^(cilium_|lxc)/;

/**
 * Clears a node of Cilium as a restart would: its devices and the programs on the
 * node's own, its hooks in the node's control group, its pins, its rules, its state.
 */
export async function clearCilium(node: Node): Promise<void> {
  const links = JSON.parse(await run(inNetworkOf(node.pid, ["ip", "-json", "link", "show"]))) as {
    ifname: string;
  }[];
  for (const { ifname } of links) {
    const argv = devices.test(ifname)
      ? ["ip", "link", "del", ifname]
      : ["tc", "qdisc", "del", "dev", ifname, "clsact"];
    // The other end of a pair is gone with the first, and not every device has a filter.
    await run(inNetworkOf(node.pid, argv)).catch(() => undefined);
  }
  // Nobody else writes rules into a node's namespace.
  const flush =
    'for table in mangle raw filter nat; do for how in -F -X; do iptables -t "$table" "$how"; done; done';
  // A table that this kernel has not holds no rule.
  await run(inNetworkOf(node.pid, ["sh", "-c", flush])).catch(() => undefined);
  // Pins are in folders. A kernel may put files of its own beside them, which nobody can remove.
  for (const entry of readdirSync(node.bpf, { withFileTypes: true })) {
    if (entry.isDirectory()) rmSync(join(node.bpf, entry.name), { recursive: true, force: true });
  }
  rmSync(join(node.root, "var/run/cilium"), { recursive: true, force: true });
}
