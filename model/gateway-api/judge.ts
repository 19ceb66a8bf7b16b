import { firstInstalledIn } from "../cilium/release.ts";
import { settledValues } from "../cilium/values.ts";
import { type LiveCluster, stackLabel } from "../live.ts";
import { formatProblem, type Problem } from "../problem.ts";
import type { CiliumSettings } from "../settings.ts";
import { at } from "../tree.ts";
import { compareBundles, crdName, type GatewayCrd, isOlderMinor, minorOf, serves } from "./crd.ts";
import { offlineWarnings } from "./offline.ts";
import { experimentalCrds, type Pairing, pairingOf } from "./pairing.ts";

/** The CRDs of the Gateway API that a stack looks after. */
export interface GatewayApiPlan {
  /** Gateway API that they are of, at least. */
  readonly bundle: string;
  /** By plural, with the API version that each must serve. */
  readonly required: Readonly<Record<string, string>>;
  /** Those that have to be of the experimental channel. */
  readonly experimental: readonly string[];
  /** Tells one deployment that applies them from another: the same as before where all are as they should be. */
  readonly applied: string;
  /** Whether they are all there as they should be. */
  readonly complete: boolean;
}

interface Part {
  readonly plural: string;
  readonly version: string;
  readonly found: GatewayCrd | undefined;
}

const path = "cilium.gatewayApi";

/** Whether the chart is told to serve the Gateway API, by its setting or by a value of the user's own. */
export const usesGatewayApi = (cilium: CiliumSettings): boolean =>
  cilium.enabled && at(settledValues(cilium), "gatewayAPI", "enabled") === true;

/**
 * Judges the CRDs that are in the cluster. Cilium's operator looks for them once, at its start, and does
 * without the Gateway API where one is missing. Somebody else's are used as they are or refused; those of
 * this stack are brought to what the chart is paired with, and no CRD is ever taken back to an older version.
 * @param stack - `<project>.<stack>`, the value of the stack label
 */
export function judgeGatewayApi(
  cilium: CiliumSettings,
  live: LiveCluster,
  stack: string,
): { plan?: GatewayApiPlan | undefined; problems: readonly Problem[]; warnings: readonly string[] } {
  const pairing = usesGatewayApi(cilium) ? pairingOf(cilium.version) : undefined;
  if (!pairing) return { problems: [], warnings: [] };
  const { crds: found = [], revision = "" } = live.gatewayApi ?? {};
  const onlyCheck = cilium.gatewayApi.crds.existing;
  const parts = partsOf(pairing.required, found);
  const isOurs = ({ found }: Part): boolean => !onlyCheck && (!found || found.stack === stack);
  const ours = parts.filter(isOurs);
  const theirs = parts.filter((part) => !isOurs(part));
  const problems = [
    ...(onlyCheck ? missingProblems(parts, pairing, cilium.version) : []),
    ...deletingProblems(parts),
    ...tooOldProblems(theirs, pairing, cilium.version, stack),
    ...notServedProblems(parts, partsOf(pairing.optional, found), pairing, cilium.version),
  ];
  if (problems.length > 0) return { problems, warnings: [] };
  const warnings = [
    ...newerWarnings(parts, pairing, cilium.version),
    ...unsaidWarnings(theirs),
    ...besideWarnings(ours, theirs, pairing),
  ].map(formatProblem);
  if (ours.length === 0) return { problems, warnings };
  const applied = appliedTogether(ours, pairing);
  const { bundle } = pairing;
  const complete = applied !== undefined;
  return {
    problems,
    warnings: [...warnings, ...offlineWarnings(cilium, { bundle, complete }).map(formatProblem)],
    plan: {
      bundle,
      required: Object.fromEntries(ours.map(({ plural, version }) => [plural, version])),
      experimental: experimentalCrds(cilium.version, firstInstalledIn(live, cilium.version)).filter(
        (plural) => ours.some((part) => part.plural === plural),
      ),
      applied: applied ?? revision,
      complete,
    },
  };
}

const partsOf = (versions: Pairing["required"], found: readonly GatewayCrd[]): Part[] =>
  Object.entries(versions).map(([plural, version]) => ({
    plural,
    version,
    found: found.find((crd) => crd.plural === plural),
  }));

/** What all of them say about their last deployment; undefined where one is missing, too old, or says another thing. */
function appliedTogether(ours: readonly Part[], { bundle }: Pairing): string | undefined {
  const said = new Set(
    ours.map(({ found }) =>
      found && !isOlderMinor(found.bundle ?? "0", bundle) ? found.applied : undefined,
    ),
  );
  return said.size === 1 ? [...said][0] : undefined;
}

