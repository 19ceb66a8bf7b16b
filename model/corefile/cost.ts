import { type CacheHalf, type CacheSettings, readCache } from "./cache.ts";
import { type Expanded, expandCorefile, type Judgement, type Server } from "./expand.ts";
import { type ForwardSettings, readForward } from "./forward.ts";
import type { Corefile } from "./types.ts";

/** Memory of one cached answer: about 3 KB, measured over real clusters. */
export const cacheEntryBytes = 3 * 1024;
/** Memory of one upstream query in flight, by the forward plugin's documentation: 2 KB. */
export const forwardQueryBytes = 2 * 1024;

/** The cache of one server block. */
export interface CacheCost {
  readonly server: Server;
  readonly settings: CacheSettings;
  /** Most entries that each half can hold; undefined where a variable hides it. */
  readonly successEntries?: number | undefined;
  readonly denialEntries?: number | undefined;
}

/** One forward of a server block. */
export interface ForwardCost {
  readonly server: Server;
  readonly settings: ForwardSettings;
  /** Bytes of the queries in flight; `Infinity` without a limit; undefined where a variable hides it. */
  readonly bytes?: number | undefined;
}

/** What a Corefile can take of the memory of one CoreDNS. */
export interface CorefileCost extends Judgement {
  readonly caches: readonly CacheCost[];
  /** Entries of all caches when full. Hidden ones are left out and stand in `unknowns`. */
  readonly cacheEntries: number;
  /** Bytes of all caches when full. */
  readonly cacheBytes: number;
  readonly forwards: readonly ForwardCost[];
  /** Bytes of all upstream queries in flight; `Infinity` when a forward has no limit. */
  readonly forwardBytes: number;
}

/**
 * The memory that a Corefile's caches and forwards can take, snippets in place. Every server block
 * with `cache` has a success and a denial cache of its own, however many zones it serves.
 */
export function corefileCost(corefile: Corefile): CorefileCost {
  return costOf(expandCorefile(corefile), corefile.file);
}

/** The same for a Corefile that is expanded already. */
export function costOf(expanded: Expanded, file: string): CorefileCost {
  const caches = expanded.servers.flatMap((server) => cachesOf(server, file));
  const forwards = expanded.servers.flatMap(forwardsOf);
  const readings = caches.map(({ settings }) => settings);
  const cacheEntries = sum(
    caches.map(({ successEntries = 0, denialEntries = 0 }) => successEntries + denialEntries),
  );
  return {
    caches,
    cacheEntries,
    cacheBytes: cacheEntries * cacheEntryBytes,
    forwards,
    forwardBytes: sum(forwards.map(({ bytes = 0 }) => bytes)),
    problems: [...expanded.problems, ...readings.flatMap(({ problems }) => problems)],
    unknowns: [...expanded.unknowns, ...readings.flatMap(({ unknowns }) => unknowns)],
  };
}

/** The name of a server in messages: its keys as written. */
export function serverName({ keys }: Pick<Server, "keys">): string {
  return keys.map(({ text }) => text.replace(/,$/, "")).join(" ");
}

function cachesOf(server: Server, file: string): CacheCost[] {
  return server.directives
    .filter(({ name }) => name.text === "cache")
    .map((directive) => {
      const settings = readCache(directive, file);
      const { success, denial } = settings;
      return {
        server,
        settings,
        successEntries: filled(success),
        denialEntries: filled(denial),
      };
    });
}

/** A half that is disabled for every zone is made, but never filled. */
function filled({ disabled, entries }: CacheHalf): number | undefined {
  return disabled.includes(".") ? 0 : entries;
}

function forwardsOf(server: Server): ForwardCost[] {
  return server.directives
    .filter(({ name }) => name.text === "forward")
    .map((directive) => {
      const settings = readForward(directive);
      const { isHidden, maxConcurrent = 0 } = settings;
      const bytes = maxConcurrent > 0 ? maxConcurrent * forwardQueryBytes : Number.POSITIVE_INFINITY;
      return { server, settings, bytes: isHidden ? undefined : bytes };
    });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
