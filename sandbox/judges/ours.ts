import { addressNumber, cidrAddresses } from "../../model/reachability/addresses.ts";
import {
  allowedFlows,
  type AllowedFlows,
  type End,
  judge,
  type Party,
  type PodGroup,
  readPolicies,
  type World,
} from "../../model/reachability/index.ts";
import { holds } from "../../model/reachability/intervals.ts";
import { connections, type Scene } from "./scene.ts";

/** What a scene is to our evaluator: each pod a group of its own. */
export interface OurWorld {
  readonly world: World;
  /** The scene's ends, in its order. */
  readonly ends: readonly End[];
}

/** Reads a scene; throws where its policies have problems. */
export function worldOf({ namespaces, pods, addresses, policies }: Scene): OurWorld {
  const read = readPolicies(policies);
  if (read.problems.length > 0) {
    throw new Error(read.problems.map(({ path, message }) => `${path}: ${message}`).join("\n"));
  }
  const groups = pods.map((pod, at): PodGroup => ({
    name: `${pod.namespace}/${at}`,
    namespace: pod.namespace,
    labels: pod.labels,
    ports: pod.ports,
    addresses: [pod.address],
  }));
  return {
    world: {
      namespaces: Object.entries(namespaces).map(([name, labels]) => ({ name, labels })),
      pods: groups,
      policies: read.policies,
      dialect: "kubernetes",
    },
    ends: [...groups.map((pod) => ({ pod })), ...addresses.map((address) => ({ address }))],
  };
}

/**
 * The verdicts of `judge()` in the form of cyclonus' answers: a digit for each connection, 1 for ingress plus 2 for
 * egress, `?` where it does not know.
 */
export function judgedByUs(scene: Scene, { world, ends } = worldOf(scene)): string {
  let verdicts = "";
  for (const { from, to, port } of connections(scene)) {
    const [source, destination, on] = [ends[from], ends[to], scene.ports[port]];
    if (!source || !destination || !on) throw new Error("The scene has not what its connections name");
    const { ingress, egress, allowed } = judge(world, { from: source, to: destination, ...on });
    const digit = (ingress.passes === true ? 1 : 0) + (egress.passes === true ? 2 : 0);
    // Both sides and the whole have to be known, and to be the same verdict.
    const isKnown = [ingress.passes, egress.passes, allowed].every((truth) => typeof truth === "boolean");
    verdicts += isKnown && allowed === (digit === 3) ? String(digit) : "?";
  }
  return verdicts;
}

/** What `allowedFlows()` lists, a sign for each connection: `+`, `-`, `x` where it is listed twice. */
export function listedByUs(
  scene: Scene,
  { world, ends } = worldOf(scene),
  flows: AllowedFlows = allowedFlows(world),
): string {
  const signs = Array.from(connections(scene), () => "-");
  for (const { from, to, ports } of flows) {
    const [sources, destinations] = [placesOf(from, ends), placesOf(to, ends)];
    const on = scene.ports.flatMap(({ protocol, port }, at) =>
      ports.some((range) => range.protocol === protocol && range.from <= port && port <= range.to)
        ? [at]
        : [],
    );
    for (const source of sources) {
      for (const destination of destinations) {
        for (const port of on) {
          const at = (source * ends.length + destination) * scene.ports.length + port;
          signs[at] = signs[at] === "-" ? "+" : "x";
        }
      }
    }
  }
  return withoutOutside(scene, signs);
}

/** Verdicts as signs, to be compared with what is listed. */
export function asSigns(scene: Scene, verdicts: string): string {
  return withoutOutside(
    scene,
    Array.from(verdicts, (digit) => (digit === "3" ? "+" : "-")),
  );
}

/** What goes from outside to outside is nobody's, and listed by nobody. */
function withoutOutside(scene: Scene, signs: readonly string[]): string {
  const pods = scene.pods.length;
  return Array.from(connections(scene), ({ from, to }, at) =>
    from >= pods && to >= pods ? "." : (signs[at] ?? "?"),
  ).join("");
}

function placesOf(party: Party, ends: readonly End[]): number[] {
  const pods = new Set(party.pods);
  const ranges = party.addresses.flatMap((cidr) => [cidrAddresses(cidr) ?? []]);
  return ends.flatMap((end, at) => {
    if ("pod" in end) return pods.has(end.pod) ? [at] : [];
    const number = "address" in end ? addressNumber(end.address) : undefined;
    return number !== undefined && ranges.some((range) => holds(range, number)) ? [at] : [];
  });
}