const namesOf = (parts: readonly Part[]): string => parts.map(({ plural }) => plural).join(", ");

function missingProblems(parts: readonly Part[], { bundle }: Pairing, chart: string): Problem[] {
  const missing = parts.filter(({ found }) => !found);
  if (missing.length === 0) return [];
  return [
    {
      path: `${path}.crds.existing`,
      message: `The cluster has no CRDs ${namesOf(missing)} of the Gateway API, and Cilium ${chart} does without it where one is missing`,
      remedy: `apply those of Gateway API ${bundle} first, or leave existing out, and they are installed`,
    },
  ];
}

const deletingProblems = (parts: readonly Part[]): Problem[] =>
  parts
    .filter(({ found }) => found?.deleting)
    .map(({ plural }) => ({
      path: crdName(plural),
      message: "The CRD is being deleted, and all objects of its kind with it",
      remedy: "wait until it is gone, and look for who deletes it",
    }));

/** Somebody else's CRDs are not replaced: other controllers may stand on them. */
function tooOldProblems(
  theirs: readonly Part[],
  { bundle }: Pairing,
  chart: string,
  stack: string,
): Problem[] {
  const old = theirs.filter(({ found }) => isOld(found, bundle));
  return [...new Set(old.map(({ found }) => found?.bundle))].map((version) => ({
    path,
    message: `The CRDs ${namesOf(old.filter(({ found }) => found?.bundle === version))} are of Gateway API ${version}, chart ${chart} needs ${bundle}, and they are not of this stack`,
    remedy: `upgrade them with what installed them, or hand them over by the label ${stackLabel}=${stack}, and they are upgraded here`,
  }));
}

const isOld = (found: GatewayCrd | undefined, bundle: string): boolean =>
  found?.bundle !== undefined && isOlderMinor(found.bundle, bundle);

function notServedProblems(
  required: readonly Part[],
  optional: readonly Part[],
  { bundle }: Pairing,
  chart: string,
): Problem[] {
  const lacking = required.filter(
    ({ found, version }) => found && !isOld(found, bundle) && !serves(found, version),
  );
  const hidden = optional.filter(({ found, version }) =>
    found?.versions.some(({ name, served }) => name === version && !served),
  );
  return [...lacking, ...hidden].map(({ plural, version, found }) => ({
    path: crdName(plural),
    message: `Does not serve ${version}, which the operator of chart ${chart} works with (Gateway API ${found?.bundle ?? "of unknown version"}, ${found?.channel ?? "unknown"} channel)`,
    remedy: `apply this CRD from the experimental channel where that still serves ${version}, or use the chart that this Gateway API is for`,
  }));
}

function newerWarnings(parts: readonly Part[], { bundle }: Pairing, chart: string): Problem[] {
  const newer = parts.filter(
    ({ found }) => found?.bundle !== undefined && isOlderMinor(bundle, found.bundle),
  );
  if (newer.length === 0) return [];
  const versions = [...new Set(newer.map(({ found }) => found?.bundle))].join(" and ");
  return [
    {
      path,
      message: `The CRDs ${namesOf(newer)} are of Gateway API ${versions}, newer than the ${bundle} that chart ${chart} is tested with`,
      remedy:
        "they stay as they are and serve what its operator needs; fields that are new in them do nothing",
    },
  ];
}

function unsaidWarnings(theirs: readonly Part[]): Problem[] {
  const unsaid = theirs.filter(({ found }) => found && found.bundle === undefined);
  if (unsaid.length === 0) return [];
  return [
    {
      path,
      message: `The CRDs ${namesOf(unsaid)} do not say which Gateway API they are of`,
      remedy: "they serve the API versions that the operator needs; more is not known",
    },
  ];
}

function besideWarnings(ours: readonly Part[], theirs: readonly Part[], { bundle }: Pairing): Problem[] {
  const missing = ours.filter(({ found }) => !found);
  if (missing.length === 0 || theirs.length === 0) return [];
  const versions = theirs.flatMap(({ found }) => found?.bundle ?? []).sort(compareBundles);
  return [
    {
      path,
      message: `The CRDs ${namesOf(missing)} are missing beside somebody else's (Gateway API ${[...new Set(versions)].join(", ")})`,
      remedy: `they are installed here, of ${minorOf(bundle)}, and looked after by this stack`,
    },
  ];
}
