import { parseCidr } from "../../model/cidr.ts";

/** First address and size of an IPv4 range; undefined for other text, and when bits are set behind the prefix. */
export function ipv4Range(cidr: string): { readonly first: number; readonly size: number } | undefined {
  const [address, prefix] = parseCidr(cidr) ?? [];
  if (address?.kind() !== "ipv4" || prefix === undefined) return undefined;
  const first = address.toByteArray().reduce((sum, byte) => sum * 256 + byte, 0);
  const size = 2 ** (32 - prefix);
  return first % size === 0 ? { first, size } : undefined;
}

/**
 * The address `offset` places after an IPv4 range's first.
 * @throws RangeError when the text is no range, or the range ends before
 */
export function addressAt(cidr: string, offset: number): string {
  const range = ipv4Range(cidr);
  if (range === undefined || offset >= range.size) throw new RangeError(`${cidr} has no address ${offset}`);
  const address = range.first + offset;
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}
