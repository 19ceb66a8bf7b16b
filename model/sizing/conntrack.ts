import type { Size } from "./size.ts";

/** What a production node gets at least. */
const productionConntrackMax = 1_048_576;
/** kube-proxy's own rule: `--conntrack-min` and `--conntrack-max-per-core`. */
const minimum = 131_072;
const perCore = 32_768;

/** Node facts that conntrack is sized by. */
interface ConntrackInput {
  readonly production: boolean;
  readonly cores: number;
  /** A value from the settings wins over the rule. */
  readonly wanted?: number | undefined;
}

/** net.netfilter.nf_conntrack_max of a node. */
export function conntrackMax({ production, cores, wanted }: ConntrackInput): Size {
  const source = "kube-proxy --conntrack-min, --conntrack-max-per-core";
  const unit = "connections";
  if (wanted !== undefined)
    return { value: wanted, unit, because: "set by nodeTuning.conntrackMax", source: "settings" };
  const byCores = Math.max(minimum, perCore * cores);
  if (production && byCores < productionConntrackMax) {
    return {
      value: productionConntrackMax,
      unit,
      because: `the production minimum; ${perCore} × ${cores} cores would be ${byCores}`,
      source: "profile production",
    };
  }
  return { value: byCores, unit, because: `max(${minimum}, ${perCore} × ${cores} cores)`, source };
}

/** The kernel rounds buckets up to whole pages; this holds for pages of 4 and of 64 KiB. */
const bucketStep = 8192;

/** Buckets of the conntrack hash table: a quarter of the maximum keeps chains at four or shorter. */
export function conntrackBuckets(max: number): Size {
  return {
    value: Math.ceil(max / 4 / bucketStep) * bucketStep,
    unit: "buckets",
    because: `${max} connections / 4, in steps of ${bucketStep}`,
    source: "kube-proxy sets hashsize to nf_conntrack_max / 4",
  };
}
