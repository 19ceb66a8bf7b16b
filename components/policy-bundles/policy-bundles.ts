import { Command } from "@pulumi/command/local/command.js";
import * as pulumi from "@pulumi/pulumi";
import { encodeBundle } from "../../model/policies/bundle.ts";
import type { Planned } from "../../model/policies/bundle-changes.ts";
import type { PlannedBundle } from "../../model/policies/bundle-plan.ts";
import { encodeServices, type ServiceBundle } from "../../model/services/bundle.ts";
import { nodeScript, scriptEnvironment, type ScriptTarget } from "../script.ts";

interface BundlesArgs<Bundle> extends ScriptTarget {
  readonly bundles: readonly Bundle[];
}

/**
 * Policies of hundreds of namespaces: a few commands that each apply those of many. Within a namespace
 * allows come before denies; between namespaces no order is needed, for each is isolated by its own alone.
 */
export class PolicyBundles extends pulumi.ComponentResource {
  constructor(name: string, args: BundlesArgs<PlannedBundle>, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-network:policies:PolicyBundles", name, {}, opts);

    for (const planned of args.bundles) {
      applied(`${name}-${planned.bundle.name}`, planned, encodeBundle(planned.bundle), args, this);
    }

    this.registerOutputs({});
  }
}

/** Services of hundreds of namespaces, the same way. */
export class ServiceBundles extends pulumi.ComponentResource {
  constructor(
    name: string,
    args: BundlesArgs<Planned<ServiceBundle>>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("cluster-network:services:ServiceBundles", name, {}, opts);

    for (const planned of args.bundles) {
      applied(`${name}-${planned.bundle.name}`, planned, encodeServices(planned.bundle), args, this);
    }

    this.registerOutputs({});
  }
}

/** What it applies is its standard input, so that a preview shows it and the policy pack judges it. */
function applied(
  name: string,
  { revision }: Planned<unknown>,
  stdin: string,
  target: ScriptTarget,
  parent: pulumi.Resource,
): Command {
  const apply = nodeScript("policy-bundles/apply.ts");
  return new Command(
    name,
    {
      create: apply,
      update: apply,
      delete: `${apply} --remove`,
      stdin,
      environment: { ...scriptEnvironment(target), REVISION: revision },
      // What it said last time it has no use for.
      addPreviousOutputInEnv: false,
    },
    { parent },
  );
}
