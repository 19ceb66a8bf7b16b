/** A CoreDNS release, `1.11.1`; a leading `v` and a suffix such as `-eksbuild.2` are ignored. */
export type CoreDnsVersion = readonly [number, number, number];

/** Reads the version of an image tag; undefined when there is none in it. */
export function parseCoreDnsVersion(text: string): CoreDnsVersion | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : undefined;
}

/** Whether a version is at least another one, `1.12.1`. */
export function isAtLeast(version: CoreDnsVersion, least: string): boolean {
  const [major = 0, minor = 0, patch = 0] = parseCoreDnsVersion(least) ?? [];
  const difference = version[0] - major || version[1] - minor || version[2] - patch;
  return difference >= 0;
}

/**
 * Plugins compiled into CoreDNS 1.15.0, with the first release that has them where that is after
 * 1.3.0. Source: core/dnsserver/zdirectives.go of each release.
 */
export const pluginsSince: ReadonlyMap<string, string | undefined> = new Map<string, string | undefined>([
  ["acl", "1.6.4"],
  ["any", "1.5.1"],
  ["auto", undefined],
  ["autopath", undefined],
  ["azure", "1.6.2"],
  ["bind", undefined],
  ["bufsize", "1.6.6"],
  ["cache", undefined],
  ["cancel", "1.5.0"],
  ["chaos", undefined],
  ["clouddns", "1.6.3"],
  ["debug", undefined],
  ["dns64", "1.7.0"],
  ["dnssec", undefined],
  ["dnstap", undefined],
  ["dynupdate", "1.15.0"],
  ["erratic", undefined],
  ["errors", undefined],
  ["etcd", undefined],
  ["file", undefined],
  ["forward", undefined],
  ["geoip", "1.8.5"],
  ["grpc", "1.5.0"],
  ["grpc_server", "1.14.0"],
  ["header", "1.8.5"],
  ["health", undefined],
  ["hosts", undefined],
  ["https", "1.14.0"],
  ["https3", "1.14.0"],
  ["k8s_external", undefined],
  ["kubernetes", undefined],
  ["loadbalance", undefined],
  ["local", "1.8.1"],
  ["log", undefined],
  ["loop", undefined],
  ["metadata", undefined],
  ["minimal", "1.8.4"],
  ["multisocket", "1.12.0"],
  ["nomad", "1.13.0"],
  ["nsid", undefined],
  ["on", undefined],
  ["pprof", undefined],
  ["prometheus", undefined],
  ["proxyproto", "1.14.2"],
  ["quic", "1.12.2"],
  ["ready", "1.5.0"],
  ["reload", undefined],
  ["rewrite", undefined],
  ["root", undefined],
  ["route53", undefined],
  ["secondary", undefined],
  ["shed", "1.14.7"],
  ["sign", "1.6.3"],
  ["siit", "1.15.0"],
  ["template", undefined],
  ["timeouts", "1.10.1"],
  ["tls", undefined],
  ["trace", undefined],
  ["transfer", "1.6.5"],
  ["tsig", "1.9.4"],
  ["view", "1.10.0"],
  ["whoami", undefined],
]);

/** Plugins that CoreDNS had and dropped: the release without it, and what to use instead. */
export const droppedPlugins: ReadonlyMap<string, { readonly in: string; readonly instead: string }> = new Map(
  [
    ["federation", { in: "1.7.0", instead: "remove it: federated Services of version 1 are gone" }],
    ["proxy", { in: "1.5.0", instead: "use forward, which takes the same zone and upstreams" }],
    ["reverse", { in: "1.2.0", instead: "use template" }],
    ["shutdown", { in: "1.1.0", instead: "use on" }],
    ["startup", { in: "1.1.0", instead: "use on" }],
  ],
);

/** Plugins that refuse to stand in one server block twice ("can only be used once per Server Block"). */
export const oncePerServer: ReadonlySet<string> = new Set([
  "cache",
  "dnssec",
  "dynupdate",
  "errors",
  "grpc",
  "hosts",
  "kubernetes",
  "loop",
  "nsid",
  "pprof",
  "prometheus",
  "ready",
  "shed",
  "tsig",
  "view",
]);

type Options = Readonly<Record<string, string | undefined>>;

/**
 * Options of the plugins that the tuned Corefile uses, as of CoreDNS 1.15.0, with the first release
 * that has them where that is after 1.5.0. A CoreDNS that does not know an option refuses the whole
 * Corefile. Source: setup.go of each plugin in each release.
 */
export const optionsSince: ReadonlyMap<string, Options> = new Map<string, Options>([
  [
    "cache",
    {
      denial: undefined,
      disable: "1.9.4",
      keepttl: "1.10.1",
      prefetch: undefined,
      serve_stale: "1.6.6",
      serve_stale_policy: "1.14.7",
      servfail: "1.9.4",
      success: undefined,
    },
  ],
  ["errors", { consolidate: undefined, stacktrace: "1.9.3" }],
  [
    "forward",
    {
      doh_method: "1.14.5",
      except: undefined,
      expire: undefined,
      failfast_all_unhealthy_upstreams: "1.12.1",
      failover: "1.13.0",
      force_tcp: undefined,
      health_check: undefined,
      max_age: "1.14.3",
      max_concurrent: "1.6.8",
      max_connect_attempts: "1.13.2",
      max_fails: undefined,
      max_idle_conns: "1.14.1",
      next: "1.11.4",
      next_on_nodata: "1.14.4",
      policy: undefined,
      prefer_udp: undefined,
      read_timeout: "1.14.5",
      resolver: "1.14.4",
      source_address: "1.14.6",
      tls: undefined,
      tls_servername: undefined,
    },
  ],
  ["health", { lameduck: undefined }],
  [
    "kubernetes",
    {
      apiserver_burst: "1.14.0",
      apiserver_max_inflight: "1.14.0",
      apiserver_qps: "1.14.0",
      endpoint: undefined,
      endpoint_pod_names: undefined,
      fallthrough: undefined,
      ignore: undefined,
      kubeconfig: undefined,
      labels: undefined,
      multicluster: "1.12.2",
      namespace_labels: undefined,
      namespaces: undefined,
      noendpoints: undefined,
      pods: undefined,
      startup_timeout: "1.12.3",
      tls: undefined,
      ttl: undefined,
      zonal: "1.14.7",
    },
  ],
  ["loadbalance", { prefer: "1.12.4", reload: "1.10.1" }],
  ["prometheus", { runtime_metrics: "1.14.3", tls: "1.14.3" }],
  ["ready", { monitor: "1.12.2" }],
]);

/** Options that CoreDNS had and dropped: the release without it, and what to do. */
export const droppedOptions: ReadonlyMap<string, { readonly in: string; readonly instead: string }> = new Map(
  [
    ["kubernetes resyncperiod", { in: "1.7.0", instead: "remove it: it has done nothing since 1.6.0" }],
    ["kubernetes transfer", { in: "1.8.0", instead: "use the transfer plugin" }],
    ["kubernetes upstream", { in: "1.7.0", instead: "remove it: CoreDNS resolves external names itself" }],
  ],
);
