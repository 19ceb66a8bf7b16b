import { describeGroup, type LivePort } from "../live-pods.ts";
import { firstFew } from "../live-nodes.ts";
import type { LiveCluster } from "../live.ts";
import type { PolicyPlan } from "../policies/plan-policies.ts";
import { namedPods, unexplainedPods } from "../policies/unexplained-pods.ts";
import { judge, type PodGroup, type World } from "../reachability/index.ts";
import type { Settings } from "../settings.ts";
import { Clients } from "./clients.ts";
import { portsOf, unreachedServices } from "./ports.ts";
import { type ObservedGroup, type Worlds, worldsOf } from "./worlds.ts";

/** What enforcement would break in a namespace that is observed; a stack output. Each list is a screenful. */
export interface ObservedNamespace {
  /** Workloads that no flow names: all that they send and get would be denied, DNS excepted. */
  readonly unexplainedPods: readonly string[];
  /** Ports that nobody would reach any more. */
  readonly unreachedPorts: readonly string[];
  /** Services before such ports. */
  readonly unreachedServices: readonly string[];
  /** Ports that some would reach and others no more. */
  readonly narrowedPorts: readonly string[];
  /** Workloads that would reach nothing outside of the declared namespaces but what flows say. */
  readonly shutIn: readonly string[];
}

export interface Observation {
  readonly observed: Readonly<Record<string, ObservedNamespace>>;
  readonly warnings: readonly string[];
}

/** So many lines of each kind. */
const atMost = 12;
/** So many are named in a line. */
const few = 4;
/** An address on the internet for all of them, of a range that is for examples. */
const outside = { address: "198.51.100.7" };

/**
 * Holds what runs in observed namespaces against what would hold were all declared ones enforced.
 * @param stack - `<project>.<stack>`, the value of the stack label
 */
export function observe(settings: Settings, live: LiveCluster, plan: PolicyPlan, stack: string): Observation {
  const { namespaces } = settings;
  if (!namespaces.some(({ stage }) => stage === "observe")) return { observed: {}, warnings: [] };
  const worlds = worldsOf(settings, live, plan, stack);
  const reach = { today: new Clients(worlds.today), enforced: new Clients(worlds.enforced) };
  const named = namedPods(plan.flows);
  const observed: Record<string, ObservedNamespace> = {};
  const warnings = worlds.doubts.map((doubt) => `${doubt}: what is observed leaves it out`);
  namespaces.forEach(({ name, stage }, i) => {
    if (stage !== "observe") return;
    const found = observeNamespace(name, worlds, reach, live, named);
    observed[name] = {
      unexplainedPods: screenful(found.unexplainedPods),
      unreachedPorts: screenful(found.unreachedPorts),
      unreachedServices: screenful(found.unreachedServices),
      narrowedPorts: screenful(found.narrowedPorts),
      shutIn: screenful(found.shutIn),
    };
    warnings.push(`namespaces[${i}]: ${summary(name, found)}`);
  });
  return { observed, warnings };
}

/** Who reaches whom, in each of the two worlds. */
type Reach = Readonly<Record<"today" | "enforced", Clients>>;

function observeNamespace(
  namespace: string,
  worlds: Worlds,
  reach: Reach,
  live: LiveCluster,
  named: ReturnType<typeof namedPods>,
): ObservedNamespace {
  const inNamespace = (live.pods ?? []).filter((pod) => pod.namespace === namespace);
  const services = (live.observedServices ?? []).filter((service) => service.namespace === namespace);
  const groups = worlds.pods.filter(({ live: group }) => group.namespace === namespace && !group.hostNetwork);
  const unexplained = unexplainedPods(inNamespace, named).map(describeGroup);
  // Of what loses everything, the parts need not be listed.
  const isExplained = ({ live: group }: ObservedGroup): boolean =>
    !unexplained.includes(describeGroup(group));
  // What is on the host's network comes from a node, and a pod's own node always reaches it.
  const clients = [
    ...worlds.pods.map(({ end }) => end).filter(({ hostNetwork }) => !hostNetwork),
    worlds.others,
  ];
  const ports = groups.flatMap((group) =>
    portsOf(group.live, services).map((port) => ({
      group,
      port,
      ...clientsOf(group, port, clients, reach),
    })),
  );
  const unreached = ports.filter(({ keeps, loses }) => keeps.length === 0 && loses.length > 0);
  const narrowed = ports.filter(({ keeps, loses }) => keeps.length > 0 && loses.length > 0);
  return {
    unexplainedPods: unexplained,
    unreachedPorts: unreached
      .filter(({ group }) => isExplained(group))
      .map(({ group, port }) => portName(group, port)),
    unreachedServices: unreachedServices(
      services,
      unreached.map(({ group, port }) => ({ group: group.live, port })),
      groups.map(({ live: group }) => group),
    ),
    narrowedPorts: narrowed.map(
      ({ group, port, keeps, loses }) =>
        `${portName(group, port)}: keeps ${firstFew(keeps, few)}; loses ${firstFew(loses, few)}`,
    ),
    shutIn: groups
      .filter(isExplained)
      .filter(({ end }) => isShutIn(worlds, end))
      .map(({ live: group }) => describeGroup(group)),
  };
}

/** Who reaches a port today, by who still would. */
function clientsOf(
  { end }: ObservedGroup,
  port: LivePort,
  clients: readonly PodGroup[],
  { today, enforced }: Reach,
): { keeps: string[]; loses: string[] } {
  const [before, after] = [today.of(end, port), enforced.of(end, port)];
  const open = clients.filter((client) => before.has(client));
  return {
    keeps: names(open.filter((client) => after.has(client))),
    loses: names(open.filter((client) => !after.has(client))),
  };
}

const names = (groups: readonly { readonly name: string }[]): string[] => [
  ...new Set(groups.map(({ name }) => name)),
];

/** Whether pods get out of the cluster today and would not any more. */
const isShutIn = ({ today, enforced }: Worlds, pod: PodGroup): boolean =>
  getsOut(today, pod) && !getsOut(enforced, pod);

const getsOut = (world: World, pod: PodGroup): boolean =>
  judge(world, { from: { pod }, to: outside, protocol: "TCP", port: 443 }).allowed !== false;

const portName = (
  { live: { namespace, owner } }: ObservedGroup,
  { protocol, port, name }: LivePort,
): string =>
  `${owner.kind} ${namespace}/${owner.name} ${protocol} ${port}${name === undefined ? "" : ` (${name})`}`;

const screenful = (lines: readonly string[]): string[] =>
  lines.length <= atMost ? [...lines] : [...lines.slice(0, atMost), `and ${lines.length - atMost} more`];

function summary(namespace: string, found: ObservedNamespace): string {
  const count = (lines: readonly string[], one: string, many: string): string[] =>
    lines.length === 0 ? [] : [lines.length === 1 ? one : many.replace("#", String(lines.length))];
  const breaks = [
    ...count(
      found.unexplainedPods,
      "cut off a workload that no flow explains",
      "cut off # workloads that no flow explains",
    ),
    ...count(found.unreachedPorts, "leave a port to nobody", "leave # ports to nobody"),
    ...count(
      found.narrowedPorts,
      "close a port to some who reach it today",
      "close # ports to some who reach them today",
    ),
    ...count(found.shutIn, "keep a workload from the outside", "keep # workloads from the outside"),
  ];
  return breaks.length === 0
    ? `${namespace} is observed, so nothing is denied there; by what runs now, enforcement would break nothing`
    : `${namespace} is observed, so nothing is denied there; enforcement would ${firstFew(breaks, breaks.length)} (output observed)`;
}
