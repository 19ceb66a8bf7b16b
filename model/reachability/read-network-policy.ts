import { cidrAddresses } from "./addresses.ts";
import { covers } from "./intervals.ts";
import type { PortMatch } from "./ports.ts";
import type { Reader } from "./reader.ts";
import type { Direction, DirectionRules, PeerMatch, PolicyPart, Rule } from "./rules.ts";

/**
 * Reads the spec of a NetworkPolicy (networking.k8s.io/v1). Without policyTypes it is for Ingress always, and for
 * Egress if it has egress rules; of rules of a direction that explicit policyTypes leave out the dialect decides.
 */
export function readNetworkPolicy(reader: Reader, given: unknown, namespace: string): PolicyPart {
  const spec = reader.fields(given, "spec");
  reader.unknownKeys(spec, ["podSelector", "policyTypes", "ingress", "egress"], "spec");
  const types = reader.texts(spec.policyTypes, "spec.policyTypes");
  types.forEach((type, i) => {
    if (type === "Ingress" || type === "Egress") return;
    reader.fail(`spec.policyTypes[${i}]`, `${type} is no policy type`, "use Ingress or Egress");
  });
  const side = (direction: Direction): DirectionRules => {
    const written = reader.list(spec[direction], `spec.${direction}`) ?? [];
    const rules = written.map((rule, i) =>
      readRule(reader, rule, direction, namespace, `spec.${direction}[${i}]`),
    );
    const named = types.includes(direction === "ingress" ? "Ingress" : "Egress");
    const isolates = types.length > 0 ? named : direction === "ingress" || rules.length > 0;
    return isolates || rules.length === 0 ? { isolates, rules } : { isolates, rules, leftOut: true };
  };
  return {
    tier: "policy",
    priority: 0,
    subject: { namespace, namespaces: [], pods: reader.selector(spec.podSelector, "spec.podSelector") },
    ingress: side("ingress"),
    egress: side("egress"),
  };
}

function readRule(
  reader: Reader,
  given: unknown,
  direction: Direction,
  namespace: string,
  path: string,
): Rule {
  const fields = reader.fields(given, path);
  const key = direction === "ingress" ? "from" : "to";
  const unknown = reader.unknownKeys(fields, [key, "ports"], path);
  const peers = reader.list(fields[key], `${path}.${key}`) ?? [];
  const ports = reader.list(fields.ports, `${path}.ports`) ?? [];
  return {
    path,
    action: "allow",
    // An empty list is the same as none: everybody.
    peers:
      peers.length === 0
        ? undefined
        : peers.flatMap((peer, i) => readPeer(reader, peer, namespace, `${path}.${key}[${i}]`)),
    ports:
      ports.length === 0
        ? undefined
        : ports.flatMap((port, i) => readPort(reader, port, `${path}.ports[${i}]`)),
    ...(unknown.length > 0 && { doubt: `${unknown.join(", ")} is not understood` }),
  };
}

/** Both selectors in one peer have to match; a missing namespaceSelector means the policy's own namespace. */
function readPeer(reader: Reader, given: unknown, namespace: string, path: string): PeerMatch[] {
  const fields = reader.fields(given, path);
  reader.unknownKeys(fields, ["podSelector", "namespaceSelector", "ipBlock"], path);
  const { podSelector, namespaceSelector, ipBlock } = fields;
  const [pods, namespaces] = [podSelector ?? undefined, namespaceSelector ?? undefined];
  if (ipBlock !== undefined && ipBlock !== null) {
    if (pods !== undefined || namespaces !== undefined) {
      reader.fail(path, "ipBlock stands beside a selector", "make two peers of it");
      return [];
    }
    return readBlock(reader, ipBlock, `${path}.ipBlock`);
  }
  if (pods === undefined && namespaces === undefined) {
    reader.fail(
      path,
      "The peer is empty, which the API refuses",
      "use podSelector: {} for every pod of the namespace",
    );
    return [];
  }
  return [
    {
      kind: "pods",
      ...(namespaces === undefined && { namespace }),
      namespaces: reader.selector(namespaces, `${path}.namespaceSelector`),
      pods: reader.selector(pods, `${path}.podSelector`),
    },
  ];
}

function readBlock(reader: Reader, given: unknown, path: string): PeerMatch[] {
  const { cidr, except } = reader.fields(given, path);
  const block = typeof cidr === "string" && cidr.includes("/") ? cidrAddresses(cidr) : undefined;
  if (typeof cidr !== "string" || block === undefined) {
    reader.fail(`${path}.cidr`, `${JSON.stringify(cidr)} is no CIDR`, "write one such as 10.0.0.0/8");
    return [];
  }
  const left = reader.texts(except, `${path}.except`);
  left.forEach((text, i) => {
    const addresses = text.includes("/") ? cidrAddresses(text) : undefined;
    if (addresses !== undefined && covers(block, addresses) && !covers(addresses, block)) return;
    reader.fail(`${path}.except[${i}]`, `${text} is no part of ${cidr}`, "name a smaller range within it");
  });
  return [{ kind: "cidr", cidr, except: left, external: false }];
}

function readPort(reader: Reader, given: unknown, path: string): PortMatch[] {
  const fields = reader.fields(given, path);
  reader.unknownKeys(fields, ["protocol", "port", "endPort"], path);
  const { port } = fields;
  const endPort = fields.endPort ?? undefined;
  const protocol = reader.protocol(fields.protocol ?? "TCP", `${path}.protocol`);
  if (protocol === undefined) return [];
  if (port === undefined || port === null) {
    if (endPort !== undefined) reader.fail(path, "endPort stands without port", "add the first port");
    return [{ kind: "range", protocol, from: 0, to: 65_535 }];
  }
  if (typeof port === "string") {
    if (endPort !== undefined)
      reader.fail(path, "endPort stands beside a named port", "use a number for port");
    return [{ kind: "named", protocol, name: port }];
  }
  const range = reader.portRange(typeof port === "number" ? port : NaN, endPort, protocol, path);
  return range === undefined ? [] : [range];
}
