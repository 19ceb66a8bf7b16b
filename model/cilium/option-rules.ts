import type { Problem } from "../problem.ts";
import type { CiliumSettings } from "../settings.ts";
import type { ChartVersion } from "./chart-version.ts";

/** Options that say nothing without another one. */
const dependencies: readonly {
  readonly option: string;
  readonly isOn: (settings: CiliumSettings) => boolean;
  readonly needs: string;
  readonly hasIt: (settings: CiliumSettings) => boolean;
}[] = [
  {
    option: "routing.autoDirectNodeRoutes",
    isOn: ({ routing }) => routing.autoDirectNodeRoutes,
    needs: "routing.mode: native",
    hasIt: ({ routing }) => routing.mode === "native",
  },
  {
    option: "encryption.nodes",
    isOn: ({ encryption }) => encryption.nodes,
    needs: "encryption.type: wireguard",
    hasIt: ({ encryption }) => encryption.type === "wireguard",
  },
  {
    option: "bandwidthManager.bbr",
    isOn: ({ bandwidthManager }) => bandwidthManager.bbr,
    needs: "bandwidthManager.enabled",
    hasIt: ({ bandwidthManager }) => bandwidthManager.enabled,
  },
  {
    option: "gatewayApi.hostNetwork",
    isOn: ({ gatewayApi }) => gatewayApi.hostNetwork,
    needs: "gatewayApi.enabled",
    hasIt: ({ gatewayApi }) => gatewayApi.enabled,
  },
  {
    option: "ingressController.hostNetwork",
    isOn: ({ ingressController }) => ingressController.hostNetwork,
    needs: "ingressController.enabled",
    hasIt: ({ ingressController }) => ingressController.enabled,
  },
  {
    option: "ingressController.default",
    isOn: ({ ingressController }) => ingressController.default,
    needs: "ingressController.enabled",
    hasIt: ({ ingressController }) => ingressController.enabled,
  },
  {
    option: "hubble.export.enabled",
    isOn: ({ hubble }) => hubble.export.enabled,
    needs: "hubble.enabled",
    hasIt: ({ hubble }) => hubble.enabled,
  },
];

/** What is wrong with typed options among themselves, whatever keys a chart has for them. */
export function optionProblems(settings: CiliumSettings, version: ChartVersion): Problem[] {
  const lonely = dependencies.flatMap(({ option, isOn, needs, hasIt }) =>
    isOn(settings) && !hasIt(settings)
      ? [
          {
            path: `cilium.${option}`,
            message: `true needs cilium.${needs}`,
            remedy: `set cilium.${needs.includes(":") ? needs : `${needs}: true`}, or turn this off`,
          },
        ]
      : [],
  );
  return [...lonely, ...strictProblems(settings, version), ...egressProblems(settings)];
}

/** The first chart whose strict mode goes with IPsec, too. */
const strictIpsec = 19;

function strictProblems({ encryption: { type, strict } }: CiliumSettings, version: ChartVersion): Problem[] {
  if (!strict) return [];
  const path = "cilium.encryption.strict";
  if (type === "none" || (type === "ipsec" && version.minor < strictIpsec)) {
    return [
      {
        path,
        message: `Drops all that leaves in the clear, and encryption.type ${type} leaves it so${type === "ipsec" ? ` up to chart 1.${strictIpsec - 1}` : ""}`,
        remedy: "use encryption.type: wireguard, or leave it out",
      },
    ];
  }
  return [];
}

/** Gateways need to know each endpoint by itself. @see docs.cilium.io, Egress Gateway (Incompatibilities) */
function egressProblems({ egressGateway, endpointSlices }: CiliumSettings): Problem[] {
  if (!egressGateway || !endpointSlices) return [];
  return [
    {
      path: "cilium.egressGateway",
      message: "true does not go with cilium.endpointSlices",
      remedy: "turn one of the two off",
    },
  ];
}
