import { setTimeout as sleep } from "node:timers/promises";

/** Looks at something again and again while a test goes on. */
export interface Watch {
  /** Ends the looking; throws what a look threw. */
  stop(): Promise<void>;
}

/** Calls `look` every few milliseconds until stopped. */
export function watch(look: () => Promise<void>, everyMs = 50): Watch {
  let stopped = false;
  const loop = (async () => {
    while (!stopped) {
      await look();
      await sleep(everyMs);
    }
  })();
  // Reported by stop(); until then a failed look must not end the process.
  loop.catch(() => undefined);
  return {
    stop: async () => {
      stopped = true;
      await loop;
    },
  };
}
