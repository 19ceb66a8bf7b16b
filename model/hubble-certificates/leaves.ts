import type { ChartValues } from "../cilium/chart-rules/chart-values.ts";

/** A certificate that Hubble needs, as the chart's own templates would make it. */
export interface Leaf {
  readonly name: string;
  readonly usage: "server" | "client";
  readonly commonName: string;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  /** Objects of the chart's values that take it. */
  readonly takers: readonly string[];
}

interface Kind {
  readonly name: string;
  readonly usage: Leaf["usage"];
  /** Objects of the chart's values that take it as cert and key, or as existingSecret. */
  readonly takenBy: (values: ChartValues) => readonly string[];
  readonly commonName: (cluster: string) => string;
  readonly isWanted: (values: ChartValues) => boolean;
}

/** Names and conditions from the charts' `templates/hubble/tls-helm/*.yaml`, the same from 1.14 to 1.20. */
const kinds: readonly Kind[] = [
  {
    name: "server",
    usage: "server",
    // Chart 1.16 mounts the server's existingSecret for metrics, too: one certificate serves both.
    takenBy: (values) => [
      "hubble.tls.server",
      ...(values.is("hubble.metrics.tls.enabled") ? [metricsServer] : []),
    ],
    commonName: (cluster) => `*.${cluster}.hubble-grpc.cilium.io`,
    isWanted: () => true,
  },
  {
    name: "relay-client",
    usage: "client",
    takenBy: () => ["hubble.relay.tls.client"],
    commonName: () => "*.hubble-relay.cilium.io",
    isWanted: (values) => values.is("hubble.relay.enabled"),
  },
  {
    name: "relay-server",
    usage: "server",
    takenBy: () => ["hubble.relay.tls.server"],
    commonName: () => "*.hubble-relay.cilium.io",
    isWanted: (values) => values.all("hubble.relay.enabled", "hubble.relay.tls.server.enabled"),
  },
  {
    name: "ui-client",
    usage: "client",
    takenBy: () => ["hubble.ui.tls.client"],
    commonName: () => "*.hubble-ui.cilium.io",
    isWanted: (values) =>
      values.all("hubble.ui.enabled", "hubble.relay.enabled", "hubble.relay.tls.server.enabled"),
  },
];

const metricsServer = "hubble.metrics.tls.server";

/** Our Secret with a certificate. No chart makes one of this name, so Helm never deletes it. */
export const secretName = (leaf: string): string => `cluster-network-hubble-${leaf}`;

/** Names of all Secrets that there may be. */
export const secretNames: readonly string[] = kinds.map(({ name }) => secretName(name));

/** Name of the agents' certificate where the chart makes it, or is given it whole. */
export const chartsSecret = "hubble-server-certs";

/** The certificates that the chart's values ask for; none where Hubble or its TLS is off. */
export function wantedLeaves(values: ChartValues): Leaf[] {
  if (!values.all("hubble.enabled", "hubble.tls.enabled")) return [];
  // A dot would make one label more than the wildcard stands for.
  const cluster = values.text("cluster.name").replaceAll(".", "-");
  return kinds
    .filter(({ isWanted }) => isWanted(values))
    .map(({ name, usage, commonName, takenBy }) => {
      const takers = takenBy(values);
      const metrics = takers.includes(metricsServer) ? [`${cluster}.hubble-metrics.cilium.io`] : [];
      const extra = (what: string): string[] => takers.flatMap((key) => texts(values.at(`${key}.${what}`)));
      const main = commonName(cluster);
      return {
        name,
        usage,
        takers,
        commonName: main,
        dnsNames: [main, ...metrics, ...extra("extraDnsNames")],
        ipAddresses: extra("extraIpAddresses"),
      };
    });
}

const texts = (list: unknown): string[] => (Array.isArray(list) ? list.map(String) : []);
