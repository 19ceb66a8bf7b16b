import { becauseAnnotation } from "../live.ts";
import type { Labels } from "./flow.ts";
import type { Policy, PolicyKind } from "./policies.ts";
import { policyApis } from "./policy-apis.ts";

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

/** Label of a policy that says whose flows it holds. */
export const workloadLabel = "cluster-network/workload";

/** @param labels - of every object that the stack creates */
export function policyManifest(policy: Policy, labels: Labels): Manifest {
  const { kind, namespace, name, workload, because, spec } = policy;
  return {
    apiVersion: policyApis[kind].apiVersion,
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
