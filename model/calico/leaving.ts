import { type LiveCluster, stackLabel } from "../live.ts";
import type { Settings } from "../settings.ts";

/**
 * Whether a deployment takes this stack's release of Calico out to put Cilium in its place. The note may be
 * ahead of it: an exchange that failed half-way has written it already.
 */
export function calicoMakesWay(
  { cilium }: Settings,
  { record, calico }: LiveCluster,
  stack: string,
): boolean {
  const { release } = calico ?? {};
  return (
    cilium.enabled &&
    // A Calico that nodes are moved from one by one is somebody else's, and stays.
    !cilium.migrateFrom.includes("calico") &&
    record?.labels[stackLabel] === stack &&
    release !== undefined &&
    release.status !== "uninstalled"
  );
}
