import { cidrsOverlap, parseCidr } from "../cidr.ts";
import { isPlainObject, type Values } from "../cilium/merge-values.ts";
import type { Problem } from "../problem.ts";
import type { Settings } from "../settings.ts";
import { at, atPath } from "../tree.ts";

/** Prefix lengths of blocks that the operator takes (its pkg/controller/ippool/validation.go). */
const blockSizes = { ipv4: { from: 20, to: 32, bits: 32 }, ipv6: { from: 116, to: 128, bits: 128 } } as const;

/** What is wrong with the pools of addresses, the user's own among them. */
export function poolProblems(settings: Settings, pools: unknown): Problem[] {
  const { calico } = settings;
  const own = at(calico.values, "installation", "calicoNetwork", "ipPools") !== undefined;
  const list = (Array.isArray(pools) ? pools : []).filter(isPlainObject);
  if (list.length === 0) {
    return [
      {
        path: "calico.values.installation.calicoNetwork.ipPools",
        message: "[] leaves pods without addresses",
        remedy: "leave it out, and there is one of cluster.podCidr",
      },
    ];
  }
  const pathOf =
    (i: number) =>
    (key: string): string => {
      if (own) return `calico.values.installation.calicoNetwork.ipPools[${i}].${key}`;
      if (key !== "cidr") return `calico.${key}`;
      return calico.podCidr === undefined ? "cluster.podCidr" : "calico.podCidr";
    };
  return list.flatMap((pool, i) => {
    const others = list.filter((other) => other !== pool && familyOf(other) === familyOf(pool));
    const serves = !isForServices(pool) && (pool.nodeSelector ?? "all()") === "all()";
    return [
      ...onePool(settings, pool, pathOf(i)),
      // Of several, each serves a part that nobody here knows.
      ...(serves && others.every(isForServices) ? blockProblems(settings, pool, pathOf(i)) : []),
    ];
  });
}

const familyOf = ({ cidr }: Values): string | undefined => parseCidr(String(cidr))?.[0].kind();

/** Whether a pool holds addresses of load balancers instead of pods. */
const isForServices = ({ allowedUses }: Values): boolean =>
  Array.isArray(allowedUses) && allowedUses.includes("LoadBalancer");

function onePool(settings: Settings, pool: Values, pathOf: (key: string) => string): Problem[] {
  const { cluster } = settings;
  const cidr = String(pool.cidr);
  const parsed = parseCidr(cidr);
  if (!parsed) {
    // The pods' whole range is looked at where all ranges are.
    if (pathOf("cidr") === "cluster.podCidr") return [];
    const remedy = "write an address and a prefix length, such as 10.244.0.0/16";
    return [{ path: pathOf("cidr"), message: `${cidr} is not a network`, remedy }];
  }
  const family = parsed[0].kind();
  const found: Problem[] = [];
  const overlapped = (["serviceCidr", "nodeCidr"] as const).find((key) => {
    const range = cluster[key];
    return range !== undefined && cidr !== cluster.podCidr && cidrsOverlap(cidr, range);
  });
  if (overlapped !== undefined) {
    found.push({
      path: pathOf("cidr"),
      message: `${cidr} overlaps cluster.${overlapped} ${cluster[overlapped] ?? ""}`,
      remedy: "give pods, Services and nodes ranges that share no address",
    });
  } else if (!isForServices(pool) && !within(cidr, cluster.podCidr)) {
    found.push({
      path: pathOf("cidr"),
      message: `${cidr} is not within cluster.podCidr ${cluster.podCidr}: kube-proxy takes such pods for strangers, and the operator refuses the pool where kubeadm's configuration is there`,
      remedy: "choose a part of cluster.podCidr, or all of it",
    });
  }
  return [
    ...found,
    ...sizeProblems(pool, blockSizes[family], pathOf("blockSize")),
    ...encapsulationProblems(settings, pool.encapsulation, family, pathOf("encapsulation")),
  ];
}

/** Whether all of a range lies in another. */
function within(inner: string, outer: string): boolean {
  const [a, b] = [parseCidr(inner), parseCidr(outer)];
  return a !== undefined && b !== undefined && a[1] >= b[1] && cidrsOverlap(inner, outer);
}

function sizeProblems(
  { cidr, blockSize }: Values,
  { from, to }: { readonly from: number; readonly to: number },
  path: string,
): Problem[] {
  // Left out, the operator's own default fits.
  if (blockSize === undefined || (typeof blockSize === "number" && blockSize >= from && blockSize <= to)) {
    return [];
  }
  const message = `${JSON.stringify(blockSize)} is no block size that Calico takes for ${String(cidr)}`;
  return [{ path, message, remedy: `use ${from} to ${to}` }];
}

/** Each node takes a block at its first pod, and further ones as it needs them. */
function blockProblems(
  { cluster: { nodes, podsPerNode } }: Settings,
  { cidr: range, blockSize: size }: Values,
  pathOf: (key: string) => string,
): Problem[] {
  const cidr = String(range);
  const [address, prefix] = parseCidr(cidr) ?? [];
  if (!address || prefix === undefined || typeof size !== "number") return [];
  const { from, to, bits } = blockSizes[address.kind()];
  if (size < from || size > to) return [];
  const blocks = size < prefix ? 0 : 2 ** (size - prefix);
  const addresses = 2 ** (bits - size);
  if (blocks < nodes) {
    const enough = prefix + Math.ceil(Math.log2(nodes));
    return [
      {
        path: pathOf("blockSize"),
        message: `${cidr} holds ${blocks} blocks of /${size} (${addresses} addresses), and each of ${nodes} nodes takes one: pods on the last ${nodes - blocks} would borrow addresses one by one, or get none`,
        remedy: enough <= to ? `use ${enough} or more, or a larger range` : "use a larger range",
      },
    ];
  }
  const [room, pods] = [blocks * addresses, nodes * podsPerNode];
  if (room >= pods) return [];
  return [
    {
      path: pathOf("cidr"),
      message: `${cidr} has ${room} addresses, and ${nodes} nodes with ${podsPerNode} pods each need ${pods}`,
      remedy: "use a larger range, or lower cluster.podsPerNode",
    },
  ];
}

/** What the operator refuses after the release, when nothing but its status says so. */
function encapsulationProblems(
  settings: Settings,
  encapsulation: unknown,
  family: "ipv4" | "ipv6",
  path: string,
): Problem[] {
  const { values } = settings.calico;
  const kind = String(encapsulation);
  if (family === "ipv6" && kind.startsWith("IPIP")) {
    return [{ path, message: `${kind} carries no IPv6`, remedy: "use VXLAN" }];
  }
  const bgp = atPath(values, "installation.calicoNetwork.bgp");
  if (bgp === "Disabled" && !kind.startsWith("VXLAN")) {
    return [
      {
        path: "calico.values.installation.calicoNetwork.bgp",
        message: `Disabled leaves ${kind} without the routes between nodes, which BGP spreads`,
        remedy: "leave it out, or use VXLAN",
      },
    ];
  }
  return [];
}
