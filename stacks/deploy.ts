import * as pulumi from "@pulumi/pulumi";
import { openCluster } from "../components/cluster-client.ts";
import { ClusterError } from "../components/cluster-error.ts";
import { clearInterrupted, isInterrupted } from "../components/interrupted-release.ts";
import { operatorNamespace } from "../model/calico/release.ts";
import type { LiveRelease } from "../model/live.ts";
import { planNetwork } from "../model/plan.ts";
import { ClusterNetwork } from "./cluster-network.ts";
import { readLiveCluster } from "./live-cluster.ts";
import { localChartProblems } from "./local-chart.ts";
import { localCrdProblems } from "./local-crds.ts";
import { refuse } from "./refuse.ts";
import { stackSettings } from "./settings.ts";

/** Reads the settings and the cluster, decides, then declares the network. */
export async function deploy(): Promise<ClusterNetwork> {
  const settings = stackSettings();
  const chartProblems = localChartProblems(settings.datapath, settings[settings.datapath]);
  if (chartProblems.length > 0) refuse("The chart", chartProblems);
  try {
    const live = await readLiveCluster(settings);
    const { plan, problems } = planNetwork(settings, live, `${pulumi.getProject()}.${pulumi.getStack()}`);
    if (!plan) refuse("The cluster", problems);
    const crdProblems = localCrdProblems(settings.cilium, plan, live);
    if (crdProblems.length > 0) refuse("The source of the CRDs", crdProblems);
    const { context } = settings.cluster;
    if (plan.cilium) await takeUpRelease(context, "kube-system/cilium", live.release);
    if (plan.calico) await takeUpRelease(context, `${operatorNamespace}/calico`, live.calico?.release);
    return new ClusterNetwork("network", { settings, live, plan });
  } catch (error) {
    if (error instanceof ClusterError) refuse("The cluster", [error.problem]);
    throw error;
  }
}

/** A release that a killed run left half-way blocks Helm; a deployment clears it, a preview only says so. */
async function takeUpRelease(
  context: string | undefined,
  name: string,
  release: LiveRelease | undefined,
): Promise<void> {
  if (!isInterrupted(release)) return;
  const what = `Helm release ${name} was interrupted (revision ${release.revision}, ${release.status})`;
  if (pulumi.runtime.isDryRun()) {
    await pulumi.log.warn(`${what}: the next deployment takes it up again`);
    return;
  }
  await clearInterrupted(await openCluster(context), name.split("/")[0] ?? "", release);
  await pulumi.log.info(`${what}: taken up again`);
}
