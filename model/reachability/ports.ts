import { covers, intersect, type Intervals, unite } from "./intervals.ts";
import type { NamedPort, Protocol } from "./world.ts";

/** Ports of all protocols in one set: those of UDP follow those of TCP, those of SCTP come last. */
export type PortSet = Intervals<number>;

const protocols: readonly Protocol[] = ["TCP", "UDP", "SCTP"];
const span = 65_536;

export const noPorts: PortSet = [];
export const allPorts: PortSet = [0, protocols.length * span];

/** The ports of a protocol from one to another, both included; without numbers all of them. */
export function portRange(protocol: Protocol, from = 0, to = span - 1): PortSet {
  const base = protocols.indexOf(protocol) * span;
  return from > to ? noPorts : [base + from, base + to + 1];
}

/** The number that a port has in a {@link PortSet}. */
export const portNumber = (protocol: Protocol, port: number): number =>
  protocols.indexOf(protocol) * span + port;

/** What a rule says of ports: numbers, or a name that each destination pod may give another number. */
export type PortMatch =
  | {
      readonly kind: "range";
      readonly protocol?: Protocol | undefined;
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: "named"; readonly protocol?: Protocol | undefined; readonly name: string };

/**
 * The ports that a rule means at a destination.
 * @param matches - undefined for every port
 * @param declared - what the destination pod calls its ports; a name that it has not matches nothing
 */
export function resolvePorts(
  matches: readonly PortMatch[] | undefined,
  declared: readonly NamedPort[],
): PortSet {
  if (matches === undefined) return allPorts;
  let result = noPorts;
  for (const match of matches) {
    const wanted = match.protocol === undefined ? protocols : [match.protocol];
    for (const protocol of wanted) {
      if (match.kind === "range") {
        result = unite(result, portRange(protocol, match.from, match.to));
        continue;
      }
      for (const port of declared) {
        if (port.name === match.name && port.protocol === protocol) {
          result = unite(result, portRange(protocol, port.port, port.port));
        }
      }
    }
  }
  return result;
}

/** Ports of one protocol, from one to another, both included. */
export interface PortRange {
  readonly protocol: Protocol;
  readonly from: number;
  readonly to: number;
}

/** A set as ranges; 0 to 65535 is all of a protocol. */
export function portRanges(ports: PortSet): PortRange[] {
  return protocols.flatMap((protocol, i) => {
    const [base, end] = [i * span, (i + 1) * span];
    const its = intersect(ports, [base, end]);
    return its.flatMap((from, k) =>
      k % 2 === 0 ? [{ protocol, from: from - base, to: (its[k + 1] ?? end) - base - 1 }] : [],
    );
  });
}

/** A set in words: `TCP 80, TCP 8080-8090, every UDP port`. */
export function formatPorts(ports: PortSet): string {
  if (covers(ports, allPorts)) return "every port";
  const words = portRanges(ports).map(({ protocol, from, to }) => {
    if (from === 0 && to === span - 1) return `every ${protocol} port`;
    return `${protocol} ${from}${to > from ? `-${to}` : ""}`;
  });
  return words.join(", ") || "no port";
}
