import * as pulumi from "@pulumi/pulumi";
import { letCalicoLeave } from "../components/calico-leave.ts";
import { openEditor } from "../components/cluster-editor.ts";
import { ClusterError } from "../components/cluster-error.ts";
import { clearInterrupted, isInterrupted } from "../components/interrupted-release.ts";
import { putBack } from "../components/kube-proxy/put-back.ts";
import { calicoMakesWay } from "../model/calico/leaving.ts";
import { operatorNamespace } from "../model/calico/release.ts";
import type { LiveRelease } from "../model/live.ts";
import { planNetwork } from "../model/plan.ts";
import { bundleChanges } from "../model/policies/delivery.ts";
import type { Settings } from "../model/settings.ts";
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
    const stack = `${pulumi.getProject()}.${pulumi.getStack()}`;
    const live = await readLiveCluster(settings, stack);
    const { plan, problems } = planNetwork(settings, live, stack);
    if (!plan) refuse("The cluster", problems);
    const crdProblems = localCrdProblems(settings.cilium, plan, live);
    if (crdProblems.length > 0) refuse("The source of the CRDs", crdProblems);
    for (const changes of bundleChanges(plan.delivery, plan.services)) await pulumi.log.info(changes);
    const { context } = settings.cluster;
    if (plan.kubeProxyBack) await putKubeProxyBack(settings);
    // An exchange replaces the release, before the engine comes to what looks ahead of a destroy (calico.ts).
    if (!pulumi.runtime.isDryRun() && calicoMakesWay(settings, live, stack)) {
      await letCalicoLeave(await openEditor(context));
    }
    if (plan.cilium) await takeUpRelease(context, "kube-system/cilium", live.release);
    if (plan.calico) await takeUpRelease(context, `${operatorNamespace}/calico`, live.calico?.release);
    return new ClusterNetwork("network", { settings, live, plan });
  } catch (error) {
    if (error instanceof ClusterError) refuse("The cluster", [error.problem]);
    throw error;
  }
}

/** It may be off the nodes though no state knows of it, so no resource could put it back. */
async function putKubeProxyBack({ cluster, cilium }: Settings): Promise<void> {
  if (pulumi.runtime.isDryRun()) {
    await pulumi.log.warn("kube-proxy is off the nodes: the deployment puts it back before all else");
    return;
  }
  await pulumi.log.info("kube-proxy comes back to the nodes");
  await putBack(await openEditor(cluster.context), cilium.timeoutSeconds);
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
  await clearInterrupted(await openEditor(context), name.split("/")[0] ?? "", release);
  await pulumi.log.info(`${what}: taken up again`);
}
