import { ClusterError } from "../components/cluster-client.ts";
import { ClusterNetwork } from "./cluster-network.ts";
import { readLiveCluster } from "./live-cluster.ts";
import { localChartProblems } from "./local-chart.ts";
import { refuse } from "./refuse.ts";
import { stackSettings } from "./settings.ts";

/** Reads the settings and the cluster, then declares the network. */
export async function deploy(): Promise<ClusterNetwork> {
  const settings = stackSettings();
  const chartProblems = localChartProblems(settings.cilium);
  if (chartProblems.length > 0) refuse("The chart", chartProblems);
  try {
    const live = await readLiveCluster(settings);
    return new ClusterNetwork("network", { settings, live });
  } catch (error) {
    if (error instanceof ClusterError) refuse("The cluster", [error.problem]);
    throw error;
  }
}
