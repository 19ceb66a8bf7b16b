import type { LiveCluster, LiveRelease, ReleaseContent } from "../live.ts";
import { stackLabel } from "../live.ts";
import type { Problem } from "../problem.ts";
import type { Settings } from "../settings.ts";
import { networkSizes } from "../sizing/network-sizes.ts";
import { restartToAudit } from "./audit.ts";
import { firstInstalled, upgradeCompatibility } from "./first-installed.ts";
import { oldestKernel } from "./gate/index.ts";
import { mergeValues } from "./merge-values.ts";
import { operatorNodesOf } from "./placement.ts";
import { restartToReplace } from "./replaces-kube-proxy.ts";
import { type Judgement, judgeUpgrade } from "./upgrade.ts";
import { ciliumValues } from "./values.ts";

/** Chart version that the cluster's Cilium began with; the wanted one where none ever ran. */
export const firstInstalledIn = ({ deployedRelease, record }: LiveCluster, wanted: string): string =>
  firstInstalled({
    recorded: record?.firstInstalled,
    installed: deployedRelease && (deployedRelease.content ?? {}),
    wanted,
  });

/**
 * Version and all values of the release that a deployment will make: the derived ones, held to the defaults
 * that the cluster began with. What is deployed is what is judged.
 */
export function wantedRelease(settings: Settings, live: LiveCluster): ReleaseContent {
  const { cilium, cluster } = settings;
  const { datapath, told } = networkSizes(settings, operatorNodesOf(settings, live));
  const values = ciliumValues({
    settings: cilium,
    apiServer: cluster.apiServer === "auto" ? live.apiServer : cluster.apiServer,
    operatorReplicas: datapath?.operatorReplicas.value ?? 1,
    sizes: told,
  });
  const pin = upgradeCompatibility(firstInstalledIn(live, cilium.version), cilium.version);
  // A user's own value wins.
  const pinned = pin === undefined ? values : mergeValues({ upgradeCompatibility: pin }, values);
  const wanted = { chartVersion: cilium.version, values: pinned };
  const restarts = mergeValues(restartToReplace(live, wanted), restartToAudit(live, wanted));
  return { ...wanted, values: mergeValues(restarts, pinned) };
}

/**
 * Judges what a deployment does to the Cilium that runs for this stack.
 * @param stack - `<project>.<stack>`; another one's release is refused elsewhere
 * @param wanted - the release to make; undefined when Cilium is turned off
 */
export function judgeRelease(
  settings: Settings,
  live: LiveCluster,
  stack: string,
  wanted: ReleaseContent | undefined,
): Judgement {
  const { cilium } = settings;
  const nothing = { problems: [], warnings: [] };
  if (live.record?.labels[stackLabel] !== stack) return nothing;
  // Whether it may go is judged in datapath-switch.ts.
  if (!wanted) return nothing;
  const running = runningRevisions(live);
  const unreadable = running.filter(({ content }) => content === undefined);
  if (unreadable.length > 0) return { ...nothing, problems: unreadable.map(unreadableProblem) };
  return judgeUpgrade({
    installed: running.flatMap(({ revision, status, content }) =>
      content ? [{ revision, status, ...content }] : [],
    ),
    wanted,
    consent: cilium.allowDatapathChange,
    auditIsStaged: auditIsStaged(settings),
    kernel: oldestKernel(settings, live),
  });
}

/** An audit begins with a namespace in that stage, and ends when none is and there are some to enforce. */
const auditIsStaged = ({ namespaces }: Settings): boolean =>
  namespaces.some(({ stage }) => stage !== "observe");

/** The revisions that may be running, newest first: on some nodes one that failed, on others the one before. */
function runningRevisions({ release, deployedRelease }: LiveCluster): LiveRelease[] {
  if (release === undefined || release.status === "uninstalled") return [];
  const isOlder = deployedRelease !== undefined && deployedRelease.revision < release.revision;
  return isOlder ? [release, deployedRelease] : [release];
}

const unreadableProblem = ({ secret, revision }: LiveRelease): Problem => ({
  path: `kube-system/${secret}`,
  message: `Revision ${revision} of Helm release cilium cannot be read, so nobody knows what an upgrade would change`,
  remedy: "look at `helm -n kube-system get all cilium`; the Secret may be put back from a backup",
});
