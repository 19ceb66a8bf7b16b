import { Command } from "@pulumi/command/local/command.js";
import * as pulumi from "@pulumi/pulumi";
import { nodeScript, scriptEnvironment, type ScriptTarget } from "../script.ts";

export interface KubeProxyArgs extends ScriptTarget {
  /** Form of the DaemonSet to take off the nodes: another one is taken off anew. */
  readonly form: string;
  /** How long to wait for Cilium's agents, or for kube-proxy to be back. */
  readonly timeoutSeconds: number;
}

/**
 * kube-proxy off the nodes, where Cilium replaces it. To be made after Cilium, and so undone before it goes:
 * at every moment one of the two serves.
 */
export class KubeProxy extends pulumi.ComponentResource {
  constructor(name: string, args: KubeProxyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-network:datapath:KubeProxy", name, {}, opts);

    const takeOff = nodeScript("kube-proxy/switch.ts", "off");
    new Command(
      `${name}-off`,
      {
        create: takeOff,
        update: takeOff,
        delete: nodeScript("kube-proxy/switch.ts", "on"),
        environment: {
          ...scriptEnvironment(args),
          FORM: args.form,
          TIMEOUT_SECONDS: String(args.timeoutSeconds),
        },
      },
      { parent: this },
    );

    this.registerOutputs({});
  }
}
