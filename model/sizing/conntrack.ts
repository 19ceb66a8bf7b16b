import { fullEnough } from "./bpf-map-ratio.ts";
import { given, roundUp, type Size } from "./size.ts";

/** What a production node gets at least. */
const productionConntrackMax = 1_048_576;
/** kube-proxy's own rule: `--conntrack-min` and `--conntrack-max-per-core`. */
const minimum = 131_072;
const perCore = 32_768;

/** Node facts that conntrack is sized by. */
interface ConntrackInput {
  readonly production: boolean;
  readonly cores: number;
  /** Connections of a node at its busiest, open at once. Default: so few that they do not count. */
  readonly connections?: number | undefined;
  /** A value from the settings wins over the rule. */
  readonly wanted?: number | undefined;
}

/** net.netfilter.nf_conntrack_max of a node. */
export function conntrackMax({ production, cores, connections = 0, wanted }: ConntrackInput): Size {
  const unit = "connections";
  if (wanted !== undefined) return given(wanted, unit, "nodeTuning.conntrackMax");
  const byCores = Math.max(minimum, perCore * cores);
  const floor = Math.max(byCores, production ? productionConntrackMax : 0);
  const byLoad = roundUp(connections / fullEnough, bucketStep);
  if (byLoad > floor) {
    return {
      value: byLoad,
      unit,
      because: `${connections} connections fill ${fullEnough * 100} % of it`,
      source: "the load, and the alert at 75 %",
    };
  }
  if (floor > byCores) {
    return {
      value: floor,
      unit,
      because: `the production minimum; ${perCore} × ${cores} cores would be ${byCores}`,
      source: "setting cluster.production",
    };
  }
  return {
    value: byCores,
    unit,
    because: `max(${minimum}, ${perCore} × ${cores} cores)`,
    source: "kube-proxy --conntrack-min, --conntrack-max-per-core",
  };
}

/** The kernel rounds buckets up to whole pages; this holds for pages of 4 and of 64 KiB. */
const bucketStep = 8192;

/** Buckets of the conntrack hash table: a quarter of the maximum keeps chains at four or shorter. */
export function conntrackBuckets(max: number): Size {
  return {
    value: roundUp(max / 4, bucketStep),
    unit: "buckets",
    because: `${max} connections / 4, in steps of ${bucketStep}`,
    source: "kube-proxy sets hashsize to nf_conntrack_max / 4",
  };
}

/** A connection with its extensions, from the `nf_conntrack` slab. */
const entryBytes = 384;
const bucketBytes = 8;

/** Memory of a full conntrack table, in MiB rounded up; empty it takes its buckets alone. */
export function conntrackMemory(max: number, buckets: number): Size {
  return {
    value: Math.ceil((max * entryBytes + buckets * bucketBytes) / 2 ** 20),
    unit: "MiB when full",
    because: `${max} connections × ${entryBytes} bytes + ${buckets} buckets × ${bucketBytes}`,
    source: "Linux nf_conntrack slab: 256 bytes and extensions",
  };
}
