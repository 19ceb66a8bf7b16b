import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { NetworkPolicy, type NetworkPolicyArgs } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import * as pulumi from "@pulumi/pulumi";
import { policyKey, policyManifest } from "../model/policies/manifest.ts";
import type { Policy } from "../model/policies/policies.ts";
import { policyStages } from "../model/policies/policy-stages.ts";
import { plainObject } from "./plain-object.ts";

export interface NetworkBaselineArgs {
  /** Namespaces to create; they stay in the cluster when the stack goes. */
  readonly createNamespaces: readonly string[];
  readonly policies: readonly Policy[];
  /** What allows in namespaces by another way: policies of the whole cluster come after it, and go before it. */
  readonly bundles?: pulumi.Resource | undefined;
  /** Labels of everything created. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Namespaces, and in each of them default-deny, DNS, and both sides of the declared flows. */
export class NetworkBaseline extends pulumi.ComponentResource {
  readonly policies: readonly string[];
  /** Those that it creates, by name. */
  readonly namespaces: ReadonlyMap<string, Namespace>;

  constructor(name: string, args: NetworkBaselineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-network:policies:NetworkBaseline", name, {}, opts);

    this.namespaces = new Map(args.createNamespaces.map((ns) => [ns, this.namespace(ns, args.labels)]));
    // Each stage waits for the one before and goes before it: no pod is isolated without its allows. What
    // isolates in a namespace is of that namespace, or the cluster's: to wait for all others, too, would put
    // a list of them into the state of each.
    const made = new Map<string | undefined, pulumi.Resource[]>();
    const before = (policy: Policy): (pulumi.Resource | undefined)[] =>
      policy.namespace === undefined
        ? // Said of each: that the whole component comes after bundles holds only while it goes as a whole.
          [args.bundles, ...[...made.values()].flat()]
        : [
            this.namespaces.get(policy.namespace),
            ...(made.get(undefined) ?? []),
            ...(made.get(policy.namespace) ?? []),
          ];
    for (const stage of policyStages) {
      const ofStage = args.policies
        .filter((policy) => policy.stage === stage)
        .map((policy) => [policy, this.policy(policy, args.labels, before(policy))] as const);
      for (const [{ namespace }, resource] of ofStage) {
        made.set(namespace, [...(made.get(namespace) ?? []), resource]);
      }
    }

    this.policies = args.policies.map(policyKey);
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
    policy: Policy,
    labels: Readonly<Record<string, string>>,
    after: readonly (pulumi.Resource | undefined)[],
  ): pulumi.CustomResource {
    const { metadata, spec, apiVersion, kind } = policyManifest(policy, labels);
    const args = {
      metadata: { ...metadata, annotations: { ...plainObject, ...metadata.annotations } },
      spec,
    };
    const opts = { parent: this, dependsOn: after.filter((resource) => resource !== undefined) };
    return kind === "NetworkPolicy"
      ? new NetworkPolicy(policyKey(policy), args as NetworkPolicyArgs, opts)
      : new CustomResource(policyKey(policy), { apiVersion, kind, ...args }, opts);
  }
}
