import type { EffectiveValues } from "./effective.ts";
import { breaks, type Facet, untilReconnect } from "./facet.ts";

/** Map sizes that the agent derives from the node's memory unless they are set. */
const bySetting = { TCP: "bpf.ctTcpMax", other: "bpf.ctAnyMax", NAT: "bpf.natMax" };

function conntrack({ text, isOn }: EffectiveValues): string {
  const ratio = text("bpf.mapDynamicSizeRatio");
  // The chart hands 0 on as unset, and the agent then takes its own default.
  const byMemory = `${ratio === "" || Number(ratio) === 0 ? "0.0025" : ratio} of memory`;
  const sizes = Object.entries(bySetting).map(([map, key]) => {
    const set = text(key);
    return `${map} ${set === "" || set === "0" ? byMemory : set}`;
  });
  return `${sizes.join(", ")}${isOn("bpf.distributedLRU.enabled") ? ", per CPU" : ""}`;
}

/** The eBPF maps that hold the state of connections. The agent removes one whose shape has changed. */
export const mapFacets: readonly Facet[] = [
  {
    what: "connection tracking and NAT maps",
    keys: [
      "bpf.ctTcpMax",
      "bpf.ctAnyMax",
      "bpf.natMax",
      "bpf.mapDynamicSizeRatio",
      "bpf.distributedLRU.enabled",
    ],
    of: conntrack,
    change: breaks(
      "established connections through Services, out of the cluster, and of pods under a policy",
      "a map of another shape is removed and made anew, so the node forgets every connection: replies no longer find back, and those that only the tracked connection allowed are dropped",
      untilReconnect,
    ),
    source: "cilium pkg/bpf OpenOrCreateMap; Tuning Guide (bpf.distributedLRU)",
  },
  {
    what: "load balancer maps",
    keys: ["bpf.lbMapMax"],
    of: ({ text }) => `${text("bpf.lbMapMax")} entries`,
    change: breaks(
      "connections through Services",
      "the maps are made anew and filled again from the API server: until then Services have no backends, and established connections lose theirs",
      "seconds for new connections; until the clients connect again for established ones; on each node once",
    ),
    source: "docs.cilium.io, eBPF Maps (Service LB maps)",
  },
  {
    what: "policy maps",
    keys: ["bpf.policyMapMax"],
    of: ({ text }) => `${text("bpf.policyMapMax")} entries`,
    change: (from, to) => ({
      traffic: "pods whose policies need more entries than a map has",
      why:
        Number.parseInt(to) < Number.parseInt(from)
          ? "what does not fit into the smaller map is denied"
          : "each pod's map is made anew and filled before it is used",
      lasts: Number.parseInt(to) < Number.parseInt(from) ? "as long as it is set so" : "nothing is lost",
      needsConsent: Number.parseInt(to) < Number.parseInt(from),
    }),
    source: "docs.cilium.io, eBPF Maps (bpf-policy-map-max)",
  },
  {
    what: "preallocation of maps",
    keys: ["bpf.preallocateMaps"],
    of: ({ isOn }) => (isOn("bpf.preallocateMaps") ? "on" : "off"),
    change: breaks(
      "established connections",
      "it is part of a map's shape: all maps are removed and made anew, and the node forgets every connection",
      untilReconnect,
    ),
    source: "docs.cilium.io, ConfigMap Options (preallocate-bpf-maps)",
  },
  {
    what: "cleaning of state",
    keys: ["cleanState", "cleanBpfState"],
    of: ({ isOn }) => (isOn("cleanState") ? "all of it" : isOn("cleanBpfState") ? "that of eBPF" : "none"),
    change: (_, to) =>
      to === "none"
        ? undefined
        : {
            traffic: to === "all of it" ? "all pods that run" : "established connections",
            why:
              to === "all of it"
                ? "Cilium forgets the pods that are there and no longer manages them; they may stop working without warning"
                : "all connections and load balancing decisions are forgotten",
            lasts: to === "all of it" ? "until every pod has been recreated" : "at every start of an agent",
            needsConsent: true,
          },
    source: "docs.cilium.io, ConfigMap Options (clean-cilium-state, clean-cilium-bpf-state)",
  },
];
