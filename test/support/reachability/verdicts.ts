import { connections, type Scene } from "../../../sandbox/cyclonus/scene.ts";
import {
  type End,
  judge,
  type PodGroup,
  readPolicies,
  type World,
} from "../../../model/reachability/index.ts";

/** What a scene is to our evaluator; problems with its policies end the test. */
function worldOf({ namespaces, pods, addresses, policies }: Scene): { world: World; ends: End[] } {
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
 * Our verdicts in the form of cyclonus' answers: a digit for each connection, 1 for ingress plus 2 for egress, `?`
 * where we do not know.
 */
export function verdictsOf(scene: Scene): string {
  const { world, ends } = worldOf(scene);
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
