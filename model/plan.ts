import { adoptCorefile } from "./adopted-corefile.ts";
import { type LiveCluster, ownLabels } from "./live.ts";
import { nodeTuningName } from "./node-tuning.ts";
import { resolveFlows } from "./policies/flows.ts";
import { networkPolicies, type Policy } from "./policies/policies.ts";
import { preflightProblems } from "./preflight.ts";
import type { Problem } from "./problem.ts";
import { parseQuantity } from "./quantity.ts";
import type { Settings } from "./settings.ts";
import { bpfMapSizes } from "./sizing/bpf-maps.ts";
import { conntrackBuckets, conntrackMax } from "./sizing/conntrack.ts";
import type { Size } from "./sizing/size.ts";
import { nodeSysctls, type Sysctl } from "./sysctl.ts";

/** Everything that a deployment does, decided before its first step. */
export interface Plan {
  readonly labels: Readonly<Record<string, string>>;
  readonly apiServer: { readonly host: string; readonly port: number };
  readonly createNamespaces: readonly string[];
  readonly policies: readonly Policy[];
  /** The whole Corefile to serve, and the hash of the one below it; undefined when DNS is left alone. */
  readonly dns?: { readonly corefile: string; readonly originalHash: string } | undefined;
  readonly sysctls: readonly Sysctl[];
  readonly sizes: Readonly<Record<string, Size>>;
  /** What deserves a look, but stops nothing. */
  readonly warnings: readonly string[];
}

/**
 * Decides what to deploy, from the settings and from what is in the cluster.
 * @param stack - `<project>.<stack>`, the value of the stack label
 * @returns the plan, or what stands in its way; never both
 */
export function planNetwork(
  settings: Settings,
  live: LiveCluster,
  stack: string,
): { plan?: Plan; problems: readonly Problem[] } {
  const { cluster, dns, nodeTuning, namespaces } = settings;
  const policies = networkPolicies(namespaces, resolveFlows(namespaces).flows);
  const sizes = nodeSizes(settings);
  const adopted = dns.enabled && live.coreDns ? adoptCorefile(live.coreDns, dns) : undefined;
  const problems = [
    ...preflightProblems(settings, live, {
      stack,
      policies,
      daemonSet: nodeTuning.enabled ? nodeTuningName : undefined,
    }),
    ...(adopted?.problems ?? []),
  ];
  if (problems.length > 0) return { problems };
  return {
    problems: [],
    plan: {
      labels: ownLabels(stack),
      apiServer: cluster.apiServer === "auto" ? live.apiServer : cluster.apiServer,
      createNamespaces: namespaces.filter(({ create }) => create).map(({ name }) => name),
      policies,
      dns:
        adopted?.corefile === undefined
          ? undefined
          : { corefile: adopted.corefile, originalHash: adopted.originalHash },
      sysctls: nodeTuning.enabled ? nodeSysctls({ ...sizes, tcpTwReuse: nodeTuning.tcpTwReuse }) : [],
      sizes,
      warnings: adopted?.warnings ?? [],
    },
  };
}

function nodeSizes({ cluster, nodeTuning }: Settings) {
  const { production, node } = cluster;
  const max = conntrackMax({ production, cores: node.cores, wanted: nodeTuning.conntrackMax });
  return {
    conntrackMax: max,
    conntrackBuckets: conntrackBuckets(max.value),
    ...bpfMapSizes(parseQuantity(node.memory) ?? 0),
  };
}
