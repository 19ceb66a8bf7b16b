import fc from "fast-check";
import { type ProfileName, withProfile } from "../../model/profiles.ts";
import { type CiliumSettings, settingsSchema } from "../../model/settings.ts";
import { minimal } from "./settings.ts";

/** Chart versions, all minors and more patches than there are. */
export const anyVersion = fc
  .record({ minor: fc.integer({ min: 14, max: 20 }), patch: fc.integer({ min: 0, max: 20 }) })
  .map(({ minor, patch }) => `1.${minor}.${patch}`);

const bool = fc.boolean();
const orNot = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });
const cidr = fc.constantFrom("10.244.0.0/16", "10.0.0.0/8");

/** Every combination of typed options, sensible or not. */
export const anyOptions = fc.record({
  routing: fc.record({
    mode: fc.constantFrom("tunnel", "native"),
    tunnelProtocol: fc.constantFrom("vxlan", "geneve"),
    nativeCidr: orNot(fc.oneof(cidr, fc.constant("fd00::/48"))),
    autoDirectNodeRoutes: bool,
  }),
  encryption: fc.record({
    type: fc.constantFrom("none", "wireguard", "ipsec"),
    nodes: bool,
    keySecret: fc.constantFrom("cilium-ipsec-keys", "ours"),
    strict: orNot(fc.record({ cidr, allowRemoteNodes: bool })),
  }),
  clusterMesh: orNot(
    fc.record({
      id: fc.integer({ min: 1, max: 511 }),
      name: fc.constantFrom("prod-eu1", "a"),
      maxConnectedClusters: fc.constantFrom(255, 511),
      apiServer: bool,
    }),
  ),
  bandwidthManager: fc.record({ enabled: bool, bbr: bool }),
  egressGateway: bool,
  loadBalancer: fc.record({ ipam: bool, l2Announcements: bool }),
  bgp: bool,
  gatewayApi: fc.record({ enabled: bool, hostNetwork: bool }),
  ingressController: fc.record({
    enabled: bool,
    default: bool,
    loadBalancerMode: fc.constantFrom("dedicated", "shared"),
    enforceHttps: bool,
    hostNetwork: bool,
  }),
  envoyDaemonSet: orNot(bool),
  endpointSlices: bool,
  localRedirectPolicies: bool,
  policyAuditMode: bool,
  imageRegistry: orNot(fc.constantFrom("registry.example", "registry.example:5000/a/b")),
  hubble: fc.record({
    enabled: bool,
    relay: bool,
    ui: bool,
    redact: bool,
    export: fc.record({
      enabled: bool,
      compress: bool,
      maxSizeMb: fc.integer({ min: 1, max: 10_000 }),
      allow: fc.constantFrom([], ['{"verdict":["DROPPED"]}']),
      aggregationInterval: orNot(fc.constant("30s")),
    }),
  }),
});

const size = orNot(fc.integer({ min: 1024, max: 16_777_216 }));

/** Numbers as a sizing gives them. */
export const anySizes = fc.record({
  bpfMapRatio: orNot(fc.double({ min: 0.0001, max: 1, noNaN: true })),
  ctTcpMax: size,
  ctAnyMax: size,
  natMax: size,
  neighMax: size,
  nodeMapMax: size,
  lbMapMax: size,
  policyMapMax: size,
  hubbleEventBuffer: orNot(fc.constantFrom(4095, 65_535)),
  hubbleEventQueue: size,
  agentApiQps: size,
  agentApiBurst: size,
  operatorApiQps: size,
  operatorApiBurst: size,
});

/** The settings' section, before the rules across keys have looked at it. */
export function ciliumSettings(version: string, options: object = {}, profile?: ProfileName): CiliumSettings {
  const raw = { ...minimal, ...(profile && { profile }), cilium: { version, ...options } };
  return settingsSchema.parse(withProfile(raw)).cilium;
}
