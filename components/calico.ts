import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Release } from "@pulumi/kubernetes/helm/v3/release.js";
import { Command } from "@pulumi/command/local/command.js";
import * as pulumi from "@pulumi/pulumi";
import { type CalicoPlan, operatorNamespace } from "../model/calico/release.ts";
import { recordName } from "../model/live.ts";
import type { CalicoSettings } from "../model/settings.ts";
import { agentsReady, chartSource } from "./datapath-release.ts";
import { plainObject } from "./plain-object.ts";
import { nodeScript, scriptEnvironment, type ScriptTarget } from "./script.ts";

const releaseName = "calico";
const chartName = "tigera-operator";

/** Calico's official Helm repository, used unless the settings name another source. */
const officialRepository = "https://docs.tigera.io/calico/charts";

export interface CalicoArgs extends ScriptTarget, CalicoPlan {
  readonly settings: CalicoSettings;
  /** Whether the release is protected from deletion. */
  readonly production: boolean;
  /** Labels of the note and of the namespace. */
  readonly labels: Readonly<Record<string, string>>;
  /** Whether the release is in the cluster already: a run that was killed may not know of it. */
  readonly released: boolean;
}

/**
 * The datapath: Calico by the chart of its operator, which makes everything else. Its children are named as
 * those of Cilium, whose place they take when the datapath is exchanged (see the aliases in stacks).
 */
export class Calico extends pulumi.ComponentResource {
  readonly chartVersion: pulumi.Output<string>;

  constructor(name: string, args: CalicoArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-network:datapath:Calico", name, {}, opts);

    const { settings, values, production } = args;

    const record = new ConfigMap(
      `${name}-record`,
      {
        metadata: {
          namespace: "kube-system",
          name: recordName,
          labels: args.labels,
          annotations: plainObject,
        },
        data: { chart: `${chartName} ${settings.version}` },
      },
      { parent: this },
    );
    const release = new Release(
      name,
      {
        name: releaseName,
        namespace: operatorNamespace,
        ...chartSource(settings, chartName, officialRepository),
        values,
        timeout: settings.timeoutSeconds,
        atomic: false,
        // A release that failed on its first try is taken up again instead of "name still in use".
        replace: true,
      },
      {
        parent: this,
        dependsOn: args.createNamespace ? [record, this.namespace(name, args.labels)] : [record],
        protect: production,
        // Two network plugins at once would take nodes and pods from each other.
        deleteBeforeReplace: true,
        replaceOnChanges: ["name", "namespace"],
        // Without effect on a release that is in the state.
        ...(args.released && { import: `${operatorNamespace}/${releaseName}` }),
      },
    );
    // Depends on the release, so it speaks before that is deleted; of an exchange see stacks/deploy.ts.
    new Command(
      `${name}-can-leave`,
      {
        delete: nodeScript("can-leave.ts"),
        environment: scriptEnvironment(args),
      },
      { parent: this, dependsOn: release },
    );
    agentsReady(
      `${name}-agents-ready`,
      {
        ...args,
        datapath: "calico",
        timeoutSeconds: settings.timeoutSeconds,
        revision: release.status.revision,
      },
      { parent: this, dependsOn: release },
    );

    this.chartVersion = release.status.version;
    this.registerOutputs({ chartVersion: this.chartVersion });
  }

  private namespace(name: string, labels: Readonly<Record<string, string>>): Namespace {
    return new Namespace(
      `${name}-operator`,
      {
        metadata: {
          name: operatorNamespace,
          // The operator works on the host's network, as whoever makes pods' networks must.
          labels: { ...labels, "pod-security.kubernetes.io/enforce": "privileged" },
        },
      },
      // Deleting a namespace deletes all that is in it, pull secrets of the user's among it.
      { parent: this, retainOnDelete: true },
    );
  }
}
