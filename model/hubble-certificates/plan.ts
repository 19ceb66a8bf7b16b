import { ChartValues } from "../cilium/chart-rules/chart-values.ts";
import { parseChartVersion } from "../cilium/chart-version.ts";
import type { Values } from "../cilium/merge-values.ts";
import { checkUserValues } from "../cilium/user-values.ts";
import { settledValues } from "../cilium/values.ts";
import type { LiveCertificates, LiveCluster } from "../live.ts";
import type { Problem } from "../problem.ts";
import type { CiliumSettings } from "../settings.ts";
import { at, atPath } from "../tree.ts";
import { takesSecrets } from "./chart-values.ts";
import { chartsSecret, type Leaf, secretName, wantedLeaves } from "./leaves.ts";
import { day, dayOf, renewDays, renewsFrom } from "./lifetime.ts";

/** Certificates to make and keep. */
export interface CertificatePlan {
  readonly leaves: readonly Leaf[];
  /**
   * Number of this issue, which the Secrets carry in an annotation. The state holds the same number, so
   * another one than before is what makes a deployment look at the certificates.
   */
  readonly generation: number;
}

interface CertificateDecision {
  /** Undefined where Hubble needs none, or somebody else makes them. */
  readonly certificates?: CertificatePlan | undefined;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** Keys of the user's own by which certificates come from elsewhere. */
const ownSources = [
  "hubble.tls.auto",
  ...["hubble.tls.server", "hubble.metrics.tls.server", "hubble.relay.tls.server", "hubble.relay.tls.client"]
    .concat("hubble.ui.tls.client")
    .flatMap((key) => ["cert", "key", "existingSecret"].map((part) => `${key}.${part}`)),
  "tls.ca.cert",
  "tls.ca.key",
  "tls.caBundle",
];

/** Whether the release has Hubble on, so that its certificates are read; chart values may say so, too. */
export const usesHubble = (cilium: CiliumSettings): boolean =>
  cilium.enabled && at(settledValues(cilium), "hubble", "enabled") === true;

/**
 * Decides which certificates a deployment keeps for Hubble, and whether it renews them.
 * @param values - all values of the release, without certificates
 */
export function planCertificates(
  settings: CiliumSettings,
  values: Values,
  live: LiveCluster,
): CertificateDecision {
  const nothing = { problems: [], warnings: [] };
  const version = parseChartVersion(settings.version);
  if (!version) return nothing;
  const own = checkUserValues(settings.values, settings.version).values;
  const chart = new ChartValues(values, version, own, new Map());
  const leaves = wantedLeaves(chart);
  if (leaves.length === 0) return nothing;
  const found = live.certificates ?? { readAt: 0, found: [] };
  const source = ownSources.find((key) => atPath(own, key) !== undefined);
  if (source !== undefined) {
    const warnings = [leftToOthers(`cilium.values.${source}`, "Given", found)];
    return { problems: hookProblems(chart, found), warnings };
  }
  if (settings.hubble.certificates === "chart")
    return { ...nothing, warnings: [leftToOthers("cilium.hubble.certificates", "chart", found)] };
  return {
    problems: [],
    certificates: { leaves, generation: generationOf(leaves, found) },
    warnings: [...dueWarnings(leaves, found), ...handOver(settings.version, live)],
  };
}

/**
 * The number that the Secrets carry stays as long as they are there and good, and rises by one when one is
 * due. Where one is missing nobody knows what the state has: then it is the time, which no count reaches, so
 * the deployment looks at the certificates and puts back what is gone.
 */
function generationOf(leaves: readonly Leaf[], live: LiveCertificates): number {
  const secrets = ours(leaves, live);
  const newest = Math.max(0, ...secrets.map(({ generation }) => generation ?? 0));
  const isMissing = secrets.length < leaves.length || newest === 0;
  if (isMissing) return Math.max(Math.floor(live.readAt / 1000), newest + 1);
  return secrets.some((secret) => isDue(secret.notAfter, live.readAt)) ? newest + 1 : newest;
}

const ours = (leaves: readonly Leaf[], { found }: LiveCertificates) => {
  const names = new Set(leaves.map(({ name }) => secretName(name)));
  return found.filter(({ name }) => names.has(name));
};

/** A certificate that cannot be read is as good as none. */
const isDue = (notAfter: number | undefined, now: number): boolean =>
  notAfter === undefined || now >= renewsFrom(notAfter);

function dueWarnings(leaves: readonly Leaf[], live: LiveCertificates): Problem[] {
  return ours(leaves, live)
    .filter(({ notAfter }) => isDue(notAfter, live.readAt))
    .map(({ name, notAfter }) => ({
      path: `kube-system/${name}`,
      message: endOf(notAfter, live.readAt),
      remedy: "this deployment renews it, and nothing has to be restarted",
    }));
}

function endOf(notAfter: number | undefined, now: number): string {
  if (notAfter === undefined) return "There is no certificate in it that can be read";
  return `The certificate ${notAfter <= now ? "has ended" : "ends"} on ${dayOf(notAfter)}`;
}

/** Charts up to 1.17 make certificates anew with each revision, later ones keep them past their end. */
function leftToOthers(path: string, given: string, { found, readAt }: LiveCertificates): Problem {
  const charts = found.find(({ name }) => name === chartsSecret);
  const soon = charts?.notAfter !== undefined && charts.notAfter - readAt < renewDays * day;
  const end = charts && soon ? `; ${chartsSecret}: ${endOf(charts.notAfter, readAt)}` : "";
  return {
    path,
    message: `${given}: Hubble's certificates are not made here, and nothing here renews them${end}`,
    remedy:
      "watch their end yourself (charts from 1.18 on keep what they made past it), or leave it out and the stack makes and renews them",
  };
}

/**
 * Up to chart 1.18 the Job that makes certificates is a hook, which Helm runs after all is ready; relay is not
 * ready before it has one (cilium #40381).
 */
function hookProblems(chart: ChartValues, { found }: LiveCertificates): Problem[] {
  const isHook =
    chart.version.minor <= 18 &&
    chart.is("hubble.tls.auto.enabled") &&
    chart.text("hubble.tls.auto.method") === "cronJob";
  if (!isHook || !chart.is("hubble.relay.enabled") || found.some(({ name }) => name === chartsSecret))
    return [];
  return [
    {
      path: "cilium.values.hubble.tls.auto.method",
      message:
        "cronJob: this chart makes the first certificates in a hook after relay is ready, and relay is not ready without: the deployment would wait until its time-out",
      remedy: "leave it out and the stack makes them, or use chart 1.19 or newer, where it is no hook",
    },
  ];
}

/** A release whose certificates the chart made changes hands. */
function handOver(chart: string, { deployedRelease, record }: LiveCluster): Problem[] {
  const before = deployedRelease?.content?.values;
  if (!before || !record || atPath(before, "hubble.tls.auto.enabled") === false) return [];
  const restarts = takesSecrets(chart)
    ? "agents and relay restart for it, node by node"
    : "agents take them up as they run";
  return [
    {
      path: "cilium.hubble.certificates",
      message: `stack: Hubble's certificates come from this stack from now on; ${restarts}, and until all have them relay does not see every node`,
      remedy: "traffic is not concerned; cilium.hubble.certificates: chart leaves them as they are",
    },
  ];
}
