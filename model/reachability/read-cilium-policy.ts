import { cidrAddresses } from "./addresses.ts";
import { type PortEntry, readPortEntry } from "./cilium-ports.ts";
import { asEntity, readEndpointSelector } from "./cilium-selector.ts";
import type { Reader } from "./reader.ts";
import type { Direction, DirectionRules, PeerMatch, PolicyPart, Rule } from "./rules.ts";

const partKeys = [
  "endpointSelector",
  "nodeSelector",
  "ingress",
  "ingressDeny",
  "egress",
  "egressDeny",
  "enableDefaultDeny",
  "labels",
  "description",
  "log",
];

/**
 * Reads `spec` and `specs` of a CiliumNetworkPolicy or CiliumClusterwideNetworkPolicy. A section isolates as soon
 * as it has an entry, even an empty one, unless `enableDefaultDeny` says otherwise; an entry without peers and
 * without ports allows nothing. What a deny section matches is denied, whoever allows it.
 * @param namespace - undefined for a cluster-wide policy
 * @see https://docs.cilium.io/en/stable/security/policy/intro/#policy-enforcement-modes
 */
export function readCiliumPolicy(
  reader: Reader,
  object: Readonly<Record<string, unknown>>,
  namespace: string | undefined,
): PolicyPart[] {
  const specs = reader.list(object.specs, "specs") ?? [];
  if (object.spec === undefined && specs.length === 0) reader.fail("spec", "There is no spec", "write one");
  const all = [
    ...(object.spec === undefined ? [] : [{ spec: object.spec, path: "spec" }]),
    ...specs.map((spec, i) => ({ spec, path: `specs[${i}]` })),
  ];
  const parts = all.map(({ spec, path }) => readPart(reader, spec, namespace, path));
  // The agent refuses all of a policy for one entry.
  return all.some(({ spec, path }) => refuses(reader, spec, path)) ? [] : parts;
}

/** Whether an entry has what Cilium does not take together. */
function refuses(reader: Reader, given: unknown, path: string): boolean {
  if (typeof given !== "object" || given === null) return false;
  const spec = given as Readonly<Record<string, unknown>>;
  const found = (["ingress", "ingressDeny", "egress", "egressDeny"] as const).flatMap((section) =>
    entriesOf(spec[section]).flatMap((fields, i) => {
      const kinds = peerKeys(section.startsWith("ingress") ? "from" : "to");
      const peers = kinds.filter((key) => entriesOf(fields[key]).length > 0);
      const beside = ["icmps", "toPorts"].filter((key) => entriesOf(fields[key]).length > 0);
      return [peers, beside]
        .filter((keys) => keys.length > 1)
        .map((keys) => ({ at: `${path}.${section}[${i}]`, keys }));
    }),
  );
  for (const { at, keys } of found) {
    const message = `Cilium does not take ${keys.join(" and ")} in one entry, and refuses the whole policy`;
    reader.fail(at, message, "write an entry for each");
  }
  return found.length > 0;
}

const entriesOf = (value: unknown): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? (value as (Readonly<Record<string, unknown>> | null)[]).map((one) => one ?? {}) : [];

function readPart(reader: Reader, given: unknown, namespace: string | undefined, path: string): PolicyPart {
  const spec = reader.fields(given, path);
  reader.unknownKeys(spec, partKeys, path);
  const deny = reader.fields(spec.enableDefaultDeny, `${path}.enableDefaultDeny`);
  const side = (direction: Direction): DirectionRules => {
    const section = (
      key: string,
      action: "allow" | "deny",
    ): { readonly entries: number; readonly rules: readonly Rule[] } => {
      const entries = reader.list(spec[key], `${path}.${key}`) ?? [];
      const rules = entries.flatMap((entry, i) =>
        readEntry(reader, entry, direction, action, namespace, `${path}.${key}[${i}]`),
      );
      return { entries: entries.length, rules };
    };
    const allowed = section(direction, "allow");
    const denied = section(`${direction}Deny`, "deny");
    return {
      isolates: allowed.entries + denied.entries > 0 && deny[direction] !== false,
      rules: [...allowed.rules, ...denied.rules],
    };
  };
  return {
    tier: "policy",
    priority: 0,
    subject: subjectOf(reader, spec, namespace, path),
    ingress: side("ingress"),
    egress: side("egress"),
  };
}

/** A policy with a nodeSelector is for hosts: no pod is its subject. */
function subjectOf(
  reader: Reader,
  spec: Readonly<Record<string, unknown>>,
  namespace: string | undefined,
  path: string,
): PolicyPart["subject"] {
  if (spec.endpointSelector === undefined || spec.endpointSelector === null) {
    if (spec.nodeSelector === undefined) {
      reader.fail(
        path,
        "There is neither endpointSelector nor nodeSelector",
        "write endpointSelector: {} for every pod",
      );
    }
    return undefined;
  }
  const read = readEndpointSelector(
    reader,
    spec.endpointSelector,
    namespace,
    true,
    `${path}.endpointSelector`,
  );
  return read.kind === "pods" ? read.selection : undefined;
}

