import { z } from "zod";
import type { Problem } from "./problem.ts";
import { crossFieldProblems } from "./settings-rules.ts";
import { explainIssues } from "./settings-errors.ts";

const dnsLabel = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, "use lower-case letters, digits and -, at most 63 of them");
const cidr = z
  .string()
  .regex(/^[0-9a-fA-F.:]+\/\d{1,3}$/, "write a network with its prefix length, such as 10.244.0.0/16");
const memory = z
  .string()
  .regex(/^\d+(\.\d+)?\s*([KMGT]i?B?)$/, "write a number with its unit, such as 64GiB");
const port = z.int().min(1).max(65535);
const labels = z.record(z.string(), z.string());

const cluster = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?$/, "use lower-case letters, digits and -, at most 32 of them")
    .describe("Name of the cluster"),
  production: z
    .boolean()
    .default(false)
    .describe(
      "Production rules: two operators, conntrack of at least 1,048,576, Cilium protected from deletion",
    ),
  platform: z
    .enum(["kubeadm"])
    .default("kubeadm")
    .describe("What runs the cluster. kubeadm stands for all that keep CoreDNS in kube-system/coredns"),
  context: z.string().min(1).optional().describe("Context of the kubeconfig. Default: its current one"),
  nodes: z.int().min(1).max(5000).describe("Number of nodes"),
  node: z
    .strictObject({
      cores: z.int().min(1).max(1024).default(4).describe("Cores of the smallest node"),
      memory: memory.default("8GiB").describe("Memory of the smallest node"),
      kernel: z
        .string()
        .regex(/^\d+\.\d+(\.\d+)?/, "write a version, such as 5.15")
        .optional()
        .describe("Oldest kernel among the nodes, such as 5.15. Default: not checked"),
    })
    .prefault({})
    .describe("The smallest node; sizes derive from it"),
  podsPerNode: z.int().min(1).max(1000).default(110).describe("Pods that a node may run"),
  services: z.int().min(0).max(100_000).default(500).describe("Services in the cluster"),
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

const cilium = z.strictObject({
  enabled: z.boolean().default(true).describe("Deploy Cilium"),
  version: z
    .string()
    .regex(/^1\.\d+\.\d+$/, "write a chart version, such as 1.20.2")
    .default("1.20.2")
    .describe("Chart version, 1.14.0 to 1.20.x"),
  chart: z
    .strictObject({
      repository: z.url().optional().describe("Helm repository. Default: Cilium's official one"),
      path: z.string().min(1).optional().describe("Folder or archive of the chart on this machine"),
      oci: z.string().startsWith("oci://").optional().describe("OCI reference of the chart"),
    })
    .prefault({})
    .describe("Where the chart comes from; one of repository, path, oci"),
  operatorReplicas: z
    .int()
    .min(1)
    .max(10)
    .optional()
    .describe("Operators. Default: 2 in production (1 on a single node), else 1"),
  hubble: z
    .strictObject({
      enabled: z.boolean().default(true).describe("Flow visibility in each agent"),
      relay: z.boolean().default(true).describe("Cluster-wide view; needs hubble.enabled"),
      ui: z.boolean().default(true).describe("Service map; needs hubble.relay"),
    })
    .prefault({})
    .describe("Hubble"),
  timeoutSeconds: z.int().min(30).max(3600).default(600).describe("How long to wait for the release"),
  values: z
    .record(z.string(), z.unknown())
    .default({})
    .describe("Chart values laid over the derived ones, as they are"),
});

const dns = z.strictObject({
  enabled: z.boolean().default(true).describe("Tune the Corefile of kube-system/coredns"),
  clusterDomain: z.string().min(1).default("cluster.local").describe("The cluster's DNS domain"),
  cache: z
    .strictObject({
      success: z.int().min(1024).max(1_048_576).default(9984).describe("Positive answers kept"),
      ttlSeconds: z.int().min(1).max(3600).default(30).describe("Longest TTL of a positive answer"),
      denial: z.int().min(1024).max(1_048_576).default(9984).describe("Negative answers kept"),
      denialTtlSeconds: z.int().min(1).max(30).default(5).describe("Longest TTL of a negative answer"),
    })
    .prefault({})
    .describe("Bounds of the cache plugin; about 3 KB an entry"),
  upstreams: z
    .array(z.string().min(1))
    .min(1)
    .max(15)
    .default(["/etc/resolv.conf"])
    .describe("Where names outside the cluster are asked"),
  maxConcurrent: z
    .int()
    .min(1)
    .max(100_000)
    .default(1000)
    .describe("Upstream queries in flight; about 2 KB each"),
  policy: z
    .enum(["sequential", "round_robin", "random"])
    .default("sequential")
    .describe("Order of the upstreams"),
  lameduckSeconds: z.int().min(0).max(60).default(5).describe("Seconds a stopping server still answers"),
});

