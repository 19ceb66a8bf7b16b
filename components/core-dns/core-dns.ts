import { Command } from "@pulumi/command/local/command.js";
import { ConfigMapPatch } from "@pulumi/kubernetes/core/v1/configMapPatch.js";
import * as pulumi from "@pulumi/pulumi";
import { corefileHash, corefileHashAnnotation } from "../../model/adopted-corefile.ts";
import { nodeScript } from "../script.ts";

export interface CoreDnsArgs {
  /** The Corefile to serve, whole and loadable. */
  readonly corefile: string;
  /** UID of kube-system, so that a restore never lands in another cluster. */
  readonly clusterUid: string;
  /** Context of the kubeconfig; default: its current one. */
  readonly context?: string | undefined;
}

/**
 * The cluster's DNS: our Corefile over the one that was there, which comes back on destroy.
 *
 * Deleting a ConfigMapPatch removes the fields it set, here the whole Corefile. So the patch is
 * left in place when it goes, and the keeper, which goes after it, puts the original back in one write.
 */
export class CoreDns extends pulumi.ComponentResource {
  /** The Corefile as it was found before the first deployment. */
  readonly originalCorefile: pulumi.Output<string>;

  constructor(name: string, args: CoreDnsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-network:dns:CoreDns", name, {}, opts);

    const keeper = this.keeper(name, args);
    this.corefile(name, args.corefile, keeper);

    this.originalCorefile = keeper.stdout;
    this.registerOutputs({});
  }

  private keeper(name: string, { clusterUid, context }: CoreDnsArgs): Command {
    return new Command(
      `${name}-keeper`,
      {
        create: nodeScript("core-dns/keeper.ts", "backup"),
        delete: nodeScript("core-dns/keeper.ts", "restore"),
        environment: { CLUSTER_UID: clusterUid, ...(context !== undefined && { CLUSTER_CONTEXT: context }) },
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
