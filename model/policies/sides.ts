import { isDnsOfEveryPod } from "./dns-flow.ts";
import { type Flow, type FlowPort, type HttpRule, type Peer, peerKey, portText } from "./flow.ts";

type Pods = Extract<Peer, { kind: "pods" }>;
export type Direction = "ingress" | "egress";

/** Whose policy it is. */
export interface Subject {
  readonly namespace: string;
  /** A declared workload; absent: every pod of the namespace. */
  readonly workload?: Pods;
}

/** A subject with its side of each flow: what may come in, and what may go out. */
export interface Sides extends Subject {
  readonly ingress: readonly Flow[];
  readonly egress: readonly Flow[];
}

/** Peers that may use the same ports in the same way. */
export interface Rule {
  readonly peers: readonly Peer[];
  /** Empty: every port. */
  readonly ports: readonly FlowPort[];
  /** Requests that may pass; absent: all. */
  readonly http?: readonly HttpRule[];
}

/** What a namespace's policies have to allow. */
export interface NamespaceSides {
  /** Flows of every pod of it; absent when there are none. */
  readonly everyPod?: Sides;
  readonly workloads: readonly Sides[];
}

/** Each flow at both its ends, as far as these are pods of the given namespaces. In one pass over the flows. */
export function sidesOf(namespaces: readonly string[], flows: readonly Flow[]): Map<string, NamespaceSides> {
  const found = new Map(namespaces.map((name) => [name, new Map<string, Collected>()]));
  const add = (end: Peer, direction: Direction, flow: Flow): void => {
    if (end.kind !== "pods") return;
    for (const namespace of end.namespace === undefined ? namespaces : [end.namespace]) {
      const subjects = found.get(namespace);
      if (!subjects) continue;
      const key = end.workload ?? everyPod;
      const subject = subjects.get(key) ?? { pods: end, ingress: [], egress: [] };
      subjects.set(key, subject);
      subject[direction].push(flow);
    }
  };
  for (const flow of flows) {
    if (!isDnsOfEveryPod(flow)) add(flow.from, "egress", flow);
    add(flow.to, "ingress", flow);
  }
  return new Map([...found].map(([namespace, subjects]) => [namespace, named(namespace, subjects)]));
}

interface Collected {
  readonly pods: Pods;
  readonly ingress: Flow[];
  readonly egress: Flow[];
}

/** No name of a workload. */
const everyPod = "*";

function named(namespace: string, subjects: ReadonlyMap<string, Collected>): NamespaceSides {
  const all = subjects.get(everyPod);
  const workloads = [...subjects]
    .filter(([key]) => key !== everyPod)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { pods, ingress, egress }]) => ({ namespace, workload: pods, ingress, egress }));
  if (!all) return { workloads };
  return { everyPod: { namespace, ingress: all.ingress, egress: all.egress }, workloads };
}

/**
 * The flows of one side as rules: one for each set of ports, with all peers that may use it.
 * @param readsRequests - whether this side looks into requests; the other one lets all of them pass
 */
export function rulesOf(
  flows: readonly Flow[],
  direction: Direction,
  readsRequests: (flow: Flow) => boolean,
): Rule[] {
  const byPeer = new Map<string, Allowed>();
  for (const flow of flows) {
    const peer = direction === "ingress" ? flow.from : flow.to;
    const key = peerKey(peer);
    const allowed = byPeer.get(key) ?? { peer, everyPort: false, ports: new Map(), requests: new Map() };
    byPeer.set(key, allowed);
    if (!flow.port) allowed.everyPort = true;
    else if (flow.http && readsRequests(flow)) addRequests(allowed, flow.port, flow.http);
    else allowed.ports.set(portKey(flow.port), flow.port);
  }
  const rules = new Map<
    string,
    { peers: Map<string, Peer>; ports: readonly FlowPort[]; http?: HttpRule[] }
  >();
  for (const [key, { peer, everyPort, ports, requests }] of byPeer) {
    const parts = everyPort
      ? [{ ports: [] }]
      : [
          ...(ports.size > 0 ? [{ ports: sorted(ports) }] : []),
          ...[...requests.values()].map(({ port, http }) => ({ ports: [port], http: unique(http) })),
        ];
    for (const part of parts) {
      const ruleKey = `${part.ports.map(portKey).join()} ${"http" in part ? JSON.stringify(part.http) : ""}`;
      const rule = rules.get(ruleKey) ?? { ...part, peers: new Map<string, Peer>() };
      rules.set(ruleKey, rule);
      rule.peers.set(key, peer);
    }
  }
  return sortedEntries(rules).map(({ peers, ...rest }) => ({ peers: sortedEntries(peers), ...rest }));
}

interface Allowed {
  readonly peer: Peer;
  everyPort: boolean;
  readonly ports: Map<string, FlowPort>;
  readonly requests: Map<string, { port: FlowPort; http: HttpRule[] }>;
}

function addRequests({ requests }: Allowed, port: FlowPort, http: readonly HttpRule[]): void {
  const key = portKey(port);
  const known = requests.get(key) ?? { port, http: [] };
  requests.set(key, known);
  known.http.push(...http);
}

/** Sorts ports by protocol, then by number. */
const portKey = (port: FlowPort): string =>
  `${port.protocol} ${String(port.port).padStart(5, "0")} ${portText(port)}`;

const sorted = (ports: ReadonlyMap<string, FlowPort>): FlowPort[] => sortedEntries(ports);

const sortedEntries = <T>(entries: ReadonlyMap<string, T>): T[] =>
  [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);

function unique(http: readonly HttpRule[]): HttpRule[] {
  const byText = new Map(
    http.map(({ method, path, host }) => {
      const rule = { ...(method && { method }), ...(path && { path }), ...(host && { host }) };
      return [JSON.stringify(rule), rule] as const;
    }),
  );
  return sortedEntries(byText);
}
