import ipaddr from "ipaddr.js";
import { parseCidr } from "../cidr.ts";
import { type Intervals, subtract } from "./intervals.ts";

/** Addresses of both families in one set: those of IPv4 follow those of IPv6. */
export type AddressSet = Intervals<bigint>;

const ipv4Start = 1n << 128n;
const end = ipv4Start + (1n << 32n);

export const noAddresses: AddressSet = [];
export const everyIpv6: AddressSet = [0n, ipv4Start];
export const everyIpv4: AddressSet = [ipv4Start, end];
export const everyAddress: AddressSet = [0n, end];

/** An address as a number; undefined when the text is none. An IPv4 address that is written as IPv6 is IPv4. */
export function addressNumber(text: string): bigint | undefined {
  return ipaddr.isValid(text) ? numberOf(ipaddr.process(text)) : undefined;
}

/** The addresses of a range, or of a single address; undefined when the text is neither. */
export function cidrAddresses(text: string): AddressSet | undefined {
  const parsed = parseCidr(text);
  if (parsed === undefined) {
    const single = addressNumber(text);
    return single === undefined ? undefined : [single, single + 1n];
  }
  const [address, length] = parsed;
  const size = 1n << BigInt((address.kind() === "ipv4" ? 32 : 128) - length);
  const base = numberOf(address);
  const first = base - (base % size);
  return [first, first + size];
}

/** The addresses of a range without the exceptions; what is no range counts as empty. */
export function blockAddresses(cidr: string, except: readonly string[]): AddressSet {
  return except.reduce<AddressSet>(
    (left, text) => subtract(left, cidrAddresses(text) ?? noAddresses),
    cidrAddresses(cidr) ?? noAddresses,
  );
}

/** A number of an {@link AddressSet} as people write it. */
export function formatAddress(value: bigint): string {
  const isIpv4 = value >= ipv4Start;
  const bytes: number[] = [];
  for (let rest = isIpv4 ? value - ipv4Start : value, i = 0; i < (isIpv4 ? 4 : 16); i++, rest >>= 8n) {
    bytes.unshift(Number(rest & 255n));
  }
  return ipaddr.fromByteArray(bytes).toString();
}

/** A set as the fewest CIDRs. */
export function toCidrs(set: AddressSet): string[] {
  const result: string[] = [];
  for (let i = 0; i + 1 < set.length; i += 2) {
    let [from, to] = [set[i] ?? 0n, set[i + 1] ?? 0n];
    while (from < to) {
      const bits = from >= ipv4Start ? 32 : 128;
      const limit = from < ipv4Start && to > ipv4Start ? ipv4Start : to;
      const base = from >= ipv4Start ? from - ipv4Start : from;
      let free = 0;
      while (free < bits && base % (2n << BigInt(free)) === 0n && from + (2n << BigInt(free)) <= limit)
        free++;
      result.push(`${formatAddress(from)}/${bits - free}`);
      from += 1n << BigInt(free);
      to = set[i + 1] ?? 0n;
    }
  }
  return result;
}

function numberOf(address: ipaddr.IPv4 | ipaddr.IPv6): bigint {
  const value = address.toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return address.kind() === "ipv4" ? ipv4Start + value : value;
}
