import { overlappingCidrs, parseCidr } from "./cidr.ts";
import { calicoProblems } from "./calico/problems.ts";
import { agentProblems } from "./cilium/agent-checks/index.ts";
import { chartVersionProblems } from "./cilium/requirements.ts";
import { ciliumProblems } from "./cilium/values.ts";
import { crdSourceProblems } from "./gateway-api/source.ts";
import { kubeProxyProblems } from "./kube-proxy.ts";
import { clusterPolicyProblems } from "./policies/cluster-policy-problems.ts";
import { dialectProblems, enforceProblems } from "./policies/dialect.ts";
import { resolveFlows } from "./policies/flows.ts";
import { workloadProblems } from "./policies/workloads.ts";
import { stageProblems } from "./policies/stages.ts";
import type { Problem } from "./problem.ts";
import { plannedServices } from "./services/planned.ts";
import type { Settings } from "./settings.ts";
import { networkSizes } from "./sizing/network-sizes.ts";

/** Prefix length of a node's share of the pod range, as kube-controller-manager cuts it (IPv4). */
const nodeMaskBits = 24;

/** Rules that look at more than one key. */
export function crossFieldProblems(settings: Settings): Problem[] {
  return [
    ...addressProblems(settings),
    ...chartSourceProblems(settings),
    ...crdSourceProblems(settings.cilium),
    ...(settings.datapath === "cilium" ? chartVersionProblems(settings.cilium.version) : []),
    ...ciliumProblems({ settings: settings.cilium }),
    ...kubeProxyProblems(settings.cilium),
    ...agentProblems(settings),
    ...calicoProblems(settings),
    ...networkSizes(settings).problems,
    ...repeated(settings.cluster.nodePools ?? [], "cluster.nodePools", "pool"),
    ...namespaceProblems(settings),
    ...workloadProblems(settings.namespaces),
    ...flowProblems(settings),
  ];
}

function flowProblems(settings: Settings): Problem[] {
  const { flows, problems } = resolveFlows(settings);
  return [
    ...stageProblems(settings),
    ...dialectProblems(settings),
    ...clusterPolicyProblems(settings),
    ...problems,
    ...enforceProblems(settings, flows),
    ...plannedServices(settings, flows).problems,
  ];
}

function addressProblems({ cluster, calico }: Settings): Problem[] {
  const ranges = (["podCidr", "serviceCidr", "nodeCidr"] as const).flatMap((key) => {
    const cidr = cluster[key];
    return cidr === undefined ? [] : [{ path: `cluster.${key}`, cidr }];
  });
  const invalid = ranges
    .filter(({ cidr }) => parseCidr(cidr) === undefined)
    .map(({ path, cidr }) => ({
      path,
      message: `${cidr} is not a network`,
      remedy: "write an address and a prefix length, such as 10.244.0.0/16",
    }));
  if (invalid.length > 0) return invalid;
  // Calico hands out blocks of its own.
  return [...overlappingCidrs(ranges), ...(calico.enabled ? [] : podRangeProblems(cluster))];
}

/** Every node takes a /24 of the pod range; a node without one never becomes ready. */
function podRangeProblems(cluster: Settings["cluster"]): Problem[] {
  const [address, prefix] = parseCidr(cluster.podCidr) ?? [];
  if (address?.kind() !== "ipv4" || prefix === undefined) return [];
  const room = 2 ** Math.max(0, nodeMaskBits - prefix);
  if (cluster.nodes <= room && prefix <= nodeMaskBits) return [];
  const needed = nodeMaskBits - Math.ceil(Math.log2(cluster.nodes));
  return [
    {
      path: "cluster.podCidr",
      message: `${cluster.podCidr} holds ${prefix > nodeMaskBits ? 0 : room} nodes at a /24 each, not ${cluster.nodes}`,
      remedy: `use a /${needed} or larger range`,
    },
  ];
}

function chartSourceProblems(settings: Settings): Problem[] {
  const { datapath } = settings;
  const { chart } = settings[datapath];
  const given = (["repository", "path", "oci"] as const).filter((key) => chart[key] !== undefined);
  if (given.length <= 1) return [];
  return [
    {
      path: `${datapath}.chart`,
      message: `${given.join(" and ")} are given together`,
      remedy: "keep one of repository, path, oci",
    },
  ];
}

function namespaceProblems({ namespaces }: Settings): Problem[] {
  return [
    ...repeated(namespaces, "namespaces", "namespace"),
    ...namespaces.flatMap((ns, i) => repeated(ns.workloads, `namespaces[${i}].workloads`, "workload")),
  ];
}

function repeated(items: readonly { readonly name: string }[], path: string, what: string): Problem[] {
  return items.flatMap(({ name }, i) => {
    const first = items.findIndex((item) => item.name === name);
    if (first === i) return [];
    return [
      {
        path: `${path}[${i}].name`,
        message: `A ${what} ${name} stands at ${path}[${first}] already`,
        remedy: "merge the two entries, or rename one",
      },
    ];
  });
}
