import type { EffectiveValues } from "./effective.ts";
import type { Facet, Impact } from "./facet.ts";
import { mapFacets } from "./maps.ts";
import { policyFacets } from "./policy.ts";
import { proxyAndEncryptionFacets } from "./proxy-and-encryption.ts";
import { routingFacets } from "./routing.ts";
import { serviceFacets } from "./services.ts";

/** All that a change of version or values can change for running traffic. */
export const facets: readonly Facet[] = [
  ...serviceFacets,
  ...routingFacets,
  ...mapFacets,
  ...proxyAndEncryptionFacets,
  ...policyFacets,
];

/** A change of the datapath, and what it does to running traffic. */
export interface DatapathEffect extends Impact {
  readonly what: string;
  /** Chart values that decide it; none where the version alone does. */
  readonly keys: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly source: string;
}

/** What changes for running traffic between two releases, by the values that hold in each. */
export function datapathEffects(before: EffectiveValues, after: EffectiveValues): DatapathEffect[] {
  return facets.flatMap(({ what, keys, of, change, source }) => {
    const [from, to] = [of(before), of(after)];
    const impact = from === to ? undefined : change(from, to);
    return impact ? [{ what, keys, from, to, ...impact, source }] : [];
  });
}

export { effectiveValues, type EffectiveValues } from "./effective.ts";
