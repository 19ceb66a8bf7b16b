import type { Problem } from "../problem.ts";
import { formatMebibytes } from "../quantity.ts";
import { type CacheHalf, cacheDefaults, type CacheSettings } from "./cache.ts";
import { type CacheCost, cacheEntryBytes, type CorefileCost, costOf, serverName } from "./cost.ts";
import { expandCorefile, type Judgement, type Server } from "./expand.ts";
import { normalZone, readKey } from "./keys.ts";
import { inTextOrder, place } from "./place.ts";
import type { Corefile, Token } from "./types.ts";

/** Bounds of the caches of one CoreDNS. */
export interface CacheLimits {
  /**
   * Most entries of one cache half. Default 65,536: the 10,000 Services that Kubernetes is tested with,
   * as A and AAAA in three spellings each. More is a slip of the pen, or bytes instead of entries.
   */
  readonly maxEntries: number;
  /** Memory limit of the CoreDNS container, in bytes. Default 170Mi, as in the manifests of kubeadm. */
  readonly memoryLimitBytes: number;
  /** The part of the memory limit that full caches may take. Default a half: the rest is for the records of Services and pods, and for queries. */
  readonly cacheShare: number;
  /**
   * Longest time that an answer may be kept, in seconds. Default 3600 for positive answers, CoreDNS'
   * own; 30 for negative ones where the cluster's names are served, so that a new Service is seen soon.
   */
  readonly maxTtlSeconds: { readonly success: number; readonly denial: number };
  /** How long an expired answer may be served, in seconds. Default 3600, CoreDNS' own. */
  readonly maxServeStaleSeconds: number;
  /** Whether each half must state its capacity. Default false: CoreDNS' default of 9984 is a bound, too. */
  readonly requireCapacity: boolean;
  /** The cluster's domain, `cluster.local`: tells which server blocks serve its names. */
  readonly clusterDomain: string;
}

export const defaultCacheLimits: CacheLimits = {
  maxEntries: 65_536,
  memoryLimitBytes: 170 * 2 ** 20,
  cacheShare: 0.5,
  maxTtlSeconds: { success: cacheDefaults.successTtlSeconds, denial: 30 },
  maxServeStaleSeconds: 3600,
  requireCapacity: false,
  clusterDomain: "cluster.local",
};

/**
 * Judges the caches of a Corefile, snippets in place: capacity, TTL, stale answers, and the memory of
 * all of them together. Each problem names the place, the given value and a remedy; `unknowns` says
 * what is hidden in imported files and variables.
 */
export function judgeCaches(corefile: Corefile, limits: Partial<CacheLimits> = {}): Judgement {
  const all = { ...defaultCacheLimits, ...limits };
  const expanded = expandCorefile(corefile);
  const cost = costOf(expanded, corefile.file);
  const problems = cost.caches.flatMap((cache) => cacheProblems(cache, corefile.file, all));
  return {
    problems: inTextOrder([...cost.problems, ...problems, ...memoryProblem(cost, corefile.file, all)]),
    unknowns: inTextOrder(cost.unknowns),
  };
}

function cacheProblems({ server, settings }: CacheCost, file: string, limits: CacheLimits): Problem[] {
  const isInCluster = servesCluster(server, limits.clusterDomain);
  const halves = (["success", "denial"] as const).flatMap((kind) => {
    const half = settings[kind];
    if (half.disabled.includes(".")) return [];
    const longest =
      kind === "denial" && isInCluster ? limits.maxTtlSeconds.denial : limits.maxTtlSeconds.success;
    return [
      ...capacityProblem(kind, half, settings.directive.name, limits),
      ...ttlProblem(kind, half, settings.directive.name, longest),
    ];
  });
  return [...halves, ...staleProblem(settings, limits)].map(([{ at }, message, remedy]) => ({
    path: place(file, at),
    message: `${message} (server block ${serverName(server)})`,
    remedy,
  }));
}

