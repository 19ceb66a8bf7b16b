import { type LiveCluster, type LiveRelease, stackLabel } from "./live.ts";
import { connectsPods, isMeantBeside } from "./prior-cni.ts";
import type { Problem } from "./problem.ts";
import { profileOf } from "./profiles.ts";
import type { Settings } from "./settings.ts";

type Datapath = Settings["datapath"];

/** Whose release the note in the cluster announces. */
export function recordedDatapath({ record }: LiveCluster): Datapath | undefined {
  if (record === undefined) return undefined;
  return isCalicos(record.chart) ? "calico" : "cilium";
}

/** Whether a note's chart is Calico's. */
export const isCalicos = (chart: string | undefined): boolean =>
  chart?.startsWith("tigera-operator") === true;

/** What takes the datapath away, or puts another one in its place: refused, or said where somebody agreed. */
export function judgeSwitch(
  settings: Settings,
  live: LiveCluster,
  stack: string,
): { readonly problems: readonly Problem[]; readonly warnings: readonly string[] } {
  const { cilium, calico, allowDatapathChange } = settings;
  const ours = live.record?.labels[stackLabel] === stack;
  const recorded = ours ? recordedDatapath(live) : undefined;
  const calicoRuns = live.calico?.installation !== undefined;
  // One that nodes are moved from is somebody's, though by now the note is ours.
  const leftBehind = ours && isThere(live.calico?.release) && !cilium.migrateFrom.includes("calico");
  const ownCalico = recorded === "calico" || leftBehind;
  if (cilium.enabled && calicoRuns && !ownCalico) {
    return calicoIsInTheWay(settings, live) ? refused(foreignCalico) : nothing;
  }
  if (calico.enabled && ciliumRuns(live) && !(ours && isThere(live.release))) return refused(foreignCilium);
  // The note alone says so where Calico was not to be seen; one that is ahead of an interrupted exchange says nothing.
  const takesCalicoOut = ownCalico && (calicoRuns || (recorded === "calico" && !isThere(live.release)));
  const change =
    cilium.enabled && takesCalicoOut
      ? exchange("calico", "cilium", settings)
      : calico.enabled && ciliumRuns(live)
        ? exchange("cilium", "calico", settings)
        : recorded !== undefined && !cilium.enabled && !calico.enabled
          ? removal(recorded, settings)
          : undefined;
  if (!change) return nothing;
  return allowDatapathChange
    ? { problems: [], warnings: [`${change.path}: ${change.message}`] }
    : refused(settings.cluster.production ? { ...change, remedy: change.remedy + unprotect } : change);
}

/** Each deployment protects the release, one that only prepares the exchange, too. */
const unprotect =
  "; this is production: `pulumi state unprotect` the release directly before that deployment, for every one protects it again";

const nothing = { problems: [], warnings: [] };
const refused = (problem: Problem) => ({ problems: [problem], warnings: [] });

const isThere = (release: LiveRelease | undefined): boolean =>
  release !== undefined && release.status !== "uninstalled";

const ciliumRuns = (live: LiveCluster): boolean =>
  isThere(live.release) ||
  live.daemonSets.some(({ namespace, name }) => namespace === "kube-system" && name === "cilium");

/**
 * Whether somebody's Calico would share its nodes with a Cilium that comes now. Where Cilium runs already a
 * refusal would only stand in the way of its upgrades, and nodes may be moved from it one by one.
 */
const calicoIsInTheWay = ({ cilium }: Settings, { calico, deployedRelease }: LiveCluster): boolean =>
  deployedRelease === undefined &&
  connectsPods(calico?.installation) &&
  !cilium.migrateFrom.includes("calico") &&
  !isMeantBeside("calico", cilium.values);

const isInTheCluster = (what: string): string =>
  `${what} and is not of this stack: of two network plugins on a node, each takes pods from the other`;

const foreignCalico: Problem = {
  path: "datapath",
  message: isInTheCluster("Calico is in the cluster (an Installation)"),
  remedy:
    "take it out first; to chain Cilium behind it, set cni.chainingMode: generic-veth in cilium.values; to move node by node, set cilium.migrateFrom: [calico] (docs/operations.md); or leave the network to it by cilium.enabled: false",
};

const foreignCilium: Problem = {
  path: "datapath",
  message: isInTheCluster("Cilium is in the cluster (DaemonSet kube-system/cilium)"),
  remedy: "take it out first, or leave the network to it by calico.enabled: false",
};

const named = { cilium: "Cilium", calico: "Calico" } as const;

function exchange(from: Datapath, to: Datapath, { profile }: Settings): Problem {
  const [old, next] = [named[from], named[to]];
  // Who wrote no datapath cannot leave it as it is.
  const isProfiles = profileOf(profile)?.choices.some(
    ({ path, value }) => path === "datapath" && value === to,
  );
  const why = isProfiles === true ? ` (profile ${profile} chooses ${to})` : "";
  return {
    path: "datapath",
    message: `Takes ${old} out and puts ${next} in its place: from then on no running pod reaches anything, for its interface and its address are ${old}'s, until it is made anew; nodes take no new pods until ${next} is up on them, and no policy holds in between. Flows to the API server, nodes and DNS names are written in another way for ${next}, and denied until this deployment has come to them: a namespace at stage: observe is open meanwhile`,
    remedy: `set datapath: ${from} to stay with ${old}${why}, or agree by allowDatapathChange: true for this deployment, and restart every pod after it`,
  };
}

/** What runs may not be taken out of a cluster that runs on it unless somebody agrees. */
const removal = (runs: Datapath, { datapath }: Settings): Problem => ({
  path: `${datapath}.enabled`,
  message: `false uninstalls ${named[runs]}, which runs in this cluster for this stack: pods lose their network`,
  remedy: `${runs === datapath ? "leave it on" : `set datapath: ${runs}, and leave ${runs}.enabled on`}, or agree by allowDatapathChange: true for this deployment`,
});
