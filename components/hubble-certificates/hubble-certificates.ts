import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { Command } from "@pulumi/command/local/command.js";
import * as pulumi from "@pulumi/pulumi";
import type { Values } from "../../model/cilium/merge-values.ts";
import { certificateValues } from "../../model/hubble-certificates/chart-values.ts";
import {
  type Issued,
  type Lifetimes,
  lifetimes,
  parseIssued,
} from "../../model/hubble-certificates/issued.ts";
import { type Leaf, secretName } from "../../model/hubble-certificates/leaves.ts";
import { generationAnnotation } from "../../model/live.ts";
import { plainObject } from "../plain-object.ts";
import { nodeScript, scriptEnvironment, type ScriptTarget } from "../script.ts";
import { secretData } from "./secret-data.ts";

export interface HubbleCertificatesArgs extends ScriptTarget {
  readonly leaves: readonly Leaf[];
  /** Another number than before has the certificates looked at, and renewed where they are due. */
  readonly generation: number;
  /** Version of the chart that takes them. */
  readonly chart: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Hubble's certificates: made by a script, kept in the state, and in Secrets that are there before the
 * release. The authority's private key is in the state alone.
 */
export class HubbleCertificates extends pulumi.ComponentResource {
  /** Values that hand them to the chart. */
  readonly values: Values;
  readonly lifetimes: pulumi.Output<Lifetimes>;

  constructor(name: string, args: HubbleCertificatesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-network:hubble:HubbleCertificates", name, {}, opts);

    const issued = this.issue(name, args);
    const data = new Map(
      args.leaves.map((leaf) => [leaf, issued.apply((all) => pulumi.secret(secretData(all, leaf)))]),
    );
    for (const [leaf, content] of data) this.secret(leaf, content, args);

    const part = (leaf: Leaf | undefined, key: string) =>
      (leaf && data.get(leaf))?.apply((all) => all[key] ?? "");
    this.values = certificateValues(args.leaves, args.chart, {
      cert: (leaf) => part(leaf, "tls.crt"),
      key: (leaf) => part(leaf, "tls.key"),
      authorities: part(args.leaves[0], "ca.crt"),
    });
    // Days only: nothing of it is secret.
    this.lifetimes = pulumi.unsecret(issued.apply(lifetimes));
    this.registerOutputs({});
  }

  private issue(
    name: string,
    { leaves, generation, labels, ...target }: HubbleCertificatesArgs,
  ): pulumi.Output<Issued> {
    const script = nodeScript("hubble-certificates/issue.ts");
    const { stdout } = new Command(
      `${name}-issue`,
      {
        create: script,
        update: script,
        environment: {
          ...scriptEnvironment(target),
          GENERATION: String(generation),
          LEAVES: JSON.stringify(leaves),
          OBJECT_LABELS: JSON.stringify(labels),
        },
        // The provider shows the user what a command prints, unless it is told not to.
        logging: "none",
      },
      { parent: this, additionalSecretOutputs: ["stdout", "stderr"] },
    );
    return stdout.apply((text) => {
      const issued = parseIssued(text);
      if (!issued)
        throw new pulumi.RunError(
          `${name}: what the state holds is no certificate; pulumi up --replace of it makes them anew`,
        );
      return issued;
    });
  }

  private secret(
    leaf: Leaf,
    data: pulumi.Output<Record<string, string>>,
    { generation, labels }: HubbleCertificatesArgs,
  ): Secret {
    const name = secretName(leaf.name);
    return new Secret(
      name,
      {
        metadata: {
          namespace: "kube-system",
          name,
          labels,
          annotations: {
            ...plainObject,
            [generationAnnotation]: String(generation),
            // It is ours alone: what somebody wrote into it is overwritten.
            "pulumi.com/patchForce": "true",
          },
        },
        type: "kubernetes.io/tls",
        data,
      },
      { parent: this },
    );
  }
}
