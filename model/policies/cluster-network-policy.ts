import { hostCidr } from "./flow-cidr.ts";

/** Name of the one that is the baseline. */
export const clusterPolicyName = "cluster-network-baseline";

/** Of other baselines each has its say before ours: it is what holds where nobody said anything. */
const lastPriority = 1000;

const nameLabel = "kubernetes.io/metadata.name";

/**
 * Spec of a ClusterNetworkPolicy that denies egress by default, DNS excepted, in the named namespaces.
 *
 * Its tier comes after all NetworkPolicies, and they decide for good on pods that they select: flows pass as
 * their policies say, whatever stands here. What is left are pods, and directions, that no NetworkPolicy
 * selects; for them the first rule that matches counts, so DNS stands before the denial.
 *
 * Ingress is not in it: peers of an ingress rule are pods, never addresses, so a rule cannot deny what comes
 * from outside of the cluster. That takes a NetworkPolicy in each namespace.
 * @param nodeLocalDns - addresses at which NodeLocal DNSCache answers
 */
export function clusterPolicySpec(namespaces: readonly string[], nodeLocalDns: readonly string[]): object {
  return {
    tier: "Baseline",
    priority: lastPriority,
    subject: {
      namespaces: { matchExpressions: [{ key: nameLabel, operator: "In", values: [...namespaces] }] },
    },
    egress: [
      {
        name: "dns",
        action: "Accept",
        to: [
          {
            pods: {
              namespaceSelector: { matchLabels: { [nameLabel]: "kube-system" } },
              podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
            },
          },
          ...(nodeLocalDns.length > 0 ? [{ networks: nodeLocalDns.map(hostCidr) }] : []),
        ],
        protocols: [
          { udp: { destinationPort: { number: 53 } } },
          { tcp: { destinationPort: { number: 53 } } },
        ],
      },
      {
        name: "everything else",
        action: "Deny",
        // Ranges alone would do by the API; a datapath may not take pods for addresses.
        to: [{ namespaces: {} }, { networks: ["0.0.0.0/0", "::/0"] }],
      },
    ],
  };
}
