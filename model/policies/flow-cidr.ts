import ipaddr from "ipaddr.js";
import { cidrContains, cidrsOverlap, parseCidr } from "../cidr.ts";
import type { Settings } from "../settings.ts";
import type { Peer } from "./flow.ts";

export type CidrPeer = Extract<Peer, { kind: "cidr" }>;
/** What is wrong with an end of a flow; its place is known to who asks. */
export interface EndProblem {
  readonly message: string;
  readonly remedy: string;
}

/** Where clouds tell a machine its credentials: no range that merely contains it means it. */
const metadata = ["169.254.169.254/32", "fd00:ec2::254/128"];

/** What is not the internet, whoever runs the cluster. */
const notInternet = {
  ipv4: [
    "0.0.0.0/8", // this network
    "10.0.0.0/8", // private
    "100.64.0.0/10", // between a provider and its customers
    "127.0.0.0/8", // loopback
    "168.63.129.16/32", // Azure's metadata and DNS
    "169.254.0.0/16", // link-local, with the metadata of all others
    "172.16.0.0/12", // private
    "192.0.0.0/24", // protocols' own, with Oracle's metadata
    "192.168.0.0/16", // private
    "224.0.0.0/3", // multicast and reserved
  ],
  ipv6: [
    "::/127", // unspecified and loopback
    "fc00::/7", // private, with the metadata of AWS
    "fe80::/10", // link-local
    "ff00::/8", // multicast
  ],
} as const;
const everything = { ipv4: "0.0.0.0/0", ipv6: "::/0" } as const;

/** Everything but what is private, link-local, shared, or the cluster's own. */
export function internetPeers({ cluster }: Pick<Settings, "cluster">): CidrPeer[] {
  const own = [cluster.podCidr, cluster.serviceCidr, cluster.nodeCidr].filter((cidr) => cidr !== undefined);
  return (["ipv4", "ipv6"] as const).map((family) => ({
    kind: "cidr",
    cidr: everything[family],
    except: minimal([
      ...notInternet[family],
      ...own.filter((cidr) => cidrsOverlap(cidr, everything[family])),
    ]),
  }));
}

/** Whether a peer is what {@link internetPeers} gives. */
export const isInternet = ({ cidr, except }: CidrPeer): boolean =>
  (["ipv4", "ipv6"] as const).some(
    (family) =>
      cidr === everything[family] &&
      notInternet[family].every((range) => except.some((one) => cidrContains(one, range))),
  );

/** A range of addresses outside of the cluster, as the settings write it; an address alone is a range of one. */
export function cidrPeer(
  text: string,
  excepted: readonly string[],
  { cluster }: Pick<Settings, "cluster">,
): CidrPeer | EndProblem {
  const cidr = withPrefix(text);
  const problem = rangeProblem(cidr) ?? excepted.map(rangeProblem).find((one) => one !== undefined);
  if (problem) return problem;
  const outside = excepted.find((one) => !cidrContains(cidr, one) || cidrContains(one, cidr));
  if (outside !== undefined) {
    return {
      message: `${outside} is not a part of ${cidr}`,
      remedy: "except ranges that lie within cidr and are smaller",
    };
  }
  if (cidrContains(cluster.podCidr, cidr)) {
    return {
      message: `${text} are pods' addresses (cluster.podCidr ${cluster.podCidr}), which change`,
      remedy: "name the workload, or namespace/* for every pod of a namespace",
    };
  }
  if (cidrContains(cluster.serviceCidr, cidr)) {
    return {
      message: `${text} are Services' addresses (cluster.serviceCidr ${cluster.serviceCidr}), which no policy sees`,
      remedy: "name the workload behind the Service, or api-server",
    };
  }
  const implied = [cluster.podCidr, ...metadata].filter(
    (range) => cidrContains(cidr, range) && !cidrContains(range, cidr),
  );
  return { kind: "cidr", cidr, except: minimal([...excepted, ...implied]) };
}

/** Whether a text is a range or an address, and nothing else that a flow can name. */
export const isAddressLike = (text: string): boolean =>
  /^[0-9a-f.:]+(\/\d+)?$/i.test(text) && (text.includes(":") || /^\d+(\.\d+)+(\/\d+)?$/.test(text));

/** The single address as a range. */
export const hostCidr = (address: string): string => `${address}/${address.includes(":") ? 128 : 32}`;

function withPrefix(text: string): string {
  return ipaddr.isValid(text) ? hostCidr(text) : text;
}

function rangeProblem(cidr: string): EndProblem | undefined {
  const parsed = parseCidr(cidr);
  if (!parsed) {
    return { message: `${cidr} is not a network`, remedy: "write a range such as 203.0.113.0/24" };
  }
  const [address, prefix] = parsed;
  const network = (
    address.kind() === "ipv4"
      ? ipaddr.IPv4.networkAddressFromCIDR(cidr)
      : ipaddr.IPv6.networkAddressFromCIDR(cidr)
  ).toString();
  if (network === address.toString()) return undefined;
  return {
    message: `${cidr} is an address within a network, not one`,
    remedy: `did you mean ${network}/${prefix} or ${hostCidr(address.toString())}?`,
  };
}

/** Without ranges that lie in others; in a settled order. */
function minimal(ranges: readonly string[]): string[] {
  const unique = [...new Set(ranges)];
  return unique
    .filter((range) => !unique.some((other) => other !== range && cidrContains(other, range)))
    .sort();
}
