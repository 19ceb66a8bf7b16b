import { Command } from "@pulumi/command/local/command.js";
import { ConfigMapPatch } from "@pulumi/kubernetes/core/v1/configMapPatch.js";
import * as pulumi from "@pulumi/pulumi";
import { corefileHash, corefileHashAnnotation } from "../../model/adopted-corefile.ts";
import { nodeScript, scriptEnvironment, type ScriptTarget } from "../script.ts";

export interface CoreDnsArgs extends ScriptTarget {
  /** The Corefile to serve, whole and loadable. */
  readonly corefile: string;
  /** Hash of the Corefile that it was laid over: another one is backed up anew. */
  readonly originalHash: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The cluster's DNS: our Corefile over the one that was there, which comes back on destroy.
 *
 * Deleting a ConfigMapPatch removes the fields it set, here the whole Corefile. So the patch is
 * left in place when it goes, and the keeper, which goes after it, puts the original back in one write.
 */
export class CoreDns extends pulumi.ComponentResource {
  constructor(name: string, args: CoreDnsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-network:dns:CoreDns", name, {}, opts);

    const keeper = this.keeper(name, args);
    this.corefile(name, args.corefile, keeper);

    this.registerOutputs({});
  }

  private keeper(name: string, args: CoreDnsArgs): Command {
    return new Command(
      `${name}-keeper`,
      {
        create: nodeScript("core-dns/keeper.ts", "backup"),
        delete: nodeScript("core-dns/keeper.ts", "restore"),
        environment: {
          ...scriptEnvironment(args),
          ORIGINAL_HASH: args.originalHash,
          OBJECT_LABELS: JSON.stringify(args.labels),
        },
      },
      { parent: this },
    );
  }

  private corefile(name: string, corefile: string, keeper: Command): ConfigMapPatch {
    return new ConfigMapPatch(
      name,
      {
        metadata: {
          namespace: "kube-system",
          name: "coredns",
          annotations: {
            [corefileHashAnnotation]: corefileHash(corefile),
            // The distribution's installer owns the field so far.
            "pulumi.com/patchForce": "true",
          },
        },
        data: { Corefile: corefile },
      },
      { parent: this, dependsOn: keeper, retainOnDelete: true },
    );
  }
}
