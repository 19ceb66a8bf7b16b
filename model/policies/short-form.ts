import type { Problem } from "../problem.ts";
import type { NamespaceSettings } from "../settings.ts";

export type FlowSettings = Exclude<NamespaceSettings["flows"][number], string>;

/**
 * Reads "api-gateway -> api-backend:http": the port is what follows the last colon, several stand with
 * commas between. An address of IPv6 keeps its colons.
 */
export function readShortForm(
  text: string,
  path: string,
): { flow: FlowSettings; problem?: undefined } | { flow?: undefined; problem: Problem } {
  const ends = text.split(/->|→/).map((end) => end.trim());
  const [from, rest] = ends;
  if (!from || !rest || ends.length !== 2) {
    return {
      problem: {
        path,
        message: `${JSON.stringify(text)} is no flow`,
        remedy: 'write "from -> to:port", such as "api-gateway -> api-backend:http"',
      },
    };
  }
  const { to, port } = splitPort(rest);
  if (port === undefined) return { flow: { from, to } };
  const ports = port.split(",").map((one) => one.trim());
  const [first = "", ...more] = ports;
  return { flow: { from, to, port: more.length > 0 ? ports : first } };
}

/** What ports look like: names, numbers, ranges, with a protocol or without. */
const ports = /^\s*[a-z0-9-]+(\/[a-z]+)?(\s*,\s*[a-z0-9-]+(\/[a-z]+)?)*$/i;
const ipv6 = /^[0-9a-f:.]*::?[0-9a-f:.]*$/i;

function splitPort(rest: string): { to: string; port?: string } {
  const colon = rest.lastIndexOf(":");
  if (colon < 0) return { to: rest };
  const to = rest.slice(0, colon).trim();
  const port = rest.slice(colon + 1);
  // 2001:db8::1 without a prefix length is an address, and has no port.
  if (to.includes(":") && !to.includes("/") && ipv6.test(rest)) return { to: rest };
  return ports.test(port) ? { to, port: port.trim() } : { to: rest };
}
