import type { PolicyKind } from "./policies.ts";

/** Where the API has policies of a kind. */
interface PolicyApi {
  readonly apiVersion: string;
  readonly plural: string;
}

/** Every kind that is written, and read. */
export const policyApis = {
  NetworkPolicy: { apiVersion: "networking.k8s.io/v1", plural: "networkpolicies" },
  CiliumNetworkPolicy: { apiVersion: "cilium.io/v2", plural: "ciliumnetworkpolicies" },
  CiliumClusterwideNetworkPolicy: {
    apiVersion: "cilium.io/v2",
    plural: "ciliumclusterwidenetworkpolicies",
  },
  // The version that every implementation reads, v1beta1 beside it or not.
  ClusterNetworkPolicy: {
    apiVersion: "policy.networking.k8s.io/v1alpha2",
    plural: "clusternetworkpolicies",
  },
} as const satisfies Readonly<Record<PolicyKind, PolicyApi>>;
