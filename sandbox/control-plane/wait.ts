import { setTimeout as sleep } from "node:timers/promises";
import { ControlPlaneError, messageOf } from "./error.ts";

/** What a probe answers: the value that was waited for, or what it saw instead. */
export type Probed<T> = { readonly value: T } | { readonly seen: string };

export interface Bound {
  /** Seconds after which to give up. */
  readonly seconds: number;
  /** Milliseconds between two probes. @default 50 */
  readonly every?: number;
  /** The log that tells why it takes so long. */
  readonly log?: string;
  /** Throws a ControlPlaneError when there is nothing left to wait for. */
  readonly alive?: () => void;
}

/**
 * Asks again and again until the probe has a value. What a probe throws counts as
 * "seen", except a ControlPlaneError, which ends the wait: asking again cannot help.
 * @param what completes "waiting for …"
 * @throws ControlPlaneError after the time: what was waited for, what was seen last, which log to read
 */
export async function waitFor<T>(what: string, bound: Bound, probe: () => Promise<Probed<T>>): Promise<T> {
  const deadline = Date.now() + bound.seconds * 1000;
  const alive = bound.alive ?? (() => undefined);
  let seen = "nothing";
  for (;;) {
    alive();
    try {
      const probed = await bounded(probe(), deadline, alive);
      if ("value" in probed) return probed.value;
      seen = probed.seen;
    } catch (error) {
      if (error instanceof ControlPlaneError) throw error;
      if (!(error instanceof TimeIsUp)) seen = messageOf(error);
    }
    if (Date.now() >= deadline) {
      throw new ControlPlaneError(
        `Gave up after ${bound.seconds} s waiting for ${what}, seen last: ${seen}`,
        bound.log,
      );
    }
    await sleep(bound.every ?? 50);
  }
}

class TimeIsUp extends Error {}

/** A probe that hangs must not hang the wait, nor hide that there is nothing left to wait for. */
async function bounded<T>(probed: Promise<T>, deadline: number, alive: () => void): Promise<T> {
  const over = new AbortController();
  try {
    return await Promise.race([probed, watch(deadline, alive, over.signal)]);
  } finally {
    over.abort();
  }
}

async function watch(deadline: number, alive: () => void, signal: AbortSignal): Promise<never> {
  for (;;) {
    await sleep(20, undefined, { signal });
    alive();
    if (Date.now() >= deadline) throw new TimeIsUp();
  }
}
