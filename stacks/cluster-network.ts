import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { Cilium } from "../components/cilium.ts";
import { CoreDns } from "../components/core-dns/core-dns.ts";
import { NetworkBaseline } from "../components/network-baseline.ts";
import { NodeTuning } from "../components/node-tuning/node-tuning.ts";
import type { LiveCluster } from "../model/live.ts";
import type { Plan } from "../model/plan.ts";
import type { Settings } from "../model/settings.ts";
import type { Size } from "../model/sizing/size.ts";

export interface ClusterNetworkArgs {
  readonly settings: Settings;
  readonly live: LiveCluster;
  readonly plan: Plan;
}

/** The network baseline of one cluster: wires the components, in the order that keeps traffic flowing. */
export class ClusterNetwork extends pulumi.ComponentResource {
  /** Version of the Cilium chart that is released; undefined when Cilium is not ours. */
  readonly chartVersion: pulumi.Output<string> | undefined;
  /** Namespaces under default-deny. */
  readonly namespaces: readonly string[];
  /** `namespace/name` of every policy, with its reason. */
  readonly policies: Readonly<Record<string, string>>;
  /** Every number that was chosen, with its reason. */
  readonly sizes: Readonly<Record<string, Size>>;
  readonly warnings: readonly string[];

  constructor(name: string, args: ClusterNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-network:index:ClusterNetwork", name, {}, opts);

    const { settings, live, plan } = args;
    const within = { parent: this, provider: this.cluster(name, settings, live) };
    const target = { clusterUid: live.uid, context: settings.cluster.context };

    const cilium = this.cilium(name, args, within);
    this.baseline(name, plan, { ...within, dependsOn: cilium ?? [] });
    this.dns(name, plan, target, within);
    this.nodes(name, settings, plan, target, within);

    this.chartVersion = cilium?.chartVersion;
    this.namespaces = settings.namespaces.map((ns) => ns.name);
    this.policies = Object.fromEntries(plan.policies.map((p) => [`${p.namespace}/${p.name}`, p.because]));
    this.sizes = { ...cilium?.sizes, ...plan.sizes };
    this.warnings = plan.warnings;
    this.registerOutputs({});
  }

  private cluster(name: string, { cluster }: Settings, live: LiveCluster): Provider {
    return new Provider(
      name,
      {
        context: cluster.context,
        // Another path to the same cluster replaces nothing; another cluster does.
        clusterIdentifier: live.uid,
        enableServerSideApply: true,
        // A changed Corefile is a change, not a new ConfigMap.
        enableConfigMapMutable: true,
        // What exists and is not ours was refused by the plan; what a killed run left is taken up again.
        upsertExistingObjects: true,
        kubeClientSettings: { qps: 400, burst: 800 },
      },
      { parent: this },
    );
  }

  private cilium(
    name: string,
    { settings, live, plan }: ClusterNetworkArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    const { cluster, cilium } = settings;
    if (!cilium.enabled) return undefined;
    return new Cilium(
      `${name}-cilium`,
      {
        settings: cilium,
        apiServer: plan.apiServer,
        nodes: cluster.nodes,
        production: cluster.production,
        labels: plan.labels,
        released: live.release?.status === "deployed",
      },
      opts,
    );
  }

  /** After the datapath, which enforces; so before it on the way out. */
  private baseline(name: string, plan: Plan, opts: pulumi.ComponentResourceOptions): void {
    const { createNamespaces, policies, labels } = plan;
    new NetworkBaseline(`${name}-baseline`, { createNamespaces, policies, labels }, opts);
  }

  private dns(name: string, plan: Plan, target: Target, opts: pulumi.ComponentResourceOptions): void {
    if (plan.corefile === undefined) return;
    new CoreDns(`${name}-dns`, { corefile: plan.corefile, ...target }, opts);
  }

  private nodes(
    name: string,
    { nodeTuning: { image } }: Settings,
    { sysctls, labels }: Plan,
    target: Target,
    opts: pulumi.ComponentResourceOptions,
  ): void {
    if (sysctls.length === 0) return;
    new NodeTuning(`${name}-nodes`, { sysctls, image, labels, ...target }, opts);
  }
}

/** The cluster that scripts of the components must find again. */
interface Target {
  readonly clusterUid: string;
  readonly context: string | undefined;
}