/** Fields of an entry that name peers, by what stands in them. */
const peerKeys = (word: "from" | "to") =>
  ["Endpoints", "Entities", "CIDR", "CIDRSet", ...(word === "to" ? ["FQDNs"] : [])].map(
    (key) => `${word}${key}`,
  );

function readEntry(
  reader: Reader,
  given: unknown,
  direction: Direction,
  action: "allow" | "deny",
  namespace: string | undefined,
  path: string,
): Rule[] {
  const fields = reader.fields(given, path);
  const word = direction === "ingress" ? "from" : "to";
  const unknown = reader.unknownKeys(fields, [...peerKeys(word), "toPorts", "icmps", "authentication"], path);
  const doubts = unknown.map((key) => `${key} is not understood`);
  const present = peerKeys(word).filter((key) => fields[key] !== undefined && fields[key] !== null);
  const peers = present.flatMap((key) =>
    (reader.list(fields[key], `${path}.${key}`) ?? []).flatMap((item, i) => {
      const { peer, doubt } = readPeer(
        reader,
        key.slice(word.length),
        item,
        namespace,
        `${path}.${key}[${i}]`,
      );
      if (doubt !== undefined) doubts.push(doubt);
      return peer === undefined ? [] : [peer];
    }),
  );
  const toPorts = reader.list(fields.toPorts, `${path}.toPorts`);
  const empty = present.filter((key) => isEmptyList(fields[key]));
  if (empty.length === present.length && empty.length > 0 && (toPorts ?? []).length > 0) {
    doubts.push(
      `${empty.join(" and ")} without a peer is everybody to some versions of Cilium, nobody to others`,
    );
    reader.fail(path, doubts.at(-1) ?? "", "name the peers, or leave the entry out");
  }
  const namesPeers = present.length > 0 || unknown.some((key) => key.startsWith(word));
  // Neither peers nor ports: an entry that isolates and allows nothing. ICMP alone is no connection.
  if (!namesPeers && (toPorts ?? []).length === 0) return [];
  if (fields.icmps !== undefined && toPorts === undefined) return [];
  const { mode } = reader.fields(fields.authentication, `${path}.authentication`);
  const authentication = mode === "required" ? ["peers with mutual authentication"] : [];
  const whole: PortEntry = { path, ports: undefined };
  const entries = (toPorts ?? []).map((entry, i) => readPortEntry(reader, entry, `${path}.toPorts[${i}]`));
  return (entries.length === 0 ? [whole] : entries).map(({ path: at, ports, requests, seesDns, doubt }) => {
    const conditions = [...authentication, ...(requests ?? [])];
    const doubtful = [...doubts, ...(doubt === undefined ? [] : [doubt])];
    return {
      path: entries.length > 1 ? at : path,
      action,
      // One that was not understood may be anybody; where none is named, everybody is meant.
      peers: present.length === 0 || doubts.length > 0 ? undefined : peers,
      ports,
      ...(conditions.length > 0 && { requests: conditions }),
      ...(seesDns && { seesDns }),
      ...(doubtful.length > 0 && { doubt: doubtful.join(", ") }),
    };
  });
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

function readPeer(
  reader: Reader,
  key: string,
  item: unknown,
  namespace: string | undefined,
  path: string,
): { peer?: PeerMatch; doubt?: string } {
  switch (key) {
    case "Endpoints": {
      const read = readEndpointSelector(reader, item, namespace, false, path);
      if (read.kind === "entity") return { peer: read };
      return {
        peer: { kind: "pods", ...read.selection },
        ...(read.doubt !== undefined && { doubt: read.doubt }),
      };
    }
    case "Entities": {
      const entity = typeof item === "string" ? asEntity(item) : undefined;
      if (entity !== undefined) return { peer: { kind: "entity", entity } };
      return notUnderstood(
        reader,
        path,
        `${JSON.stringify(item)} is no entity`,
        "use one of Cilium's, such as kube-apiserver",
      );
    }
    case "CIDR":
      return readCidr(reader, { cidr: item }, path);
    case "CIDRSet":
      return readCidr(reader, item, path);
    default: {
      const { matchName, matchPattern } = reader.fields(item, path);
      const pattern = matchName ?? matchPattern;
      if (typeof pattern === "string") return { peer: { kind: "fqdn", pattern } };
      return notUnderstood(reader, path, "There is neither matchName nor matchPattern", "write one");
    }
  }
}

function readCidr(reader: Reader, item: unknown, path: string): { peer?: PeerMatch; doubt?: string } {
  const { cidr, except } = reader.fields(item, path);
  if (typeof cidr !== "string" || cidrAddresses(cidr) === undefined) {
    return notUnderstood(reader, path, `${JSON.stringify(item)} is no CIDR`, "judge groups of CIDRs by hand");
  }
  return { peer: { kind: "cidr", cidr, except: reader.texts(except, `${path}.except`), external: true } };
}

function notUnderstood(reader: Reader, path: string, message: string, remedy: string): { doubt: string } {
  reader.fail(path, message, remedy);
  return { doubt: message };
}
