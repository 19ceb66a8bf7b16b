import { cidrAddresses } from "./addresses.ts";
import type { PortMatch } from "./ports.ts";
import type { Reader } from "./reader.ts";
import type { Direction, PeerMatch, PodSelection, PolicyPart, Rule } from "./rules.ts";
import type { Protocol } from "./world.ts";

/**
 * Reads a ClusterNetworkPolicy (policy.networking.k8s.io/v1alpha2). The tier Admin has its say before
 * NetworkPolicies, Baseline where none isolates; within a tier the lowest priority, then the first rule that
 * matches decides, and Pass leaves it to the next tier.
 * @see https://network-policy-api.sigs.k8s.io/api-overview/
 */
export function readClusterNetworkPolicy(reader: Reader, given: unknown): PolicyPart {
  const spec = reader.fields(given, "spec");
  reader.unknownKeys(spec, ["tier", "priority", "subject", "ingress", "egress"], "spec");
  const { tier, priority, subject } = spec;
  if (tier !== "Admin" && tier !== "Baseline") {
    reader.fail("spec.tier", `${JSON.stringify(tier)} is no tier`, "use Admin or Baseline");
  }
  if (typeof priority !== "number")
    reader.fail("spec.priority", "There is no priority", "write one from 0 to 1000");
  const side = (direction: Direction) => ({
    // It denies by rules, not by selecting.
    isolates: false,
    rules: (reader.list(spec[direction], `spec.${direction}`) ?? []).flatMap((rule, i) =>
      readRule(reader, rule, direction, `spec.${direction}[${i}]`),
    ),
  });
  return {
    tier: tier === "Baseline" ? "baseline" : "admin",
    priority: typeof priority === "number" ? priority : 0,
    subject: readPods(reader, subject, "spec.subject"),
    ingress: side("ingress"),
    egress: side("egress"),
  };
}

const actions = { Accept: "allow", Deny: "deny", Pass: "pass" } as const;

function readRule(reader: Reader, given: unknown, direction: Direction, path: string): Rule[] {
  const fields = reader.fields(given, path);
  const key = direction === "ingress" ? "from" : "to";
  reader.unknownKeys(fields, ["name", "action", key, "protocols"], path);
  const written = fields.action;
  const action =
    written === "Accept" || written === "Deny" || written === "Pass" ? actions[written] : undefined;
  if (action === undefined) {
    reader.fail(`${path}.action`, `${JSON.stringify(written)} is no action`, "use Accept, Deny or Pass");
  }
  const peers = reader.list(fields[key], `${path}.${key}`) ?? [];
  const read = peers.map((peer, i) => readPeer(reader, peer, `${path}.${key}[${i}]`));
  const protocols = reader.list(fields.protocols, `${path}.protocols`) ?? [];
  const doubt =
    action === undefined ? "its action" : read.includes(undefined) ? "one of its peers" : undefined;
  return [
    {
      path,
      action: action ?? "deny",
      peers: read.includes(undefined) ? undefined : read.flatMap((found) => found ?? []),
      ports:
        protocols.length === 0
          ? undefined
          : protocols.flatMap((item, i) => readProtocol(reader, item, `${path}.protocols[${i}]`)),
      ...(doubt !== undefined && { doubt: `${doubt} is not understood` }),
    },
  ];
}

function readPods(reader: Reader, given: unknown, path: string): PodSelection | undefined {
  const { namespaces, pods } = reader.fields(given, path);
  if (namespaces !== undefined) {
    return { namespaces: reader.selector(namespaces, `${path}.namespaces`), pods: [] };
  }
  if (pods !== undefined) {
    const { namespaceSelector, podSelector } = reader.fields(pods, `${path}.pods`);
    return {
      namespaces: reader.selector(namespaceSelector, `${path}.pods.namespaceSelector`),
      pods: reader.selector(podSelector, `${path}.pods.podSelector`),
    };
  }
  reader.fail(path, "There is neither namespaces nor pods", "write namespaces: {} for every pod");
  return undefined;
}

/** The peers of one entry; undefined where it is not understood. */
function readPeer(reader: Reader, given: unknown, path: string): PeerMatch[] | undefined {
  const fields = reader.fields(given, path);
  if (fields.namespaces !== undefined || fields.pods !== undefined) {
    const selection = readPods(reader, fields, path);
    return selection && [{ kind: "pods", ...selection }];
  }
  if (fields.networks !== undefined) {
    return reader.texts(fields.networks, `${path}.networks`).map((cidr, i): PeerMatch => {
      if (cidrAddresses(cidr) === undefined) {
        reader.fail(`${path}.networks[${i}]`, `${cidr} is no CIDR`, "write one such as 10.0.0.0/8");
      }
      return { kind: "cidr", cidr, except: [], external: false };
    });
  }
  if (fields.domainNames !== undefined) {
    return reader
      .texts(fields.domainNames, `${path}.domainNames`)
      .map((name): PeerMatch => ({ kind: "fqdn", pattern: name.replace(/^\*\./, "**.") }));
  }
  reader.fail(
    path,
    `${Object.keys(fields).join(", ") || "An empty peer"} is not understood`,
    "judge this policy by hand",
  );
  return undefined;
}

function readProtocol(reader: Reader, given: unknown, path: string): PortMatch[] {
  const fields = reader.fields(given, path);
  const { destinationNamedPort: name } = fields;
  if (typeof name === "string") return [{ kind: "named", name }];
  for (const protocol of ["TCP", "UDP", "SCTP"] as const satisfies readonly Protocol[]) {
    const key = protocol.toLowerCase();
    if (fields[key] === undefined) continue;
    const { destinationPort } = reader.fields(fields[key], `${path}.${key}`);
    if (destinationPort === undefined) return [{ kind: "range", protocol, from: 0, to: 65_535 }];
    const { number, range } = reader.fields(destinationPort, `${path}.${key}.destinationPort`);
    const { start, end } = reader.fields(range, `${path}.${key}.destinationPort.range`);
    const first = typeof number === "number" ? number : start;
    const read = reader.portRange(typeof first === "number" ? first : NaN, end, protocol, path);
    return read === undefined ? [] : [read];
  }
  reader.fail(
    path,
    `${Object.keys(fields).join(", ")} is not understood`,
    "use tcp, udp, sctp or destinationNamedPort",
  );
  return [];
}
