import { setTimeout as sleep } from "node:timers/promises";
import type { DataPlane, Probed } from "../data-plane/index.ts";
import { type Attempt, type Connection, nameOf, type Target } from "./connections.ts";
import { type Decided, decisionOf, type Ends, isExplained } from "./decision.ts";

/** Where everybody is: the workloads by "namespace/name", the others by the target's name. */
export type Places = ReadonlyMap<string, Ends>;

/** How long an attempt may take: a policy drops, so what is denied takes all of it. */
const timeoutSeconds = 2;
/** A name that the cluster's DNS knows in any cluster. */
const clusterName = "kubernetes.default.svc.cluster.local";

/** Tries all connections at once, each from inside the pod where it starts. */
export async function tryAll(
  plane: DataPlane,
  connections: readonly Connection[],
  places: Places,
): Promise<Attempt[]> {
  const sources = new Map(connections.map(({ from }) => [nameOf(from), from]));
  const tried = await Promise.all(
    [...sources.keys()].map(async (source) => {
      const own = connections.filter(({ from }) => nameOf(from) === source);
      const targets = own.map(({ to }) => probesOf(to, placeOf(to, places).address));
      const pod = places.get(source)?.pod ?? "";
      const results = await plane.probe({ pod }, targets.flat(), timeoutSeconds);
      let read = 0;
      return own.map((connection, index): Attempt => {
        const outcomes = results.slice(read, (read += targets[index]?.length ?? 0)).map(outcomeOf);
        const outcome = outcomes.find((one) => one !== "open") ?? "open";
        return { ...connection, isOpen: outcome === "open", outcome };
      });
    }),
  );
  return tried.flat();
}

/** Finds who decided about each attempt, waiting a moment for flows that Hubble has not told yet. */
export async function explain(
  plane: DataPlane,
  attempts: readonly Attempt[],
  places: Places,
): Promise<Decided[]> {
  const deadline = Date.now() + 5_000;
  for (;;) {
    const nodes = plane.state.nodes.map(({ name }) => name);
    const flows = (await Promise.all(nodes.map((node) => plane.flows(node, 4_000)))).flat();
    const decided = attempts.map((attempt) => {
      const { address } = placeOf(attempt.to, places);
      const pod = places.get(nameOf(attempt.from))?.pod ?? "";
      return { ...attempt, decision: decisionOf(attempt, { pod, address }, flows) };
    });
    if (decided.every(isExplained) || Date.now() > deadline) return decided;
    await sleep(200);
  }
}

function placeOf({ kind, name, namespace }: Target, places: Places): Ends {
  const key = kind === "workload" ? `${namespace ?? ""}/${name}` : name;
  return places.get(key) ?? { pod: "", address: "" };
}

/** What `peer probe` is to try for a target. */
function probesOf({ kind, protocols, port }: Target, address: string): string[] {
  return protocols.map((protocol) => {
    const transport = protocol.toLowerCase();
    return kind === "dns" ? `dns:${clusterName}@${address}/${transport}` : `${transport}:${address}:${port}`;
  });
}

/** DNS that answers with an error has been reached, but is of no use. */
function outcomeOf({ target, outcome, answer = "" }: Probed): string {
  return target.startsWith("dns:") && outcome === "open" && !/^\d/.test(answer) ? answer : outcome;
}
