import { parseQuantity } from "../../model/quantity.ts";
import { addressAt } from "./cidr.ts";
import type { NodeManifest } from "./manifest.ts";
import { nodeCidr } from "./options.ts";
import type { NodePool } from "./options.ts";

/** A kubelet withholds its hard eviction threshold, 100 MiB, from pods. */
const evictionKiB = 100 * 1024;

/**
 * The Node objects of pools, as kubelets would register them. kwok adds the
 * conditions and the heartbeats, kube-controller-manager the pod CIDR.
 */
export function nodeObjects(pools: readonly Required<NodePool>[]): NodeManifest[] {
  const numbers = new Map<string, number>();
  const wanted = pools.flatMap((pool) => Array.from({ length: pool.count }, () => pool));
  return wanted.map((pool, index) => {
    const number = (numbers.get(pool.name) ?? 0) + 1;
    numbers.set(pool.name, number);
    // The first address is the network's, the second its gateway's.
    return nodeObject(pool, `${pool.name}-${number}`, addressAt(nodeCidr, index + 2));
  });
}

function nodeObject(pool: Required<NodePool>, name: string, address: string): NodeManifest {
  // A kubelet reports KiB.
  const memory = Math.floor((parseQuantity(pool.memory) ?? 0) / 1024);
  const resources = { cpu: String(pool.cores), "ephemeral-storage": "100Gi", pods: "110" };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        "beta.kubernetes.io/arch": "amd64",
        "beta.kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        ...pool.labels,
      },
      annotations: { "volumes.kubernetes.io/controller-managed-attach-detach": "true" },
    },
    status: {
      addresses: [
        { type: "InternalIP", address },
        { type: "Hostname", address: name },
      ],
      capacity: { ...resources, memory: `${memory}Ki` },
      allocatable: { ...resources, memory: `${Math.max(memory - evictionKiB, 0)}Ki` },
      nodeInfo: {
        architecture: "amd64",
        bootID: "",
        containerRuntimeVersion: "containerd://2.1.4",
        kernelVersion: pool.kernelVersion,
        kubeProxyVersion: pool.kubernetesVersion,
        kubeletVersion: pool.kubernetesVersion,
        machineID: "",
        operatingSystem: "linux",
        osImage: "Ubuntu 22.04.5 LTS",
        systemUUID: "",
      },
    },
  };
}
