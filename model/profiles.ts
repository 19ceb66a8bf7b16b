import { isPlainObject, mergeValues, nested, type Values } from "./cilium/merge-values.ts";

/** A setting that a profile makes, and why. */
export interface Choice {
  /** Settings key, such as cilium.hubble.ui. */
  readonly path: string;
  readonly value: boolean | number | string;
  /** In words that follow "because". */
  readonly because: string;
}

/** What a cluster is for, and the settings that suit it. */
export interface Profile {
  /** Which clusters it is meant for. */
  readonly suits: string;
  /** What it comes down to. */
  readonly approach: string;
  readonly choices: readonly Choice[];
}

/** The name of no profile: the baseline as it is. */
export const noProfile = "baseline";

const twoOperators: Choice = {
  path: "cilium.operatorReplicas",
  value: 2,
  because: "one operator may fail, and new pods still get their addresses and identities",
};

const encrypted = (because: string): Choice => ({
  path: "cilium.encryption.type",
  value: "wireguard",
  because,
});

/** The decision matrix. Sizes are in none of them: they follow from the cluster's shape. */
export const profiles = {
  small: {
    suits: "fewer than 50 nodes, low traffic",
    approach: "Calico with iptables beside kube-proxy: little to look after, on any kernel",
    choices: [
      {
        path: "datapath",
        value: "calico",
        because:
          "policies are iptables rules, which every kernel has and every administrator can read; no eBPF programs and maps to size and to watch, and kube-proxy stays as kubeadm set it up",
      },
      {
        path: "calico.dataplane",
        value: "iptables",
        because:
          "it works beside kube-proxy as it is; up to a thousand Services looking rules up costs a new connection some 15 µs",
      },
      {
        path: "calico.flows",
        value: false,
        because:
          "two Deployments and their certificates less can fail; `iptables -L -v` counts what a policy denies",
      },
    ],
  },
  "high-scale": {
    suits: "more than 10,000 endpoints",
    approach: "eBPF maps and API load for many pods",
    choices: [
      {
        path: "cilium.endpointSlices",
        value: true,
        because:
          "every agent watches one object for 100 pods instead of one for each; not together with the egress gateway",
      },
      {
        path: "cilium.hubble.ui",
        value: false,
        because:
          "a map of thousands of workloads shows nothing, and asks every node for it; metrics and `hubble observe` do",
      },
      twoOperators,
    ],
  },
  "multi-cloud": {
    suits: "hybrid clusters, several providers",
    approach: "nothing that only one provider has: tunnels, WireGuard, Gateway API, a place in a mesh",
    choices: [
      {
        path: "cilium.routing.mode",
        value: "tunnel",
        because: "no provider's network routes the pod addresses of another",
      },
      encrypted("traffic between providers crosses networks that are nobody's own"),
      {
        path: "cilium.gatewayApi.enabled",
        value: true,
        because: "the same routes work on every provider, without each one's Ingress annotations",
      },
      twoOperators,
    ],
  },
  compliance: {
    suits: "PCI DSS and alike",
    approach: "default-deny, encryption on the wire, an audit log of flows",
    choices: [
      {
        path: "cilium.hubble.export.enabled",
        value: true,
        because:
          "every flow and every verdict is written down on its node (PCI DSS v4 10.2.1); charts from 1.15 on",
      },
      {
        path: "cilium.hubble.export.maxSizeMb",
        value: 100,
        because: "at 10 MB a busy node overwrites its log before a collector has read it",
      },
      {
        path: "cilium.hubble.export.maxBackups",
        value: 10,
        because:
          "1 GB for each node bridges an outage of the collector; the twelve months of PCI DSS v4 10.5.1 are its task",
      },
      {
        path: "cilium.hubble.redact",
        value: true,
        because:
          "a log must not hold what it is there to protect: card numbers and tokens stand in query strings (PCI DSS v4 3.5.1)",
      },
      encrypted("what leaves a node is not readable on the way (PCI DSS v4 4.2.1)"),
      twoOperators,
    ],
  },
  "legacy-static-ip": {
    suits: "applications that are known by their addresses",
    approach: "fixed addresses on the way out, short-lived names on the way in",
    choices: [
      {
        path: "cilium.egressGateway",
        value: true,
        because:
          "a firewall that knows an application by its address sees the same one wherever its pods run",
      },
      {
        path: "dns.cache.ttlSeconds",
        value: 5,
        because: "a name whose address has moved is asked for again within seconds",
      },
      twoOperators,
    ],
  },
} as const satisfies Record<string, Profile>;

export type ProfileName = keyof typeof profiles;
/** Their names, in the order of the matrix. */
export const profileNames = Object.keys(profiles) as [ProfileName, ...ProfileName[]];

/** A profile by its name; undefined for {@link noProfile}, and for what is none. */
export function profileOf(name: unknown): Profile | undefined {
  return typeof name === "string" && Object.hasOwn(profiles, name)
    ? profiles[name as ProfileName]
    : undefined;
}

/** A profile's choices as a part of a stack's configuration. */
function profileSettings(profile: Profile): Values {
  return profile.choices.map(({ path, value }) => nested(path, value)).reduce(mergeValues, {});
}

/**
 * Lays a stack's configuration over that of the profile it names: what the stack says wins, key by key;
 * lists replace. The defaults come below both, when the result is read.
 * @param raw - the configuration as the stack file has it, right or wrong
 */
export function withProfile(raw: unknown): unknown {
  if (!isPlainObject(raw)) return raw;
  const profile = profileOf(raw.profile);
  return profile ? mergeValues(profileSettings(profile), raw) : raw;
}
