import { z } from "zod";
import { nodeTuningImage } from "./node-tuning.ts";
import type { Problem } from "./problem.ts";
import { migratable } from "./prior-cni-table.ts";
import { systemProblems, withSystemNamespaces } from "./policies/system-settings.ts";
import { noProfile, profileNames, withProfile } from "./profiles.ts";
import { crossFieldProblems } from "./settings-rules.ts";
import { calico } from "./settings-calico.ts";
import { cluster } from "./settings-cluster.ts";
import { datapathOptions, hubble } from "./settings-datapath.ts";
import { explainIssues } from "./settings-errors.ts";
import { namespace } from "./settings-namespaces.ts";
import { policies } from "./settings-policies.ts";
import { otherDatapathProblems, withOneDatapath } from "./settings-switch.ts";
import { chartSource, memory } from "./settings-primitives.ts";

const cilium = z.strictObject({
  enabled: z.boolean().default(true).describe("Deploy Cilium"),
  version: z
    .string()
    .regex(/^1\.\d+\.\d+$/, "write a chart version, such as 1.20.2")
    .default("1.20.2")
    .describe("Chart version, 1.14.0 to 1.20.x"),
  chart: chartSource("Cilium"),
  operatorReplicas: z
    .int()
    .min(1)
    .max(10)
    .optional()
    .describe("Operators. Default: 2 in production (1 on a single node), else 1"),
  bpfMemoryBudget: memory
    .optional()
    .describe(
      "Most memory that the eBPF maps of a node may take. Default: 5 % of the node's, at least 128MiB",
    ),
  ...datapathOptions,
  hubble,
  timeoutSeconds: z.int().min(30).max(3600).default(600).describe("How long to wait for the release"),
  allowDatapathChange: z.boolean().default(false).describe("The same as allowDatapathChange beside datapath"),
  kubeProxy: z
    .enum(["remove", "keep"])
    .optional()
    .describe(
      "kube-proxy where Cilium replaces it. remove takes it off the nodes when the agents are ready, and puts it back before Cilium goes. Default: remove; keep where Cilium is chained behind another plugin",
    ),
  migrateFrom: z
    .array(z.enum(migratable))
    .default([])
    .describe("Network plugins that may run beside Cilium, while nodes are moved from them one by one"),
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
  image: z.string().min(1).default(nodeTuningImage).describe("Image with a POSIX shell, sysctl and sleep"),
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

/** Everything a stack can say, with defaults. The only definition of the configuration. */
export const settingsSchema = z.strictObject({
  profile: z
    .enum([noProfile, ...profileNames])
    .default(noProfile)
    .describe("What the cluster is for: settings that suit it, below those of the stack (docs/profiles.md)"),
  cluster: cluster.describe("Name, size, address ranges and API server of the cluster"),
  datapath: z
    .enum(["cilium", "calico"])
    .default("cilium")
    .describe("Who connects pods and enforces policies; the section of the other is left out"),
  allowDatapathChange: z
    .boolean()
    .default(false)
    .describe(
      "Consent to a change that cuts traffic which flows, or lets pass what is denied. For one deployment: the preview lists what it does",
    ),
  cilium: cilium.prefault({}).describe("The datapath: Cilium by its official Helm chart"),
  calico: calico.prefault({}).describe("The datapath: Calico by the tigera-operator chart"),
  dns: dns.prefault({}).describe("Cluster DNS: the tuned Corefile"),
  nodeTuning: nodeTuning.prefault({}).describe("Node sysctls: conntrack and TIME_WAIT reuse"),
  policies: policies.prefault({}).describe("How flows become policies: dialect, baseline, delivery"),
  namespaces: z
    .array(namespace)
    .default([])
    .describe("Namespaces under default-deny, their workloads, and the flows that pass"),
  namespaceFiles: z
    .array(z.string().min(1))
    .default([])
    .describe(
      "Files with further namespaces, each a list as below namespaces, such as namespaces/*.yaml; relative to the program's folder. Pulumi can hand over 128 KiB of configuration, some 150 namespaces",
    ),
});

/** The whole configuration, defaults filled in. */
export type Settings = z.output<typeof settingsSchema>;
export type ClusterSettings = Settings["cluster"];
export type CiliumSettings = Settings["cilium"];
export type CalicoSettings = Settings["calico"];
export type DnsSettings = Settings["dns"];
export type NamespaceSettings = Settings["namespaces"][number];

/**
 * Reads the configuration of a stack.
 * @param raw - the configuration's keys and values, as the stack file has them
 * @returns the settings, or what is wrong with them; never both
 */
export function readSettings(raw: unknown): { settings?: Settings; problems: Problem[] } {
  const given = withProfile(raw);
  const parsed = settingsSchema.safeParse(given);
  if (!parsed.success) return { problems: explainIssues(parsed.error.issues, given, settingsJsonSchema()) };
  const settings = withSystemNamespaces(withDerived(parsed.data));
  const problems = [
    ...otherDatapathProblems(settings, raw),
    ...systemProblems(settings, crossFieldProblems(settings)),
  ];
  return problems.length > 0 ? { problems } : { settings, problems: [] };
}

/** Defaults that follow from another section. */
function withDerived(given: Settings): Settings {
  const settings = withOneDatapath(given);
  const { cluster, cilium, namespaces } = settings;
  const { routing, clusterMesh } = cilium;
  const mesh = clusterMesh && { ...clusterMesh, name: clusterMesh.name ?? cluster.name };
  const nativeCidr = routing.nativeCidr ?? cluster.podCidr;
  const policyAuditMode = cilium.policyAuditMode || namespaces.some(({ stage }) => stage === "audit");
  return {
    ...settings,
    cilium: { ...cilium, routing: { ...routing, nativeCidr }, clusterMesh: mesh, policyAuditMode },
  };
}

/** The configuration as JSON Schema, for editors and for "did you mean". */
export function settingsJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(settingsSchema, { io: "input" });
}
