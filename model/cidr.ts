import ipaddr from "ipaddr.js";
import type { Problem } from "./problem.ts";

/** A named address range, as the settings give it. */
export interface NamedCidr {
  /** Settings path, for messages. */
  readonly path: string;
  readonly cidr: string;
}

/**
 * Parses `10.244.0.0/16` or `fd00::/64`; undefined when the text is no CIDR.
 * @param text - an IPv4 or IPv6 network with its prefix length
 */
export function parseCidr(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] | undefined {
  return /^[0-9a-f.:]+\/\d+$/i.test(text) && ipaddr.isValidCIDR(text) ? ipaddr.parseCIDR(text) : undefined;
}

/** Whether two ranges share an address; ranges of different families never do. */
export function cidrsOverlap(a: string, b: string): boolean {
  const [left, right] = [parseCidr(a), parseCidr(b)];
  if (!left || left[0].kind() !== right?.[0].kind()) return false;
  const shorter = Math.min(left[1], right[1]);
  return left[0].match(right[0], shorter);
}

/** A problem for each pair of ranges that overlap. */
export function overlappingCidrs(ranges: readonly NamedCidr[]): Problem[] {
  return ranges.flatMap((a, i) =>
    ranges
      .slice(i + 1)
      .filter((b) => cidrsOverlap(a.cidr, b.cidr))
      .map((b) => ({
        path: b.path,
        message: `${b.cidr} overlaps ${a.path} ${a.cidr}`,
        remedy: "give pods, Services and nodes ranges that share no address",
      })),
  );
}

/** Whether a range holds all of another one; one that is no range holds nothing. */
export function cidrContains(outer: string, inner: string): boolean {
  const [left, right] = [parseCidr(outer), parseCidr(inner)];
  if (!left || left[0].kind() !== right?.[0].kind()) return false;
  return left[1] <= right[1] && right[0].match(left[0], left[1]);
}
