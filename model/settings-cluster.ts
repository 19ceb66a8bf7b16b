import { z } from "zod";
import { kernelNeedNames } from "./cilium/gate/kernel-need.ts";
import { cidr, dnsLabel, memory, port } from "./settings-primitives.ts";
import { nodeCount, type NodeFacts, type NodePool, smallestNode } from "./sizing/node-pools.ts";

const node = {
  cores: z.int().min(1).max(1024).default(4).describe("Cores of a node"),
  memory: memory.default("8GiB").describe("Memory of a node"),
  kernel: z
    .string()
    .regex(/^\d+\.\d+(\.\d+)?/, "write a version, such as 5.15")
    .optional()
    .describe("Oldest kernel among the nodes, such as 5.15. Default: not checked before the nodes are there"),
};

const clusterKeys = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?$/, "use lower-case letters, digits and -, at most 32 of them")
    .describe("Name of the cluster"),
  production: z
    .boolean()
    .default(false)
    .describe(
      "Production rules: two operators, conntrack of at least 1,048,576, the datapath protected from deletion",
    ),
  platform: z
    .enum(["kubeadm"])
    .default("kubeadm")
    .describe("What runs the cluster. kubeadm stands for all that keep CoreDNS in kube-system/coredns"),
  context: z.string().min(1).optional().describe("Context of the kubeconfig. Default: its current one"),
  nodes: z.int().min(1).max(5000).optional().describe("Number of nodes. Default: those of nodePools"),
  node: z
    .strictObject(node)
    .optional()
    .describe(
      "The smallest node; sizes derive from it. Default: 4 cores and 8GiB, or the least of nodePools",
    ),
  nodePools: z
    .array(
      z.strictObject({
        name: dnsLabel.describe("Name of the pool"),
        count: z.int().min(1).max(5000).describe("Number of nodes"),
        ...node,
      }),
    )
    .min(1)
    .optional()
    .describe("The nodes by kind, instead of nodes and node"),
  kubernetesVersion: z
    .string()
    .regex(/^v?1\.\d+(\.\d+)?$/, "write a version, such as 1.34")
    .optional()
    .describe("Version of Kubernetes, such as 1.34. Default: what the API server says"),
  kernelHas: z
    .array(z.enum(kernelNeedNames))
    .default([])
    .describe(
      "What the nodes' kernels have by back-port or module, although their version is too old for it; not checked then",
    ),
  podsPerNode: z.int().min(1).max(1000).default(110).describe("Pods that a node may run"),
  pods: z.int().min(1).max(500_000).optional().describe("Pods in the cluster. Default: nodes × podsPerNode"),
  services: z.int().min(0).max(100_000).default(500).describe("Services in the cluster"),
  servicePorts: z.int().min(1).max(100).default(2).describe("Ports of a Service, on average"),
  endpoints: z
    .int()
    .min(0)
    .max(1_000_000)
    .optional()
    .describe("Pods behind Services, counted once for each Service. Default: every pod once"),
  identities: z
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe("Different sets of pod labels, each a security identity. Default: one for 10 pods"),
  connections: z
    .int()
    .min(1)
    .max(10_000_000)
    .optional()
    .describe("Connections of a node at its busiest, open at once. Default: 500 for each of podsPerNode"),
  dnsQueriesPerSecond: z
    .int()
    .min(1)
    .max(10_000_000)
    .optional()
    .describe("DNS queries of the whole cluster at its busiest, per second. Default: 1 for each pod"),
  podCidr: cidr.default("10.244.0.0/16").describe("Range of the pods' addresses"),
  serviceCidr: cidr.default("10.96.0.0/12").describe("Range of the Services' addresses"),
  nodeCidr: cidr.optional().describe("Range of the nodes' addresses; only checked for overlaps"),
  apiServer: z
    .union([
      z.literal("auto"),
      z.strictObject({
        host: z.string().min(1).describe("Address that every node reaches without kube-proxy"),
        port: port.default(6443).describe("Port of the API server"),
      }),
    ])
    .default("auto")
    .describe(
      "API server as the nodes reach it. auto: from kube-public/cluster-info, else from the kubeconfig",
    ),
});

interface Nodes {
  readonly nodes: number;
  readonly node: NodeFacts;
  readonly nodePools?: readonly NodePool[] | undefined;
}

/** Size, address ranges and API server of the cluster. Nodes are given by number and size, or by pools. */
export const cluster = clusterKeys.transform(({ nodes, node: smallest, nodePools, ...rest }, context) => {
  const leaveOut = (key: string, value: unknown, because: string): void => {
    context.addIssue({ code: "custom", path: [key], input: value, message: `leave it out: ${because}` });
  };
  const withNodes = (found: Nodes) => ({ ...rest, ...found });
  const [first, ...others] = nodePools ?? [];
  if (first === undefined) {
    if (nodes === undefined) {
      context.addIssue({ code: "invalid_type", expected: "int", input: undefined, path: ["nodes"] });
    }
    return withNodes({ nodes: nodes ?? 0, node: smallest ?? z.strictObject(node).parse({}) });
  }
  const pools = [first, ...others] as const;
  const count = nodeCount(pools);
  if (nodes !== undefined && nodes !== count) leaveOut("nodes", nodes, `nodePools have ${count}`);
  if (smallest !== undefined) leaveOut("node", smallest, "nodePools say it for each pool");
  return withNodes({ nodes: count, node: smallestNode(pools), nodePools: pools });
});
