import type { Problem } from "../problem.ts";
import { compareBundles, crdName, type GatewayCrd, isOlderMinor, readCrd, serves } from "./crd.ts";
import type { GatewayApiPlan } from "./judge.ts";

/** A CRD to apply, as the source has it. */
export interface ChosenCrd {
  readonly plural: string;
  readonly object: Readonly<Record<string, unknown>>;
}

/**
 * Chooses from a source what is to be applied over what is there. A CRD of the experimental channel stays
 * in it, because the standard one hides fields and versions that may be in use; a newer CRD stays as it is.
 * @param documents - all objects of the source
 * @param live - the CRDs that are in the cluster
 * @param from - where the documents come from, for messages
 */
export function chooseCrds(
  documents: readonly unknown[],
  plan: Pick<GatewayApiPlan, "bundle" | "required" | "experimental">,
  live: readonly GatewayCrd[],
  from: string,
): { chosen: readonly ChosenCrd[]; problems: readonly Problem[] } {
  const offered = documents.flatMap((object) => {
    const crd = readCrd(object);
    return crd ? [{ crd, object: object as ChosenCrd["object"] }] : [];
  });
  const results = Object.entries(plan.required).map(([plural, version]) => {
    const there = live.find((crd) => crd.plural === plural);
    const experimental = plan.experimental.includes(plural) || there?.channel === "experimental";
    const channels = experimental ? ["experimental"] : ["standard", "experimental"];
    const [offer] = channels.flatMap((channel) =>
      offered.filter(({ crd }) => crd.plural === plural && crd.channel === channel),
    );
    if (!offer) return { problem: lacking(plural, experimental, plan.bundle, from) };
    const isNewer = there?.bundle !== undefined && compareBundles(there.bundle, offer.crd.bundle ?? "0") > 0;
    if (isNewer) return {};
    const problem = unfit(offer.crd, there, version, plan.bundle, from);
    return problem ? { problem } : { chosen: { plural, object: offer.object } };
  });
  return {
    chosen: results.flatMap(({ chosen }) => chosen ?? []),
    problems: results.flatMap(({ problem }) => problem ?? []),
  };
}

const lacking = (plural: string, experimental: boolean, bundle: string, from: string): Problem => ({
  path: from,
  message: `Has no CRD ${crdName(plural)}${experimental ? " of the experimental channel" : ""}`,
  remedy: `use all that Gateway API ${bundle} publishes${experimental ? ", of both channels" : ""}`,
});

function unfit(
  offer: GatewayCrd,
  there: GatewayCrd | undefined,
  version: string,
  bundle: string,
  from: string,
): Problem | undefined {
  const name = crdName(offer.plural);
  if (offer.bundle === undefined || isOlderMinor(offer.bundle, bundle)) {
    return {
      path: from,
      message: `Has ${name} of Gateway API ${offer.bundle ?? "unknown"}, older than ${bundle}`,
      remedy: `use that of ${bundle}`,
    };
  }
  if (!serves(offer, version)) {
    return {
      path: from,
      message: `Has ${name} of Gateway API ${offer.bundle}, which does not serve ${version}`,
      remedy: `use that of ${bundle}`,
    };
  }
  const hidden = there?.stored.filter((stored) => !serves(offer, stored)) ?? [];
  if (hidden.length === 0) return undefined;
  return {
    path: name,
    message: `Objects may be stored as ${hidden.join(", ")}, which Gateway API ${offer.bundle} no longer serves`,
    remedy: `write each object once more (kubectl get and replace), take ${hidden.join(", ")} out of the CRD's status.storedVersions, and run again`,
  };
}
