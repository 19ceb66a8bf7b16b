import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Release, type ReleaseArgs } from "@pulumi/kubernetes/helm/v3/release.js";
import * as pulumi from "@pulumi/pulumi";
import { plainObject } from "./plain-object.ts";
import { recordName } from "../model/live.ts";
import { ciliumValues } from "../model/cilium/values.ts";
import { operatorReplicas } from "../model/sizing/operator.ts";
import type { Size } from "../model/sizing/size.ts";
import type { CiliumSettings } from "../model/settings.ts";

const namespace = "kube-system";
const releaseName = "cilium";

/** Cilium's official Helm repository, used unless the settings name another source. */
const officialRepository = "https://helm.cilium.io";

export interface CiliumArgs {
  readonly settings: CiliumSettings;
  /** API server as every node reaches it without kube-proxy. */
  readonly apiServer: { readonly host: string; readonly port: number };
  readonly nodes: number;
  /** Two operators, and the release protected from deletion. */
  readonly production: boolean;
  /** Labels of the note that says which stack the release belongs to. */
  readonly labels: Readonly<Record<string, string>>;
  /** Whether the release is in the cluster already: a run that was killed may not know of it. */
  readonly released: boolean;
}

/** The datapath: Cilium's official chart, released and awaited, with the baseline values. */
export class Cilium extends pulumi.ComponentResource {
  readonly chartVersion: pulumi.Output<string>;
  readonly sizes: { readonly operatorReplicas: Size };

  constructor(name: string, args: CiliumArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-network:datapath:Cilium", name, {}, opts);

    const { settings, apiServer, nodes, production } = args;
    const replicas = operatorReplicas({ production, nodes, wanted: settings.operatorReplicas });
    const values = ciliumValues({ settings, apiServer, operatorReplicas: replicas.value });

    const record = new ConfigMap(
      `${name}-record`,
      {
        metadata: { namespace, name: recordName, labels: args.labels, annotations: plainObject },
        data: { chart: `cilium ${settings.version}` },
      },
      { parent: this },
    );
    const release = new Release(
      name,
      {
        name: releaseName,
        namespace,
        ...chartSource(settings),
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
        // Without effect on a release that is in the state.
        ...(args.released && { import: `${namespace}/${releaseName}` }),
      },
    );

    this.chartVersion = release.status.version;
    this.sizes = { operatorReplicas: replicas };
    this.registerOutputs({ chartVersion: this.chartVersion });
  }
}

function chartSource({
  version,
  chart,
}: CiliumSettings): Pick<ReleaseArgs, "chart" | "version" | "repositoryOpts"> {
  if (chart.path !== undefined) return { chart: chart.path };
  if (chart.oci !== undefined) return { chart: chart.oci, version };
  return { chart: "cilium", version, repositoryOpts: { repo: chart.repository ?? officialRepository } };
}
