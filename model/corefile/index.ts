export {
  cacheDefaults,
  type CacheHalf,
  type CacheSettings,
  effectiveCapacity,
  type Given,
  readCache,
} from "./cache.ts";
export {
  type CacheCost,
  cacheEntryBytes,
  type CorefileCost,
  corefileCost,
  type ForwardCost,
  forwardQueryBytes,
  serverName,
} from "./cost.ts";
export { type Expanded, expandCorefile, type Judgement, type Server } from "./expand.ts";
export { type ForwardSettings, readForward } from "./forward.ts";
export { type CacheLimits, defaultCacheLimits, judgeCaches } from "./judge-caches.ts";
export { judgeLoadable, type LoadableOptions } from "./judge-loadable.ts";
export { readKey, type ServerKey, type Transport } from "./keys.ts";
export { type MergedCorefile, type MergeReport, mergeCorefile } from "./merge.ts";
export { type OneLineBlock, oneLineBlocks } from "./one-line.ts";
export { parseCorefile, type ParsedCorefile } from "./parse.ts";
export { type CoreDnsVersion, parseCoreDnsVersion } from "./plugins.ts";
export { describeLine, printCorefile } from "./print.ts";
export { dnsSettingsProblems } from "./settings-problems.ts";
export { type DnsSettings, type TunedCache, tunedCorefile } from "./tuned.ts";
export type {
  Block,
  Corefile,
  Directive,
  Import,
  Item,
  Line,
  Position,
  ServerBlock,
  Snippet,
  Token,
} from "./types.ts";
