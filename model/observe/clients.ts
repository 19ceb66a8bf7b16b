import { type AllowedBlock, allowedFlows, type PodGroup, type World } from "../reachability/index.ts";
import type { LivePort } from "../live-pods.ts";

/** Who may connect to whom in a world, looked up by who answers. */
export class Clients {
  readonly #blocks = new Map<PodGroup, AllowedBlock[]>();

  constructor(world: World) {
    // What passes perhaps counts as passing: only what is sure to close is reported.
    for (const block of allowedFlows(world, "most")) {
      for (const pods of block.to.pods) {
        const others = this.#blocks.get(pods);
        if (others) others.push(block);
        else this.#blocks.set(pods, [block]);
      }
    }
  }

  /** Pods that may connect to a port. */
  of(pods: PodGroup, { protocol, port }: LivePort): ReadonlySet<PodGroup> {
    const blocks = (this.#blocks.get(pods) ?? []).filter(({ ports }) =>
      ports.some((range) => range.protocol === protocol && range.from <= port && port <= range.to),
    );
    return new Set(blocks.flatMap(({ from }) => from.pods));
  }
}
