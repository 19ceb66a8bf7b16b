import type { V1DaemonSet } from "@kubernetes/client-node";

/** Whether a DaemonSet's newest form runs on every node that it is for, and is ready there. */
export function isRolledOut({ metadata, status }: V1DaemonSet): boolean {
  const wanted = status?.desiredNumberScheduled ?? 0;
  return (
    status?.observedGeneration === metadata?.generation &&
    (status?.updatedNumberScheduled ?? 0) === wanted &&
    (status?.numberReady ?? 0) === wanted
  );
}
