import { defaultCacheLimits as defaults } from "../../model/corefile/judge-caches.ts";
import { judgeConfigMap } from "../../model/dns-config-map.ts";
import { formatMebibytes, parseQuantity } from "../../model/quantity.ts";
import { HOLDS } from "../../model/verdict.ts";
import { exemptionSchema, isExempt, type Exemption } from "../exemptions.ts";
import { resourceRule } from "../rule.ts";

interface Config {
  exempt: readonly Exemption[];
  maxEntries: number;
  memoryLimit: string;
  cacheShare: number;
  maxSuccessTtlSeconds: number;
  maxDenialTtlSeconds: number;
  maxServeStaleSeconds: number;
  requireCapacity: boolean;
  clusterDomain: string;
}

export const dnsCache = resourceRule<Config>({
  id: "DNS-CACHE",
  title: "Every Corefile loads, and its caches are bounded",
  level: "mandatory",
  severity: "high",
  rationale: `CoreDNS' cache has no upper bound of its own, and each server block has two of them, for answers
and for denials. A capacity with one zero too many fills the container's memory over hours, the kernel
kills CoreDNS under the highest load, and every name in the cluster is gone at once. A long TTL for
denials hides a new Service; a long \`serve_stale\` sends traffic to Pods that have been gone for hours.
A Corefile that does not load is worse: CoreDNS keeps the old one until its next restart, and then does
not start.`,
  predicate: `Judged is every Corefile in a ConfigMap or a patch of one: the keys \`Corefile\` and
\`Corefile.*\`; in a ConfigMap with \`dns\` in its name \`*.server\` and \`*.override\`; and any other text
that reads as server blocks made of nothing but plugins of CoreDNS. Broken by

- a Corefile that does not load, such as one with \`health { lameduck 5s }\` on one line,
- a capacity over \`maxEntries\`, zero or negative, or none at all where \`requireCapacity\` asks for one,
- caches that take more than \`cacheShare\` of \`memoryLimit\` when all are full, at 3 KB an entry,
- a TTL over \`maxSuccessTtlSeconds\`, or for denials, where names of the cluster are answered, over
  \`maxDenialTtlSeconds\`,
- \`serve_stale\` over \`maxServeStaleSeconds\`.

\`cache 30\` is a TTL, not a capacity: the capacity is then CoreDNS' default of 9984, twice.

Not seen: files that a Corefile imports, environment variables in it, and Corefiles that a Helm chart
renders. COV-BLIND lists them.`,
  remedy: `Write the block on several lines, with a capacity and a TTL for both halves:

\`\`\`
cache 30 {
    success 9984 30
    denial 9984 5
}
\`\`\`

If the larger cache is meant, give CoreDNS the memory for it and tell the rule by \`memoryLimit\`.`,
  controls: [],
  config: {
    exempt: exemptionSchema('{ object: "lab/*", reason: "a resolver for load tests" }'),
    maxEntries: {
      description: "Most entries of one cache half, success or denial",
      type: "integer",
      minimum: 1024,
      default: defaults.maxEntries,
    },
    memoryLimit: {
      description: "Memory limit of the CoreDNS container, as a Kubernetes quantity",
      type: "string",
      pattern: "^[0-9]+(\\.[0-9]+)?([KMGT]i?|k)?$",
      default: formatMebibytes(defaults.memoryLimitBytes),
    },
    cacheShare: {
      description: "The part of the memory limit that full caches may take",
      type: "number",
      exclusiveMinimum: 0,
      maximum: 1,
      default: defaults.cacheShare,
    },
    maxSuccessTtlSeconds: {
      description: "Longest time to keep an answer, in seconds",
      type: "integer",
      minimum: 1,
      default: defaults.maxTtlSeconds.success,
    },
    maxDenialTtlSeconds: {
      description: "Longest time to keep a denial where names of the cluster are answered, in seconds",
      type: "integer",
      minimum: 1,
      default: defaults.maxTtlSeconds.denial,
    },
    maxServeStaleSeconds: {
      description: "How long an expired answer may be served, in seconds",
      type: "integer",
      minimum: 0,
      default: defaults.maxServeStaleSeconds,
    },
    requireCapacity: {
      description: "Whether each half must write its capacity",
      type: "boolean",
      default: defaults.requireCapacity,
    },
    clusterDomain: {
      description: "The cluster's domain, by which the server blocks that answer its names are known",
      type: "string",
      default: defaults.clusterDomain,
    },
  },
  applies: (resource) => resource.is("", "ConfigMap"),
  judge: (resource, config) => {
    if (isExempt(config.exempt, resource.namespace, resource.objectName)) return HOLDS;
    const memoryLimitBytes = parseQuantity(config.memoryLimit);
    if (memoryLimitBytes === undefined) {
      throw new Error(
        `DNS-CACHE: memoryLimit ${config.memoryLimit} is no amount of memory: write it as 170Mi`,
      );
    }
    return judgeConfigMap(
      { where: resource.label, name: resource.objectName, object: resource.tree },
      {
        ...config,
        memoryLimitBytes,
        maxTtlSeconds: { success: config.maxSuccessTtlSeconds, denial: config.maxDenialTtlSeconds },
      },
    );
  },
});
