import { agrees } from "./cilium/gate/kernel.ts";
import { oldestKernel } from "./cilium/gate/index.ts";
import type { LiveNode } from "./live-nodes.ts";
import { osLabel } from "./live-nodes.ts";
import type { LiveCluster } from "./live.ts";
import type { Problem } from "./problem.ts";
import type { Settings } from "./settings.ts";
import { memoryBytes } from "./sizing/node-pools.ts";
import { networkSizes } from "./sizing/network-sizes.ts";

/** A cluster may have so many times the nodes it declares before its sizes are worth a thought. */
const grown = 1.2;
/** Below this share nodes are still to come, or never will. */
const missing = 0.5;
/** Kubelets report less than the machine has. */
const reported = 0.85;
const generous = 2;
/** Sizes that a warning names. */
const namedSizes = 4;

/**
 * Where the declaration is no longer true of the nodes that are there. Sizes follow from the declaration
 * all the same: they must not change with every node that comes or goes.
 */
export function declarationWarnings(settings: Settings, live: LiveCluster): Problem[] {
  // Cilium's sizes, sysctls and kernels are those of nodes with Linux.
  const nodes = live.nodes.filter(({ labels }) => labels[osLabel] === "linux");
  return [...versionWarnings(settings, live), ...(nodes.length > 0 ? shapeWarnings(settings, nodes) : [])];
}

function versionWarnings(settings: Settings, live: LiveCluster): Problem[] {
  const { node, nodePools, kubernetesVersion } = settings.cluster;
  const oldest = live.nodes.length > 0 ? oldestKernel(settings, live) : undefined;
  const found: [path: string, what: string, declared: string | undefined, live: string | undefined][] = [
    [
      nodePools ? "cluster.nodePools" : "cluster.node.kernel",
      "oldest kernel of the nodes",
      node.kernel,
      oldest,
    ],
    ["cluster.kubernetesVersion", "version of the API server", kubernetesVersion, live.kubernetesVersion],
  ];
  return found.flatMap(([path, what, declared, is]) =>
    declared === undefined || is === undefined || agrees(declared, is)
      ? []
      : {
          path,
          message: `${declared} is declared, and the ${what} is ${is}, which counts`,
          remedy: "correct it, or leave it out",
        },
  );
}

function shapeWarnings(settings: Settings, nodes: readonly LiveNode[]): Problem[] {
  const { cluster } = settings;
  const least = {
    cores: Math.min(...nodes.map(({ cores }) => cores)),
    memory: Math.min(...nodes.map(({ memoryBytes }) => memoryBytes)),
  };
  const memory = memoryBytes(cluster.node);
  const far = [
    ...(nodes.length > cluster.nodes * grown || nodes.length < cluster.nodes * missing
      ? [`${nodes.length} nodes instead of ${cluster.nodes}`]
      : []),
    ...(least.cores < cluster.node.cores || least.cores > cluster.node.cores * generous
      ? [`${least.cores} cores at the least instead of ${cluster.node.cores}`]
      : []),
    ...(least.memory < memory * reported || least.memory > memory * generous
      ? [`${mebibytes(least.memory)} at the least instead of ${cluster.node.memory}`]
      : []),
  ];
  if (far.length === 0) return [];
  const node = { ...cluster.node, cores: least.cores, memory: mebibytes(least.memory) };
  const changed = changedSizes(settings, {
    ...settings,
    cluster: { ...cluster, nodes: nodes.length, node, nodePools: undefined },
  });
  const more = changed.length > namedSizes ? `, and ${changed.length - namedSizes} more` : "";
  return [
    {
      path: "cluster",
      message: `The cluster has ${far.join(", ")}; ${changed.length === 0 ? "no size changes with it" : `sized by what is there: ${changed.slice(0, namedSizes).join(", ")}${more}`}`,
      remedy: `declare what it has, or will have (${cluster.nodePools ? "cluster.nodePools" : "cluster.nodes, cluster.node"})`,
    },
  ];
}

/** The numbers that nodes are given, where they would be others. */
function changedSizes(declared: Settings, live: Settings): string[] {
  const [before, after] = [networkSizes(declared), networkSizes(live)];
  const [old, now] = [before, after].map(({ node, datapath }) => ({ ...node, ...datapath }));
  return Object.entries(now ?? {}).flatMap(([name, { value }]) => {
    const was = old?.[name as keyof typeof old]?.value;
    return was === undefined || was === value ? [] : `${name} ${was} → ${value}`;
  });
}

const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)}MiB`;
