import { isSameService } from "../services/same-service.ts";
import type { Labels } from "./flow.ts";
import type { Manifest } from "./manifest.ts";
import { isSameSpec } from "./same-spec.ts";

/** A policy, or a Service, as it stands in the cluster. */
export interface LivePolicy {
  /** Items of a list do not say what they are. */
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly labels?: Labels;
    readonly annotations?: Labels;
  };
  readonly spec?: unknown;
}

/** Policies of the cluster, or Services, of all namespaces. */
export interface LivePolicies {
  readonly items: readonly LivePolicy[];
  /** Revision of the cluster's data at which they were read: a higher one for every reading that follows a write. */
  readonly revision: string;
}

/** Tells objects apart, live and wanted ones: NetworkPolicy shop/allow-dns. */
export const policyId = ({
  kind,
  metadata: { namespace = "", name },
}: Pick<LivePolicy, "kind" | "metadata">): string => `${kind} ${namespace}/${name}`;

/**
 * Whether an object says what is wanted. Labels and annotations of others may stand beside ours; a rule
 * of theirs may not, for it would let something pass that nobody declared.
 */
export function isAsWanted({ metadata, spec }: LivePolicy, wanted: Manifest<string>): boolean {
  const isSame = wanted.kind === "Service" ? isSameService : isSameSpec;
  return (
    holds(metadata.labels, wanted.metadata.labels) &&
    holds(metadata.annotations, wanted.metadata.annotations) &&
    isSame(spec, wanted.spec)
  );
}

const holds = (live: Labels = {}, wanted: Labels): boolean =>
  Object.entries(wanted).every(([key, value]) => live[key] === value);
