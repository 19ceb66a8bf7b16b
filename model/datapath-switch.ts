import { type LiveCluster, type LiveRelease, stackLabel } from "./live.ts";
import type { Problem } from "./problem.ts";
import type { Settings } from "./settings.ts";

/** Whose release the note in the cluster announces. */
export function recordedDatapath({ record }: LiveCluster): Settings["datapath"] | undefined {
  if (record === undefined) return undefined;
  return record.chart?.startsWith("tigera-operator") === true ? "calico" : "cilium";
}

/** What takes the datapath away, or puts another one in its place: refused, or said where somebody agreed. */
export function judgeSwitch(
  settings: Settings,
  live: LiveCluster,
  stack: string,
): { readonly problems: readonly Problem[]; readonly warnings: readonly string[] } {
  const { cilium, calico, allowDatapathChange } = settings;
  const ours = live.record?.labels[stackLabel] === stack;
  const calicoRuns = live.calico?.installation !== undefined;
  const ownCalico = ours && isThere(live.calico?.release);
  if (cilium.enabled && calicoRuns && !ownCalico) {
    // Where nodes are moved from it one by one, both run for a while.
    if (cilium.migrateFrom.includes("calico")) return nothing;
    return refused(foreign("Calico", "an Installation", "calico"));
  }
  if (calico.enabled && ciliumRuns(live) && !(ours && isThere(live.release))) {
    return refused(foreign("Cilium", "DaemonSet kube-system/cilium", "cilium"));
  }
  const takesCalicoOut = ours && recordedDatapath(live) === "calico" && !calico.enabled;
  const change =
    cilium.enabled && calicoRuns
      ? exchange("Calico", "Cilium")
      : calico.enabled && ciliumRuns(live)
        ? exchange("Cilium", "Calico", runs(live, "kube-proxy") ? "" : noProxy)
        : takesCalicoOut && !cilium.enabled
          ? removal
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

const runs = ({ daemonSets }: LiveCluster, wanted: string): boolean =>
  daemonSets.some(({ namespace, name }) => namespace === "kube-system" && name === wanted);

const ciliumRuns = (live: LiveCluster): boolean => isThere(live.release) || runs(live, "cilium");

const foreign = (name: string, what: string, datapath: string): Problem => ({
  path: "datapath",
  message: `${name} is in the cluster (${what}) and is not of this stack: of two network plugins on a node, each takes pods from the other`,
  remedy: `take it out first, or use datapath: ${datapath} with ${datapath}.enabled: false, to leave it to whoever runs it`,
});

const noProxy =
  "; nor does anybody serve Services then, for there is no DaemonSet kube-system/kube-proxy, which Calico leaves them to";

const exchange = (from: string, to: string, more = ""): Problem => ({
  path: "datapath",
  message: `Takes ${from} out and puts ${to} in its place: from then on no running pod reaches anything, for its interface and its address are ${from}'s, until it is made anew; nodes take no new pods until ${to} is up on them, and no policy holds in between${more}`,
  remedy:
    "leave datapath as it is, or agree by allowDatapathChange: true for this deployment, and restart every pod after it",
});

const removal: Problem = {
  path: "calico.enabled",
  message: "false uninstalls Calico, which runs in this cluster for this stack: pods lose their network",
  remedy: "leave it on, or agree by allowDatapathChange: true for this deployment",
};
