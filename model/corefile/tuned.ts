import { hasVariable } from "./keys.ts";
import { parseCorefile } from "./parse.ts";
import { isAtLeast, parseCoreDnsVersion } from "./plugins.ts";
import type { Corefile } from "./types.ts";

/** What the tuned Corefile is made from. Every field has a default; `Settings["dns"]` fits. */
export interface DnsSettings {
  /** @default "cluster.local" */
  readonly clusterDomain?: string | undefined;
  /**
   * Seconds that a stopping CoreDNS still answers, until no client is sent to it any more.
   * @default 5, as kubeadm
   */
  readonly lameduckSeconds?: number | undefined;
  /**
   * TTL of the cluster's records in seconds, 0 to 3600.
   * @default 30, as kubeadm (the plugin's own is 5)
   */
  readonly ttlSeconds?: number | undefined;
  /**
   * A and AAAA records for pods. `verified` answers only for pods that exist, at the price of a watch
   * on all pods; `disabled` answers for none.
   * @default "insecure", as kubeadm
   */
  readonly podsMode?: "disabled" | "insecure" | "verified" | undefined;
  readonly cache?: TunedCache | undefined;
  /**
   * Where names outside the cluster are asked, at most 15.
   * @default ["/etc/resolv.conf"], the node's own
   */
  readonly upstreams?: readonly string[] | undefined;
  /**
   * Upstream queries in flight, about 2 KB each; more are refused. 0 is no limit.
   * @default 1000, as kubeadm
   */
  readonly maxConcurrent?: number | undefined;
  /** @default "sequential" (the plugin's own is random) */
  readonly policy?: "sequential" | "round_robin" | "random" | undefined;
  /** Zones that other DNS servers know, with these servers: `{ "corp.example": ["10.0.0.53"] }`. */
  readonly stubDomains?: Readonly<Record<string, readonly string[]>> | undefined;
  /**
   * Version of the CoreDNS that loads it, or its image tag. Where it is known and new enough, forward
   * fails fast: SERVFAIL at once while all upstreams are down, which keeps the cluster's own names
   * quick (measured). An older CoreDNS would refuse these options, and with them the Corefile.
   * @default unknown: no such option
   */
  readonly coreDnsVersion?: string | undefined;
}

/** Bounds of the cache; about 3 KB an entry. */
export interface TunedCache {
  /** Positive answers kept. @default 9984, CoreDNS' own */
  readonly success?: number | undefined;
  /** Longest TTL of a positive answer, in seconds. @default 30, as kubeadm */
  readonly ttlSeconds?: number | undefined;
  /** Negative answers kept. @default 9984, CoreDNS' own */
  readonly denial?: number | undefined;
  /** Longest TTL of a negative answer, in seconds. @default 5, as NodeLocal DNSCache */
  readonly denialTtlSeconds?: number | undefined;
  /**
   * Names to fetch again before they expire: asked `amount` times without a gap of `duration`, when
   * less than `percentage` of the TTL is left. @default none
   */
  readonly prefetch?:
    | {
        readonly amount: number;
        readonly duration?: string | undefined;
        readonly percentage?: number | undefined;
      }
    | undefined;
  /**
   * Expired answers may be served for so long: at once, or only when the upstream does not verify them.
   * @default none
   */
  readonly serveStale?:
    { readonly seconds: number; readonly refresh?: "immediate" | "verify" | undefined } | undefined;
}

/** The smallest cache that CoreDNS makes: a stub zone is a handful of names. */
const stubCacheEntries = 1024;

/**
 * The tuned Corefile: the manifests of kubeadm with bounds that are written down, so that nothing
 * depends on a default, and every block on several lines, as CoreDNS wants it. Deterministic: the
 * same settings give the same text.
 *
 * @param settings - ranges checked by the schema, words by `dnsSettingsProblems`
 */
