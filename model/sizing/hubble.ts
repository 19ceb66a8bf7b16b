import { chartDefaults } from "./chart-sizes.ts";
import type { Shape } from "./shape.ts";
import { powerOfTwo, type Size } from "./size.ts";

/** Flows of each pod that `hubble observe` should still find. */
const flowsPerPod = 32;
const buffer = { minimum: chartDefaults().hubbleEventBuffer, maximum: 65_535 };
/** The agent's monitor queue: so many events for each core, and at most. */
const eventsPerCore = 1024;
const queueMaximum = 16_384;

/**
 * Flows that each agent remembers (`hubble.eventBufferCapacity`): always 2^n - 1, at most 65535.
 */
export function hubbleEventBuffer({ podsPerNode }: Shape): Size {
  const unit = "flows";
  const flows = podsPerNode * flowsPerPod;
  const value = Math.min(buffer.maximum, Math.max(buffer.minimum, powerOfTwo(flows + 1) - 1));
  return {
    value,
    unit,
    because:
      value === buffer.minimum
        ? `the default holds the last ${flowsPerPod} flows of each of ${podsPerNode} pods`
        : `the last ${flowsPerPod} flows of each of ${podsPerNode} pods, as 2^n - 1`,
    source: "cilium pkg/hubble/container NewCapacity",
  };
}

/** Events that wait for Hubble on a node (`hubble.eventQueueSize`); the agent chooses it by itself. */
export function hubbleEventQueue({ cores }: { readonly cores: number }): Size {
  const value = Math.min(cores * eventsPerCore, queueMaximum);
  return {
    value,
    unit: "events",
    because: `min(${eventsPerCore} × ${cores} cores, ${queueMaximum})`,
    source: "cilium pkg/hubble/cell getDefaultMonitorQueueSize",
  };
}
