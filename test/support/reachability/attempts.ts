import { type End, judge, type World } from "../../../model/reachability/index.ts";
import type { Plane } from "../data-plane.ts";

/** A connection to try, and what the evaluator says of it. */
export interface Attempt {
  /** "namespace/name" of the pod that tries. */
  readonly pod: string;
  /** As `peer probe` takes it. */
  readonly target: string;
  readonly words: string;
  readonly passes: ReturnType<typeof judge>["allowed"];
  readonly because: string;
}

/** An attempt that does not end as the evaluator says. */
export interface Surprise {
  readonly attempt: string;
  readonly verdict: string;
  readonly outcome: string;
}

/** Somebody whose address is known. */
export interface Reached {
  /** `namespace/name` for a pod. */
  readonly name: string;
  /** The same as it runs, where its name goes on. */
  readonly pod?: string;
  readonly end: End;
  readonly address: string;
}

/** What a data plane says of its addresses. */
export const networkOf = ({ dataPlane: { state, apiServer } }: Plane): NonNullable<World["network"]> => ({
  podCidrs: ["10.244.0.0/16"],
  serviceCidrs: ["10.96.0.0/12"],
  nodeAddresses: state.nodes.map(({ address }) => address),
  apiServerAddresses: [apiServer.host],
});

/** @param from - a pod */
export function attempt(
  world: World,
  from: Reached,
  to: Reached,
  [protocol, port]: readonly [protocol: "TCP" | "UDP", port: number],
): Attempt {
  const { allowed, egress, ingress } = judge(world, { from: from.end, to: to.end, protocol, port });
  return {
    pod: from.pod ?? from.name,
    target: `${protocol.toLowerCase()}:${to.address}:${port}`,
    words: `${from.name} → ${to.name} ${protocol} ${port}`,
    passes: allowed,
    because: `egress: ${egress.reason}; ingress: ${ingress.reason}`,
  };
}

/**
 * Tries all of them side by side, and those again that surprise: a node learns of another one's pods a moment
 * later than its own agent has.
 * @returns those that surprise to the end
 */
export async function surprises(
  plane: Plane,
  attempts: readonly Attempt[],
  seconds = 20,
): Promise<Surprise[]> {
  const deadline = Date.now() + seconds * 1000;
  let left = attempts;
  for (;;) {
    const outcomes = await tryAll(plane, left);
    const wrong = left.flatMap((one, index) => {
      const outcome = outcomes[index] ?? "";
      return isAsSaid(one, outcome) ? [] : [{ one, outcome }];
    });
    if (wrong.length === 0 || Date.now() > deadline) {
      return wrong.map(({ one, outcome }) => ({
        attempt: one.words,
        verdict: `${String(one.passes)}: ${one.because}`,
        outcome,
      }));
    }
    left = wrong.map(({ one }) => one);
  }
}

/** A policy drops; whatever else stops a connection is nothing that the evaluator has said. */
const isAsSaid = ({ passes }: Attempt, outcome: string): boolean =>
  (passes === true && outcome === "open") || (passes === false && outcome === "timeout");

async function tryAll({ dataPlane }: Plane, attempts: readonly Attempt[]): Promise<string[]> {
  const outcomes = new Map<Attempt, string>();
  const pods = new Set(attempts.map(({ pod }) => pod));
  await Promise.all(
    [...pods].map(async (pod) => {
      const own = attempts.filter((one) => one.pod === pod);
      const found = await dataPlane.probe(
        { pod },
        own.map(({ target }) => target),
      );
      for (const [index, one] of own.entries()) outcomes.set(one, found[index]?.outcome ?? "");
    }),
  );
  return attempts.map((one) => outcomes.get(one) ?? "");
}
