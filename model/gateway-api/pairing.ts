import { parseChartVersion } from "../cilium/chart-version.ts";

/** API group of the Gateway API. */
export const gatewayGroup = "gateway.networking.k8s.io";

/** What Cilium's operator wants of the Gateway API, by a chart's minor. CRDs are named by their plural. */
export interface Pairing {
  /** Version of the Gateway API that Cilium is built and tested with. */
  readonly bundle: string;
  /** CRDs that have to be there, and the API version that the operator works with. */
  readonly required: Versions;
  /**
   * CRDs that the operator uses where they are there. One that lists the version without serving it ends
   * the operator. @see cilium#45139, kubespray#13222
   */
  readonly optional: Versions;
  /** Those of the required ones that only the experimental channel has in that version. */
  readonly experimental: readonly string[];
}

type Versions = Readonly<Record<string, string>>;

const all = (version: string, ...plurals: readonly string[]): Versions =>
  Object.fromEntries(plurals.map((plural) => [plural, version]));

const core = ["gatewayclasses", "gateways", "httproutes"] as const;
const withGrpc: Versions = { ...all("v1", ...core, "grpcroutes"), referencegrants: "v1beta1" };
const withTls: Versions = { ...withGrpc, tlsroutes: "v1alpha2" };
const tlsIfThere: Versions = { tlsroutes: "v1alpha2" };

/**
 * From docs.cilium.io, "Gateway API Support" (Prerequisites) of each minor, its go.mod, and what the
 * operator checks at its start, once: `requiredGVK` in operator/pkg/gateway-api/cell.go, from 1.20 on
 * `RequiredGVKs` in helpers/schemes.go.
 */
const pairings: Readonly<Record<number, Pairing>> = {
  14: {
    bundle: "0.7.0",
    required: { ...all("v1beta1", ...core, "referencegrants"), tlsroutes: "v1alpha2" },
    optional: {},
    experimental: ["tlsroutes"],
  },
  15: {
    bundle: "1.0.0",
    required: { ...withTls, grpcroutes: "v1alpha2" },
    optional: {},
    experimental: ["grpcroutes", "tlsroutes"],
  },
  16: { bundle: "1.1.0", required: withTls, optional: {}, experimental: ["tlsroutes"] },
  // Its operator starts without TLSRoute (cilium#34212), but up to 1.17.2 no Gateway works then (cilium#38420).
  17: { bundle: "1.2.0", required: withTls, optional: {}, experimental: ["tlsroutes"] },
  18: { bundle: "1.3.0", required: withGrpc, optional: tlsIfThere, experimental: [] },
  19: { bundle: "1.4.1", required: withGrpc, optional: tlsIfThere, experimental: [] },
  20: {
    bundle: "1.6.1",
    required: all("v1", ...core, "grpcroutes", "tlsroutes", "referencegrants", "backendtlspolicies"),
    optional: all("v1", "listenersets", "tcproutes", "udproutes"),
    experimental: [],
  },
};

/** What goes with a chart; undefined for one that is not known here. */
export function pairingOf(chartVersion: string): Pairing | undefined {
  return pairings[parseChartVersion(chartVersion)?.minor ?? 0];
}

/** The first minor whose TLSRoute the standard channel serves, in v1 alone. */
const tlsRouteInStandard = 20;

/**
 * Required CRDs that are taken from the experimental channel. A cluster that began with an older Cilium
 * keeps TLSRoute's older versions served: the standard channel hides routes that are stored in them, and
 * ends the operator of 1.19 should the upgrade go back. @see docs.cilium.io, "1.20 Upgrade Notes"
 */
export function experimentalCrds(chartVersion: string, firstInstalled: string): readonly string[] {
  const [chart, first] = [parseChartVersion(chartVersion), parseChartVersion(firstInstalled)];
  const experimental = pairingOf(chartVersion)?.experimental ?? [];
  const cameFromBefore =
    chart && first && first.minor < tlsRouteInStandard && chart.minor >= tlsRouteInStandard;
  return cameFromBefore ? [...experimental, "tlsroutes"] : experimental;
}
