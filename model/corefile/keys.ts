import { parseCidr } from "../cidr.ts";

/** Schemes of a server key and their ports. The DNS port is CoreDNS' default for `-dns.port`. */
const schemePorts = { dns: 53, tls: 853, quic: 853, grpc: 443, https: 443, https3: 443 } as const;

export type Transport = keyof typeof schemePorts;

/** What one key of a server block means. */
export interface ServerKey {
  readonly transport: Transport;
  /** Zones in lower case with their final dot; a network can stand for several reverse zones. */
  readonly zones: readonly string[];
  readonly port: number;
}

/**
 * Reads a key of a server block: `.`, `.:53`, `tls://example.org`, `10.0.0.0/24:53`.
 * @returns the key, or what is wrong with it; neither where a variable hides it or the word is empty
 * @see https://github.com/coredns/coredns/blob/v1.15.0/plugin/normalize.go
 */
export function readKey(text: string): { readonly key?: ServerKey; readonly wrong?: string } {
  const word = text.replace(/,$/, "");
  if (hasVariable(word) || text === "") return {};

  const [, scheme, rest = word] = /^([a-z0-9]+):\/\/(.*)$/is.exec(word) ?? [];
  if (scheme !== undefined && !Object.hasOwn(schemePorts, scheme)) {
    return { wrong: `the scheme ${scheme}:// is none of ${Object.keys(schemePorts).join(", ")}` };
  }
  const transport = (scheme ?? "dns") as Transport;

  if (rest === "" || rest.endsWith(":")) return { wrong: "a zone or port is missing" };
  const [, host = rest, digits] = /^(.*):[+-]?(\d+)$/s.exec(rest) ?? [];
  const port = digits === undefined ? schemePorts[transport] : Number(digits);
  if (port > 65_535) return { wrong: `there is no port ${port}` };
  if (host.includes(",")) return { wrong: "a comma separates zones only with a blank or line end behind it" };
  if (!isDomainName(host)) return { wrong: `${host === "" ? "an empty word" : host} is no domain name` };
  return { key: { transport, zones: reverseZones(host) ?? [normalZone(host)], port } };
}

/** What a key makes CoreDNS serve, comparable: `dns://example.org.:53`, one for each zone. */
export function servedBy(text: string): string[] {
  const { key } = readKey(text);
  return key ? key.zones.map((zone) => `${key.transport}://${zone}:${key.port}`) : [];
}

/** A zone in lower case with its final dot, so that `Cluster.Local` and `cluster.local.` compare equal. */
export function normalZone(zone: string): string {
  const lower = zone.toLowerCase();
  return lower.endsWith(".") ? lower : `${lower}.`;
}

/** Whether CoreDNS would put an environment variable into this word, so that its value cannot be seen. */
export function hasVariable(text: string): boolean {
  return /\{\$[^}]+\}|\{%.+%\}/s.test(text);
}

/** DNS' own limits, which CoreDNS checks: 63 bytes a label, 255 a name, no empty label. */
function isDomainName(name: string): boolean {
  if (name === ".") return true;
  const labels = name.replace(/\.$/, "").split(".");
  return (
    Buffer.byteLength(name) <= 255 && labels.every((label) => label !== "" && Buffer.byteLength(label) <= 63)
  );
}

/** `10.0.0.0/23` → `0.0.10.in-addr.arpa.`, `1.0.10.in-addr.arpa.`; undefined when it is no network. */
function reverseZones(host: string): string[] | undefined {
  const parsed = parseCidr(host);
  if (!parsed) return undefined;
  const [address, prefix] = parsed;
  const isV4 = address.kind() === "ipv4";
  const [bits, base, suffix] = isV4 ? [8, 10, "in-addr.arpa."] : [4, 16, "ip6.arpa."];
  const bytes = address.toByteArray();
  const digits = isV4 ? bytes : bytes.flatMap((byte) => [byte >> 4, byte & 15]);

  const count = Math.ceil(prefix / bits);
  const spare = count * bits - prefix;
  const whole = digits.slice(0, count);
  const first = ((whole.pop() ?? 0) >> spare) << spare;
  if (count === 0) return [suffix];
  return Array.from({ length: 2 ** spare }, (_, i) =>
    [...whole, first + i]
      .map((digit) => digit.toString(base))
      .reverse()
      .concat(suffix)
      .join("."),
  );
}
