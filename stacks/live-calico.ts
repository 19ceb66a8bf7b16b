import { ClusterError } from "../components/cluster-error.ts";
import { isDenied } from "../components/cluster-connection.ts";
import { isCalicos } from "../model/datapath-switch.ts";
import type { LiveCluster } from "../model/live.ts";
import type { Settings } from "../model/settings.ts";

/**
 * Looks for Calico where a datapath is deployed. Who deploys Cilium may lack the rights to look for Calico,
 * and is not held up by it, unless the note says that Calico runs: what was not seen would count as absent.
 * @param read - reads what is there of Calico
 */
export async function readCalicoFor(
  { cilium, calico }: Settings,
  read: () => Promise<LiveCluster["calico"]>,
  note: Promise<{ readonly data?: { readonly chart?: string } } | undefined>,
): Promise<LiveCluster["calico"]> {
  if (!calico.enabled && !cilium.enabled) return undefined;
  try {
    return await read();
  } catch (error) {
    const isRefused = error instanceof ClusterError && isDenied(error.status);
    if (calico.enabled || !isRefused || isCalicos((await note)?.data?.chart)) throw error;
    return undefined;
  }
}