const nodeTuning = z.strictObject({
  enabled: z.boolean().default(true).describe("Deploy the sysctl DaemonSet"),
  image: z
    .string()
    .min(1)
    .default("docker.io/library/busybox:1.37.0")
    .describe("Image with a POSIX shell, sysctl and sleep"),
  conntrackMax: z
    .int()
    .min(65_536)
    .max(16_777_216)
    .optional()
    .describe(
      "net.netfilter.nf_conntrack_max. Default: from the node's size; at least 1,048,576 in production",
    ),
  tcpTwReuse: z
    .int()
    .min(0)
    .max(2)
    .default(1)
    .describe(
      "net.ipv4.tcp_tw_reuse of the host: 0 off, 1 on, 2 loopback only. Pods have their own, see docs",
    ),
});

const workload = z.strictObject({
  name: dnsLabel.describe("Name of the workload"),
  labels: labels
    .optional()
    .describe("Labels of its pods. Default: app.kubernetes.io/name with the workload's name"),
  ports: z
    .record(
      dnsLabel.max(15, "port names have at most 15 characters"),
      z.union([port, z.strictObject({ port, protocol: z.enum(["TCP", "UDP", "SCTP"]).default("TCP") })]),
    )
    .default({})
    .describe("Container ports by name: a number (TCP), or port and protocol"),
});

const flow = z.strictObject({
  from: z.string().min(1).describe("Workload that connects: name, or namespace/name"),
  to: z.string().min(1).describe("Workload that answers: name, or namespace/name"),
  port: z.union([dnsLabel, port]).describe("Port of the answering workload, by name or number"),
});

const namespace = z.strictObject({
  name: dnsLabel.describe("Name of the namespace"),
  create: z
    .boolean()
    .default(false)
    .describe(
      "Create it. It must not exist yet, and it stays when the stack goes. Default: it exists already",
    ),
  workloads: z.array(workload).default([]).describe("What runs there, as far as flows name it"),
  flows: z.array(flow).default([]).describe("Who talks to whom; everything else is denied, DNS excepted"),
});

/** Everything a stack can say, with defaults. The only definition of the configuration. */
export const settingsSchema = z.strictObject({
  cluster: cluster.describe("Name, size, address ranges and API server of the cluster"),
  cilium: cilium.prefault({}).describe("The datapath: Cilium by its official Helm chart"),
  dns: dns.prefault({}).describe("Cluster DNS: the tuned Corefile"),
  nodeTuning: nodeTuning.prefault({}).describe("Node sysctls: conntrack and TIME_WAIT reuse"),
  namespaces: z
    .array(namespace)
    .default([])
    .describe("Namespaces under default-deny, their workloads, and the flows that pass"),
});

/** The whole configuration, defaults filled in. */
export type Settings = z.output<typeof settingsSchema>;
export type CiliumSettings = Settings["cilium"];
export type DnsSettings = Settings["dns"];
export type NamespaceSettings = Settings["namespaces"][number];
export type WorkloadSettings = NamespaceSettings["workloads"][number];

/**
 * Reads the configuration of a stack.
 * @param raw - the configuration's keys and values, as the stack file has them
 * @returns the settings, or what is wrong with them; never both
 */
export function readSettings(raw: unknown): { settings?: Settings; problems: Problem[] } {
  const parsed = settingsSchema.safeParse(raw);
  if (!parsed.success) return { problems: explainIssues(parsed.error.issues, raw, settingsJsonSchema()) };
  const problems = crossFieldProblems(parsed.data);
  return problems.length > 0 ? { problems } : { settings: parsed.data, problems: [] };
}

/** The configuration as JSON Schema, for editors and for "did you mean". */
export function settingsJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(settingsSchema, { io: "input" });
}
