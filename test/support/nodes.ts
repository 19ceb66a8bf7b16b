import { type LiveNode, osLabel } from "../../model/live-nodes.ts";

/** A node with Linux as it runs in a small cluster, with what a test needs otherwise. */
export function liveNode(over: Partial<LiveNode> = {}): LiveNode {
  return {
    name: "worker-1",
    taints: [],
    kernel: "6.8.0-45-generic",
    architecture: "amd64",
    cores: 4,
    memoryBytes: 8 * 2 ** 30,
    ...over,
    labels: { [osLabel]: "linux", ...over.labels },
  };
}

/** So many of the same nodes, by number. */
export const liveNodes = (count: number, over: Partial<LiveNode> = {}): LiveNode[] =>
  Array.from({ length: count }, (_, i) => liveNode({ name: `worker-${i + 1}`, ...over }));
