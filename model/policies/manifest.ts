import { becauseAnnotation } from "../live.ts";
import { clusterPolicyApi } from "./cluster-network-policy.ts";
import type { Labels } from "./flow.ts";
import type { Policy, PolicyKind } from "./policies.ts";

/** An object as the API takes it; by default a policy. */
export interface Manifest<Kind extends string = PolicyKind, Spec extends object = object> {
  readonly apiVersion: string;
  readonly kind: Kind;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels: Labels;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly spec: Spec;
}

const apiVersions: Readonly<Record<PolicyKind, string>> = {
  NetworkPolicy: "networking.k8s.io/v1",
  CiliumNetworkPolicy: "cilium.io/v2",
  CiliumClusterwideNetworkPolicy: "cilium.io/v2",
  ClusterNetworkPolicy: clusterPolicyApi,
};

/** Label of a policy that says whose flows it holds. */
export const workloadLabel = "cluster-network/workload";

/** @param labels - of every object that the stack creates */
export function policyManifest(policy: Policy, labels: Labels): Manifest {
  const { kind, namespace, name, workload, because, spec } = policy;
  return {
    apiVersion: apiVersions[kind],
    kind,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      labels: { ...labels, ...(workload !== undefined && { [workloadLabel]: workload }) },
      annotations: { [becauseAnnotation]: because },
    },
    spec,
  };
}

/** What a policy is called among all: shop/allow-dns, or its name alone where it is the cluster's. */
export const policyKey = ({ namespace, name }: Pick<Policy, "namespace" | "name">): string =>
  namespace === undefined ? name : `${namespace}/${name}`;
