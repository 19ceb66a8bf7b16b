/** Fixed cost of a map, whatever its size, by its kind. */
const tableBytes = 896;
const arrayBytes = 312;
const bucketBytes = 16;
/** Head of an entry of a hash table, before its key. */
const hashEntryBytes = 48;
/** Link of an entry that is allocated when it is needed. */
const linkBytes = 8;
/** Head of a node of a trie; 24 from Linux 6.13 on. */
const trieNodeBytes = 40;
/** A trie's key starts with its prefix length, which is in the head already. */
const prefixLengthBytes = 4;
const pointerBytes = 8;

/** One map as the agent creates it. */
export interface BpfMap {
  /**
   * `lru`: a hash table that is allocated whole when it is created. `hash`: allocates its buckets then, an
   * entry when it comes (`bpf.preallocateMaps: false`). `trie`: allocates all when it comes, and for an
   * entry up to one inner node. `programs`: an array of pointers.
   */
  readonly kind: "lru" | "hash" | "trie" | "programs";
  readonly keyBytes: number;
  readonly valueBytes: number;
  /** Whether each CPU has a value of its own. */
  readonly perCpu?: boolean | undefined;
  /** Most entries. */
  readonly entries: number;
}

/**
 * Memory of a map with so many entries in it, as the kernel counts it (`bpftool map show`, from 6.4).
 * @param filled - entries that are in it; more than it holds counts as full
 * @param cpus - possible CPUs of the node
 * @see https://github.com/torvalds/linux/blob/v6.18/kernel/bpf/hashtab.c htab_map_mem_usage
 */
export function bpfMapBytes(map: BpfMap, filled: number, cpus: number): number {
  const { kind, perCpu = false } = map;
  const [key, value] = [toEight(map.keyBytes), toEight(map.valueBytes)];
  const present = kind === "lru" ? map.entries : Math.min(filled, map.entries);
  switch (kind) {
    case "programs":
      return arrayBytes + map.entries * pointerBytes;
    case "trie": {
      const head = trieNodeBytes + map.keyBytes - prefixLengthBytes;
      return present * (2 * head + map.valueBytes);
    }
    case "lru":
    case "hash": {
      const link = kind === "hash" ? linkBytes : 0;
      const values = perCpu ? pointerBytes + cpus * (value + link) : value;
      const buckets = 2 ** Math.ceil(Math.log2(map.entries)) * bucketBytes;
      return tableBytes + buckets + present * (hashEntryBytes + key + values + link);
    }
  }
}

const toEight = (bytes: number): number => Math.ceil(bytes / 8) * 8;
