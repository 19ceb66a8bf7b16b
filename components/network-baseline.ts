import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import * as pulumi from "@pulumi/pulumi";
import { becauseAnnotation } from "../model/live.ts";
import { plainObject } from "./plain-object.ts";
import type { Policy } from "../model/policies/policies.ts";

export interface NetworkBaselineArgs {
  /** Namespaces to create; they stay in the cluster when the stack goes. */
  readonly createNamespaces: readonly string[];
  readonly policies: readonly Policy[];
  /** Labels of everything created. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Namespaces, and in each of them default-deny, DNS, and both sides of the declared flows. */
export class NetworkBaseline extends pulumi.ComponentResource {
  readonly policies: readonly string[];

  constructor(name: string, args: NetworkBaselineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-network:policies:NetworkBaseline", name, {}, opts);

    const namespaces = new Map(args.createNamespaces.map((ns) => [ns, this.namespace(ns, args.labels)]));
    // Each stage waits for the one before and goes before it: no pod is isolated without its allows.
    let before: pulumi.Resource[] = [];
    for (const stage of ["workload", "dns", "deny"] as const) {
      const policies = args.policies.filter((policy) => policy.stage === stage);
      const made = policies.map((policy) =>
        this.policy(policy, args.labels, [namespaces.get(policy.namespace), ...before]),
      );
      before = [...before, ...made];
    }

    this.policies = args.policies.map(({ namespace, name: policy }) => `${namespace}/${policy}`);
    this.registerOutputs({ policies: this.policies });
  }

  private namespace(name: string, labels: Readonly<Record<string, string>>): Namespace {
    return new Namespace(
      name,
      { metadata: { name, labels } },
      // Deleting a namespace deletes all that runs in it, whoever it belongs to.
      { parent: this, retainOnDelete: true },
    );
  }

  private policy(
    { namespace, name, because, spec }: Policy,
    labels: Readonly<Record<string, string>>,
    after: readonly (pulumi.Resource | undefined)[],
  ): NetworkPolicy {
    return new NetworkPolicy(
      `${namespace}/${name}`,
      {
        metadata: { namespace, name, labels, annotations: { ...plainObject, [becauseAnnotation]: because } },
        spec,
      },
      { parent: this, dependsOn: after.filter((resource) => resource !== undefined) },
    );
  }
}