export function tunedCorefile(settings: DnsSettings = {}): Corefile {
  const stubs = Object.entries(settings.stubDomains ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const blocks = [
    rootBlock(settings),
    ...stubs.map(([zone, upstreams]) => stubBlock(zone, upstreams, settings)),
  ];
  const text = blocks.map((block) => print(block).join("\n") + "\n").join("\n");
  const { corefile, problems } = parseCorefile(text, "tuned Corefile");
  // Every word is quoted where it needs it, so that only a mistake above can end here.
  if (!corefile) throw new Error(`The tuned Corefile cannot be read: ${JSON.stringify(problems)}`);
  return corefile;
}

/** A directive as words, with the directives of its block. */
type Draft = readonly [words: readonly (string | number)[], block?: readonly Draft[]];

function rootBlock(settings: DnsSettings): Draft {
  const {
    clusterDomain = "cluster.local",
    lameduckSeconds = 5,
    ttlSeconds = 30,
    podsMode = "insecure",
  } = settings;
  const reverse = ["in-addr.arpa", "ip6.arpa"];
  return [
    [".:53"],
    [
      [["errors"]],
      [["health"], [[["lameduck", `${lameduckSeconds}s`]]]],
      [["ready"]],
      [
        ["kubernetes", clusterDomain, ...reverse],
        [[["pods", podsMode]], [["fallthrough", ...reverse]], [["ttl", ttlSeconds]]],
      ],
      [["prometheus", ":9153"]],
      forward(settings.upstreams ?? ["/etc/resolv.conf"], settings),
      cache(settings.cache ?? {}),
      [["loop"]],
      [["reload"]],
      [["loadbalance"]],
    ],
  ];
}

/**
 * A block of its own, as Kubernetes documents stub domains. Without loop: it stops the whole server,
 * and a wrong stub must not take the cluster's DNS with it.
 */
function stubBlock(zone: string, upstreams: readonly string[], settings: DnsSettings): Draft {
  const entries = { success: stubCacheEntries, denial: stubCacheEntries };
  return [
    [`${zone}:53`],
    [[["errors"]], cache({ ...settings.cache, ...entries }), forward(upstreams, settings)],
  ];
}

function forward(
  upstreams: readonly string[],
  { maxConcurrent = 1000, policy = "sequential", coreDnsVersion }: DnsSettings,
): Draft {
  const version = parseCoreDnsVersion(coreDnsVersion ?? "");
  const options: Draft[] = [[["max_concurrent", maxConcurrent]], [["policy", policy]]];
  if (version && isAtLeast(version, "1.12.1")) options.push([["failfast_all_unhealthy_upstreams"]]);
  if (version && isAtLeast(version, "1.13.2")) options.push([["max_connect_attempts", 2]]);
  return [["forward", ".", ...upstreams], options];
}

function cache({
  success = 9984,
  ttlSeconds = 30,
  denial = 9984,
  denialTtlSeconds = 5,
  prefetch,
  serveStale,
}: TunedCache): Draft {
  const options: Draft[] = [[["success", success, ttlSeconds]], [["denial", denial, denialTtlSeconds]]];
  if (prefetch) {
    const { amount, percentage, duration = percentage === undefined ? undefined : "1m" } = prefetch;
    const optional = [duration, percentage === undefined ? undefined : `${percentage}%`];
    options.push([["prefetch", amount, ...optional.filter((word) => word !== undefined)]]);
  }
  if (serveStale) {
    const { seconds, refresh = "immediate" } = serveStale;
    options.push([["serve_stale", `${seconds}s`, refresh]]);
  }
  return [["cache", ttlSeconds], options];
}

function print([words, block]: Draft, indent = ""): string[] {
  const line = indent + words.map((word) => quoted(String(word))).join(" ");
  if (!block) return [line];
  return [`${line} {`, ...block.flatMap((inner) => print(inner, `${indent}    `)), `${indent}}`];
}

/** Quotes a word that would not be read as one. */
function quoted(word: string): string {
  if (hasVariable(word) || /^[^\s"#{}]+$/.test(word)) return word;
  return `"${word.replaceAll('"', '\\"')}"`;
}