type Finding = readonly [at: Token, message: string, remedy: string];

function staleProblem({ serveStale }: CacheSettings, { maxServeStaleSeconds }: CacheLimits): Finding[] {
  if (!serveStale || serveStale.value <= maxServeStaleSeconds) return [];
  const message = `serve_stale serves answers for ${serveStale.value} s after they expired, over the limit of ${maxServeStaleSeconds} s`;
  return [[serveStale.token, message, `write serve_stale ${maxServeStaleSeconds}s or less`]];
}

function capacityProblem(
  kind: "success" | "denial",
  { capacity, entries }: CacheHalf,
  directive: Token,
  { maxEntries, requireCapacity }: CacheLimits,
): Finding[] {
  if (entries === undefined) return [];
  const remedy = `write ${kind} with a capacity of 1024 to ${maxEntries}, such as ${kind} ${Math.min(cacheDefaults.entries, maxEntries)}`;
  if (capacity && capacity.value <= 0) {
    const message = `Capacity ${capacity.token.text} of ${kind} bounds nothing: CoreDNS makes ${entries} entries of it`;
    return [[capacity.token, message, remedy]];
  }
  if (capacity && capacity.value > maxEntries) {
    return [
      [
        capacity.token,
        `Capacity ${capacity.token.text} of ${kind} is over the limit of ${maxEntries}`,
        remedy,
      ],
    ];
  }
  if (!capacity && entries > maxEntries) {
    const message = `Capacity of ${kind} is not given, and CoreDNS' default of ${entries} is over the limit of ${maxEntries}`;
    return [[directive, message, remedy]];
  }
  if (!capacity && requireCapacity) {
    return [[directive, `Capacity of ${kind} is not given, and CoreDNS takes ${entries}`, remedy]];
  }
  return [];
}

function ttlProblem(
  kind: "success" | "denial",
  { ttl, ttlSeconds }: CacheHalf,
  directive: Token,
  longest: number,
): Finding[] {
  if (ttlSeconds === undefined || ttlSeconds <= longest) return [];
  const remedy = `write ${kind} with a capacity and a TTL of at most ${longest}, such as ${kind} ${cacheDefaults.entries} ${Math.min(30, longest)}`;
  const message = `TTL ${ttlSeconds} s of ${kind} is over the limit of ${longest} s`;
  return [
    [ttl?.token ?? directive, ttl ? message : `${message}, and CoreDNS' default where none is given`, remedy],
  ];
}

function memoryProblem(cost: CorefileCost, file: string, limits: CacheLimits): Problem[] {
  const [first] = cost.caches;
  const room = limits.memoryLimitBytes * limits.cacheShare;
  if (!first || cost.cacheBytes <= room) return [];
  const entries = Math.floor(room / cacheEntryBytes);
  const servers = cost.caches.map(({ server }) => serverName(server)).join(", ");
  return [
    {
      path: place(file, first.settings.directive.name.at),
      message:
        `Full caches take ${formatMebibytes(cost.cacheBytes)} (${cost.cacheEntries} entries at 3 KB in ${servers}), ` +
        `more than ${limits.cacheShare * 100} % of the memory limit of ${formatMebibytes(limits.memoryLimitBytes)}`,
      remedy: `lower the capacities to ${entries} entries in all, or raise the memory limit to ${formatMebibytes(cost.cacheBytes / limits.cacheShare)}`,
    },
  ];
}

/** Whether names of the cluster can be answered here: it has their plugin, or a zone on their path. */
function servesCluster({ keys, directives }: Server, clusterDomain: string): boolean {
  if (directives.some(({ name }) => name.text === "kubernetes")) return true;
  const domain = normalZone(clusterDomain);
  return keys
    .flatMap(({ text }) => readKey(text).key?.zones ?? [])
    .some(
      (zone) => zone === "." || zone === domain || domain.endsWith(`.${zone}`) || zone.endsWith(`.${domain}`),
    );
}
