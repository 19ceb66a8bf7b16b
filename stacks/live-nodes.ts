import type { V1Node } from "@kubernetes/client-node";
import type { ClusterReader } from "../components/cluster-reader.ts";
import { type LiveNode, osLabel } from "../model/live-nodes.ts";
import { parseQuantity } from "../model/quantity.ts";

/** Where Calico notes the addresses of a node's tunnels. */
const tunnelAnnotations = ["IPv4IPIPTunnelAddr", "IPv4VXLANTunnelAddr", "IPv6VXLANTunnelAddr"].map(
  (name) => `projectcalico.org/${name}`,
);

function tunnelsOf(annotations: Readonly<Record<string, string>> = {}): Pick<LiveNode, "tunnels"> {
  const tunnels = tunnelAnnotations.flatMap((key) => annotations[key] ?? []);
  return tunnels.length > 0 ? { tunnels } : {};
}

/**
 * Reads the nodes, in one call: they are many and long (images, conditions), so they come out of the API
 * server's cache, and only what is looked at is kept.
 */
export async function readNodes(cluster: ClusterReader): Promise<LiveNode[]> {
  const found = await cluster.get<{ items: V1Node[] | null }>("/api/v1/nodes?resourceVersion=0");
  return (found?.items ?? []).flatMap(({ metadata, spec, status }) =>
    // A node that no kubelet has reported yet says nothing.
    status?.nodeInfo === undefined
      ? []
      : {
          name: metadata?.name ?? "",
          labels: { ...metadata?.labels, [osLabel]: status.nodeInfo.operatingSystem },
          ...tunnelsOf(metadata?.annotations),
          taints: (spec?.taints ?? []).map(({ key, value, effect }) => ({ key, value, effect })),
          kernel: status.nodeInfo.kernelVersion,
          architecture: status.nodeInfo.architecture,
          cores: Math.floor(parseQuantity(status.capacity?.cpu ?? "") ?? 0),
          memoryBytes: parseQuantity(status.capacity?.memory ?? "") ?? 0,
        },
  );
}
