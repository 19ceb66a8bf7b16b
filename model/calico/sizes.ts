import { parseCidr } from "../cidr.ts";
import type { Settings } from "../settings.ts";
import type { Size } from "../sizing/size.ts";
import { isPlainObject } from "../cilium/merge-values.ts";
import { asList, atPath } from "../tree.ts";
import { calicoValues } from "./values.ts";

/** Numbers of Calico's addresses: those of its first pool, from which nodes take blocks. */
export function calicoSizes({ calico, cluster }: Settings): Record<string, Size> {
  const values = calicoValues({ settings: calico, podCidr: cluster.podCidr });
  const pools = asList(atPath(values, "installation.calicoNetwork.ipPools"));
  const pool = Array.isArray(pools) ? (pools as unknown[])[0] : undefined;
  const [address, prefix] = parseCidr(isPlainObject(pool) ? String(pool.cidr) : "") ?? [];
  if (!isPlainObject(pool) || address === undefined || prefix === undefined) return {};
  if (typeof pool.blockSize !== "number") return {};
  const size = pool.blockSize;
  const perBlock = 2 ** ((address.kind() === "ipv4" ? 32 : 128) - size);
  const source = "Calico's IPAM: a node takes blocks of the pool";
  return {
    addressBlocks: {
      value: 2 ** (size - prefix),
      unit: "blocks",
      because: `${String(pool.cidr)} in blocks of /${size}; ${cluster.nodes} nodes take one each at least`,
      source,
    },
    blocksPerNode: {
      value: Math.ceil(cluster.podsPerNode / perBlock),
      unit: "blocks",
      because: `${cluster.podsPerNode} pods in blocks of ${perBlock} addresses`,
      source,
    },
  };
}
