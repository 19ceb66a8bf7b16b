import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Release } from "@pulumi/kubernetes/helm/v3/release.js";
import * as pulumi from "@pulumi/pulumi";
import { agentsReady, chartSource } from "./datapath-release.ts";
import { plainObject } from "./plain-object.ts";
import type { ScriptTarget } from "./script.ts";
import { recordName } from "../model/live.ts";
import type { Values } from "../model/cilium/merge-values.ts";
import type { CiliumSettings } from "../model/settings.ts";

const namespace = "kube-system";
const releaseName = "cilium";

/** Cilium's official Helm repository, used unless the settings name another source. */
const officialRepository = "https://helm.cilium.io";

export interface CiliumArgs extends ScriptTarget {
  readonly settings: CiliumSettings;
  /** All values of the chart. */
  readonly values: Values;
  /** Whether the release is protected from deletion. */
  readonly production: boolean;
  /** Labels of the note that says which stack the release belongs to. */
  readonly labels: Readonly<Record<string, string>>;
  /** Chart version that the cluster's Cilium began with; the note keeps it for later upgrades. */
  readonly firstInstalled: string;
  /** Whether the release is in the cluster already: a run that was killed may not know of it. */
  readonly released: boolean;
}

/** The datapath: Cilium's official chart, released and awaited, with the values that were planned. */
export class Cilium extends pulumi.ComponentResource {
  readonly chartVersion: pulumi.Output<string>;

  constructor(name: string, args: CiliumArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-network:datapath:Cilium", name, {}, opts);

    const { settings, values, production, firstInstalled } = args;

    const record = new ConfigMap(
      `${name}-record`,
      {
        metadata: { namespace, name: recordName, labels: args.labels, annotations: plainObject },
        data: { chart: `cilium ${settings.version}`, firstInstalled },
      },
      { parent: this },
    );
    const release = new Release(
      name,
      {
        name: releaseName,
        namespace,
        ...chartSource(settings, "cilium", officialRepository),
        values,
        timeout: settings.timeoutSeconds,
        // A roll-back in the middle of an agent roll-out would restart every agent twice.
        atomic: false,
        // A release that failed on its first try is taken up again instead of "name still in use".
        replace: true,
      },
      {
        parent: this,
        dependsOn: record,
        protect: production,
        // In Calico's place: two network plugins at once would take nodes and pods from each other.
        deleteBeforeReplace: true,
        replaceOnChanges: ["name", "namespace"],
        // Without effect on a release that is in the state.
        ...(args.released && { import: `${namespace}/${releaseName}` }),
      },
    );

    agentsReady(
      `${name}-agents-ready`,
      {
        ...args,
        datapath: "cilium",
        timeoutSeconds: settings.timeoutSeconds,
        revision: release.status.revision,
      },
      { parent: this, dependsOn: release },
    );

    this.chartVersion = release.status.version;
    this.registerOutputs({ chartVersion: this.chartVersion });
  }
}
