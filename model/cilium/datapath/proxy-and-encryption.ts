import type { EffectiveValues } from "./effective.ts";
import {
  asLongAsSet,
  breaks,
  type Facet,
  missedWhenOff,
  onOff,
  untilRecreated,
  untilRolled,
} from "./facet.ts";

/** Where Envoy runs. The chart's default is on from 1.16, unless the cluster began before. */
function envoy(values: EffectiveValues): string {
  if (!values.isOn("l7Proxy")) return "not run";
  const given = values.given("envoy.enabled");
  const daemonSet =
    given === undefined ? values.minor >= 16 && values.compatibility >= 16 : values.isOn("envoy.enabled");
  return daemonSet ? "in its own DaemonSet" : "in the agent";
}

function encryption({ text, isOn }: EffectiveValues): string {
  if (!isOn("encryption.enabled")) return "off";
  return `${text("encryption.type")}${isOn("encryption.nodeEncryption") ? ", nodes too" : ""}`;
}

/** Strict modes moved under `egress` with 1.19; `ingress` is of 1.19, too. */
function strictEncryption({ isOn }: EffectiveValues): string {
  const modes = [
    (isOn("encryption.strictMode.enabled") || isOn("encryption.strictMode.egress.enabled")) && "what leaves",
    isOn("encryption.strictMode.ingress.enabled") && "what arrives",
  ].filter(Boolean);
  return modes.length === 0 ? "not required" : `required of ${modes.join(" and ")}`;
}

/** Proxies, encryption, and other CNI plugins on the nodes. */
export const proxyAndEncryptionFacets: readonly Facet[] = [
  {
    what: "Envoy",
    keys: ["envoy.enabled"],
    of: envoy,
    change: (from, to) =>
      from === "not run" || to === "not run"
        ? undefined // l7Proxy, which is reported by itself
        : {
            traffic: "connections through L7 policies, Ingress and Gateway",
            why: `the proxy that they run through goes and another one starts${
              to === "in its own DaemonSet"
                ? "; it is one more pod on each node, and a full node evicts another for it"
                : ""
            }`,
            lasts: "until the clients connect again; on each node once",
            needsConsent: true,
          },
    source: "docs.cilium.io, 1.16 Upgrade Notes",
  },
  {
    what: "Ingress",
    keys: ["ingressController.enabled"],
    of: ({ isOn }) => onOff(isOn("ingressController.enabled")),
    change: missedWhenOff(
      "connections from outside to Ingresses of class cilium",
      "nobody listens for them any more",
      "as long as it is off",
    ),
    source: "docs.cilium.io, Kubernetes Ingress Support",
  },
  {
    what: "Gateway API",
    keys: ["gatewayAPI.enabled"],
    of: ({ isOn }) => onOff(isOn("gatewayAPI.enabled")),
    change: missedWhenOff(
      "connections from outside to Gateways of class cilium",
      "nobody listens for them any more",
      "as long as it is off",
    ),
    source: "docs.cilium.io, Gateway API Support",
  },
  {
    what: "encryption between nodes",
    keys: ["encryption.enabled", "encryption.type", "encryption.nodeEncryption"],
    of: encryption,
    change: (from, to) => ({
      traffic: "traffic of pods between nodes",
      why:
        to === "off"
          ? "packets travel in the clear from now on, and are dropped between nodes that have switched and nodes that have not"
          : from === "off"
            ? "packets are dropped between nodes that encrypt and nodes that do not yet; they grow, and pods keep their larger MTU until they are recreated"
            : "packets are dropped between nodes that encrypt the one way and the other",
      lasts: untilRolled,
      needsConsent: true,
    }),
    source: "docs.cilium.io, WireGuard and IPsec Transparent Encryption",
  },
  {
    what: "encryption",
    keys: ["encryption.strictMode"],
    of: strictEncryption,
    change: (_, to) => ({
      traffic: "traffic of pods between nodes that is not encrypted",
      why:
        to === "not required"
          ? "it passes from now on"
          : "it is dropped, also while the agents still restart",
      lasts: asLongAsSet,
      needsConsent: true,
    }),
    source: "docs.cilium.io, WireGuard Transparent Encryption; 1.19 Upgrade Notes",
  },
  {
    what: "chaining with other CNI plugins",
    keys: ["cni.chainingMode", "cni.chainingTarget"],
    of: ({ text }) =>
      text("cni.chainingMode") || (text("cni.chainingTarget") === "" ? "none" : "generic-veth"),
    change: breaks(
      "all pods that run",
      "they stay wired as they were made, and Cilium expects them wired in the other way",
      untilRecreated,
    ),
    source: "docs.cilium.io, CNI Chaining (new configuration does not apply to pods that run)",
  },
  {
    what: "other CNI configurations on the nodes",
    keys: ["cni.exclusive"],
    of: ({ isOn }) => (isOn("cni.exclusive") ? "put aside" : "left alone"),
    change: (_, to) => ({
      traffic: "none of pods that run; pods that start from now on",
      why:
        to === "put aside"
          ? "they start without what another plugin gave them, such as a mesh's redirection: its configuration is renamed to *.cilium_bak"
          : "another plugin's configuration, if its name sorts first, wires them instead of Cilium",
      lasts: asLongAsSet,
      needsConsent: true,
    }),
    source: "chart values.yaml, cni.exclusive",
  },
];
