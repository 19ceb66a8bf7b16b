import assert from "node:assert/strict";
import { complaints, minimal } from "../../support/settings.ts";

const said = (cilium: object) => complaints({ ...minimal, cilium });

describe("optionProblems()", () => {
  const lonely: [what: string, cilium: object, complaint: string][] = [
    [
      "routes between nodes in a tunnel",
      { routing: { autoDirectNodeRoutes: true } },
      "cilium.routing.autoDirectNodeRoutes: true needs cilium.routing.mode: native: set cilium.routing.mode: native, or turn this off",
    ],
    [
      "nodes' traffic under IPsec",
      { encryption: { type: "ipsec", nodes: true } },
      "cilium.encryption.nodes: true needs cilium.encryption.type: wireguard: set cilium.encryption.type: wireguard, or turn this off",
    ],
    [
      "BBR without the bandwidth manager",
      { bandwidthManager: { bbr: true } },
      "cilium.bandwidthManager.bbr: true needs cilium.bandwidthManager.enabled: set cilium.bandwidthManager.enabled: true, or turn this off",
    ],
    [
      "host ports of no gateway",
      { gatewayApi: { hostNetwork: true } },
      "cilium.gatewayApi.hostNetwork: true needs cilium.gatewayApi.enabled: set cilium.gatewayApi.enabled: true, or turn this off",
    ],
    [
      "host ports of no ingress",
      { ingressController: { hostNetwork: true } },
      "cilium.ingressController.hostNetwork: true needs cilium.ingressController.enabled: set cilium.ingressController.enabled: true, or turn this off",
    ],
    [
      "a default ingress that is off",
      { ingressController: { default: true } },
      "cilium.ingressController.default: true needs cilium.ingressController.enabled: set cilium.ingressController.enabled: true, or turn this off",
    ],
    [
      "flows of no Hubble",
      { hubble: { enabled: false, relay: false, ui: false, export: { enabled: true } } },
      "cilium.hubble.export.enabled: true needs cilium.hubble.enabled: set cilium.hubble.enabled: true, or turn this off",
    ],
    [
      "strictness without encryption",
      { encryption: { strict: { cidr: "10.244.0.0/16" } } },
      "cilium.encryption.strict: Drops all that leaves in the clear, and encryption.type none leaves it so: use encryption.type: wireguard, or leave it out",
    ],
    [
      "strictness with IPsec in a chart that has it for WireGuard",
      { version: "1.18.0", encryption: { type: "ipsec", strict: { cidr: "10.244.0.0/16" } } },
      "cilium.encryption.strict: Drops all that leaves in the clear, and encryption.type ipsec leaves it so up to chart 1.18: use encryption.type: wireguard, or leave it out",
    ],
    [
      "a strict range of IPv6",
      { encryption: { type: "wireguard", strict: { cidr: "fd00::/48" } } },
      'cilium.encryption.strict.cidr: "fd00::/48" is not valid: use an IPv4 range, such as 10.244.0.0/16',
    ],
    [
      "egress gateways with slices",
      { egressGateway: true, endpointSlices: true },
      "cilium.egressGateway: true does not go with cilium.endpointSlices: turn one of the two off",
    ],
    [
      "a native range that is none",
      { routing: { mode: "native", nativeCidr: "10.444.0.0/16" } },
      'cilium.routing.nativeCidr: "10.444.0.0/16" is not valid: write an address and a prefix length, such as 10.244.0.0/16',
    ],
    [
      "an option that came with a later chart",
      { version: "1.14.0", hubble: { export: { enabled: true } } },
      "cilium.hubble.export: Needs hubble.export.static.enabled, which exists from chart 1.15 on, and this is 1.14.0: use chart 1.15 or newer, or leave it out",
    ],
  ];
  for (const [what, cilium, complaint] of lonely) {
    it(`refuses ${what}`, () => assert.deepEqual(said(cilium), [complaint]));
  }

  it("takes them together with what they need", () => {
    assert.deepEqual(
      said({
        routing: { mode: "native", autoDirectNodeRoutes: true },
        encryption: {
          type: "wireguard",
          nodes: true,
          strict: { cidr: "10.244.0.0/16", allowRemoteNodes: true },
        },
        bandwidthManager: { enabled: true, bbr: true },
        gatewayApi: { enabled: true, hostNetwork: true },
        ingressController: { enabled: true, default: true, hostNetwork: true },
        hubble: { export: { enabled: true } },
        egressGateway: true,
      }),
      [],
    );
  });
});
