import type { PortMatch } from "./ports.ts";
import type { Reader } from "./reader.ts";
import type { Protocol } from "./world.ts";

/** An entry of `toPorts`: ports, and the requests to which it narrows them. */
export interface PortEntry {
  readonly path: string;
  readonly ports: readonly PortMatch[] | undefined;
  readonly requests?: readonly string[];
  readonly seesDns?: boolean;
  readonly doubt?: string;
}

/** A rule for HTTP requests, as Cilium writes it. */
export interface RequestRule {
  readonly method?: string | undefined;
  readonly path?: string | undefined;
  readonly host?: string | undefined;
  readonly headers?: readonly string[] | undefined;
}

/** A request in words, the same for the same rule: `GET /v1/.*`. */
export function requestText({ method, path, host, headers }: RequestRule): string {
  const words = [method ?? "every method", path ?? "every path"];
  if (host !== undefined) words.push(`host ${host}`);
  for (const header of headers ?? []) words.push(`header ${header}`);
  return words.join(" ");
}

export function readPortEntry(reader: Reader, given: unknown, path: string): PortEntry {
  const fields = reader.fields(given, path);
  const known = ["ports", "rules", "serverNames"];
  const unknown = reader.unknownKeys(fields, known, path);
  const ports = reader.list(fields.ports, `${path}.ports`) ?? [];
  const requests = [
    ...readRequests(reader, fields.rules, `${path}.rules`),
    ...reader.texts(fields.serverNames, `${path}.serverNames`).map((name) => `TLS for ${name}`),
  ];
  return {
    path,
    ports:
      ports.length === 0
        ? undefined
        : ports.flatMap((port, i) => readCiliumPort(reader, port, `${path}.ports[${i}]`)),
    ...(requests.length > 0 && { requests }),
    ...(reader.fields(fields.rules, `${path}.rules`).dns !== undefined && { seesDns: true }),
    ...(unknown.length > 0 && { doubt: `${unknown.join(", ")} is not understood` }),
  };
}

/** The requests that rules of layer 7 let pass; none where they let pass all. */
function readRequests(reader: Reader, given: unknown, path: string): string[] {
  const fields = reader.fields(given, path);
  const http = (reader.list(fields.http, `${path}.http`) ?? []).map((rule, i) => {
    const at = `${path}.http[${i}]`;
    const request = reader.fields(rule, at);
    const text = (key: string): string | undefined =>
      typeof request[key] === "string" && request[key] !== "" ? request[key] : undefined;
    const extra = request.headerMatches === undefined ? [] : [JSON.stringify(request.headerMatches)];
    const headers = [...reader.texts(request.headers, `${at}.headers`), ...extra];
    return Object.keys(request).length === 0
      ? everyRequest
      : requestText({ method: text("method"), path: text("path"), host: text("host"), headers });
  });
  const dns = (reader.list(fields.dns, `${path}.dns`) ?? []).map((rule, i) => {
    const { matchName, matchPattern } = reader.fields(rule, `${path}.dns[${i}]`);
    if (matchPattern === "*") return everyRequest;
    return `DNS queries for ${typeof matchName === "string" ? matchName : String(matchPattern)}`;
  });
  const others = Object.keys(fields)
    .filter((key) => key !== "http" && key !== "dns")
    .map((key) => `what ${key} says`);
  const all = [...http, ...dns, ...others];
  return all.includes(everyRequest) ? [] : all;
}

const everyRequest = "every request";

function readCiliumPort(reader: Reader, given: unknown, path: string): PortMatch[] {
  const { port, endPort, protocol: written } = reader.fields(given, path);
  const name = typeof written === "string" ? written.toUpperCase() : "ANY";
  if (name === "ICMP" || name === "ICMPV6") return [];
  let protocol: Protocol | undefined;
  if (name !== "ANY") {
    protocol = reader.protocol(name, `${path}.protocol`);
    if (protocol === undefined) return [];
  }
  const text = typeof port === "number" ? String(port) : typeof port === "string" ? port : "";
  if (text === "" || text === "0") return [{ kind: "range", protocol, from: 0, to: 65_535 }];
  if (!/^\d+$/.test(text)) return [{ kind: "named", protocol, name: text.toLowerCase() }];
  const range = reader.portRange(Number(text), endPort, protocol, path);
  return range === undefined ? [] : [range];
}
