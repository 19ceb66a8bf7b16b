import { Command } from "@pulumi/command/local/command.js";
import * as pulumi from "@pulumi/pulumi";
import { encodeBundle } from "../../model/policies/bundle.ts";
import type { PlannedBundle } from "../../model/policies/bundle-plan.ts";
import { nodeScript, scriptEnvironment, type ScriptTarget } from "../script.ts";

export interface PolicyBundlesArgs extends ScriptTarget {
  readonly bundles: readonly PlannedBundle[];
}

/**
 * Policies of hundreds of namespaces: a few commands that each apply those of many. What they apply is
 * their standard input, so that a preview shows it and the policy pack judges it. Within a namespace
 * allows come before denies; between namespaces no order is needed, for each is isolated by its own alone.
 */
export class PolicyBundles extends pulumi.ComponentResource {
  constructor(name: string, args: PolicyBundlesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-network:policies:PolicyBundles", name, {}, opts);

    const apply = nodeScript("policy-bundles/apply.ts");
    for (const { bundle, revision } of args.bundles) {
      new Command(
        `${name}-${bundle.name}`,
        {
          create: apply,
          update: apply,
          delete: `${apply} --remove`,
          stdin: encodeBundle(bundle),
          environment: { ...scriptEnvironment(args), REVISION: revision },
          // What it said last time it has no use for.
          addPreviousOutputInEnv: false,
        },
        { parent: this },
      );
    }

    this.registerOutputs({});
  }
}
