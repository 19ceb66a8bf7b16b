import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { ClusterGuard } from "../components/cluster-guard.ts";
import type { ScriptTarget } from "../components/script.ts";
import { Calico } from "../components/calico.ts";
import { Cilium } from "../components/cilium.ts";
import { KubeProxy } from "../components/kube-proxy/kube-proxy.ts";
import { CoreDns } from "../components/core-dns/core-dns.ts";
import { GatewayApi } from "../components/gateway-api/gateway-api.ts";
import { HubbleCertificates } from "../components/hubble-certificates/hubble-certificates.ts";
import { NetworkBaseline } from "../components/network-baseline.ts";
import { Services } from "../components/services.ts";
import { PolicyBundles, ServiceBundles } from "../components/policy-bundles/policy-bundles.ts";
import { NodeTuning } from "../components/node-tuning/node-tuning.ts";
import { mergeValues } from "../model/cilium/merge-values.ts";
import type { UpgradeReport } from "../model/cilium/upgrade.ts";
import type { Lifetimes } from "../model/hubble-certificates/issued.ts";
import type { LiveCluster } from "../model/live.ts";
import type { Plan } from "../model/plan.ts";
import { describePolicies } from "../model/policies/delivery.ts";
import { describeServices } from "../model/services/delivery.ts";
import { withPolicies } from "../model/policies/stages.ts";
import type { Settings } from "../model/settings.ts";
import type { Size } from "../model/sizing/size.ts";

export interface ClusterNetworkArgs {
  readonly settings: Settings;
  readonly live: LiveCluster;
  readonly plan: Plan;
}

/** The network baseline of one cluster: wires the components, in the order that keeps traffic flowing. */
export class ClusterNetwork extends pulumi.ComponentResource {
  /** Version of the datapath's chart that is released; undefined when the datapath is not ours. */
  readonly chartVersion: pulumi.Output<string> | undefined;
  /** Namespaces under default-deny, those in which it is only logged too. */
  readonly namespaces: readonly string[];
  /** `namespace/name` of every policy, with its reason; of those in bundles what is in each. */
  readonly policies: Readonly<Record<string, string>>;
  /** `namespace/name` of every Service, with its reason; of those in bundles what is in each. */
  readonly services: Readonly<Record<string, string>>;
  /** What was proven of the policies; undefined where nothing comes under default-deny. */
  readonly proof: string | undefined;
  /** What enforcement would break, by observed namespace; undefined when none is observed. */
  readonly observed: Plan["observed"] | undefined;
  /** Every number that was chosen, with its reason. */
  readonly sizes: Readonly<Record<string, Size>>;
  /** Every image that nodes pull, but for Calico's, which its operator alone knows. */
  readonly images: readonly string[];
  readonly warnings: readonly string[];
  /** CRDs of the Gateway API that the stack looks after; undefined when there are none. */
  readonly gatewayApi: { bundle: string; crds: readonly string[]; onDestroy: string } | undefined;
  /** What the deployment changes of the Cilium that ran; undefined when it leaves version and traffic alone. */
  readonly upgrade: UpgradeReport | undefined;
  /** When Hubble's certificates end and are renewed; undefined when they are not ours. */
  readonly hubbleCertificates: pulumi.Output<Lifetimes> | undefined;

  constructor(name: string, args: ClusterNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-network:index:ClusterNetwork", name, {}, opts);

    const { settings, live, plan } = args;
    const target = { clusterUid: live.uid, context: settings.cluster.context };
    const guard = new ClusterGuard(`${name}-guard`, target, { parent: this });
    const within = { parent: this, provider: this.cluster(name, settings, live), dependsOn: [guard.before] };
    const after = (...parts: readonly (pulumi.Resource | undefined)[]) => ({
      ...within,
      dependsOn: [guard.before, ...present(parts)],
    });

    const certificates = this.certificates(name, args, target, within);
    const crds = this.gatewayCrds(name, args, target, within);
    // The agents mount the certificates when they start; the operator looks for the CRDs once.
    const cilium = this.cilium(name, args, target, after(certificates, crds), certificates);
    const datapath = cilium ?? this.calico(name, args, target, within);
    // After the datapath, which enforces; so before it on the way out.
    const kubeProxy = this.kubeProxy(name, args, target, after(cilium));
    const bundles = this.bundles(name, plan, target, after(datapath));
    // After what bundles allow: a policy of the whole cluster may deny in their namespaces.
    const baseline = this.baseline(name, plan, bundles, after(datapath, bundles));
    const services = this.servicesIn(baseline, name, plan, after(bundles));
    const bundledServices = this.bundledServices(name, plan, target, after(bundles));
    const dns = this.dns(name, plan, target, within);
    const nodes = this.nodes(name, settings, plan, target, within);
    const policies = [bundles, baseline, services, bundledServices];
    guard.close(present([certificates, crds, datapath, kubeProxy, ...policies, dns, nodes]));

    this.chartVersion = datapath?.chartVersion;
    this.namespaces = withPolicies(settings).namespaces.map((ns) => ns.name);
    this.policies = describePolicies(plan.delivery);
    this.services = describeServices(plan.services);
    this.proof = plan.proof;
    this.observed = Object.keys(plan.observed).length > 0 ? plan.observed : undefined;
    this.sizes = plan.sizes;
    this.images = plan.images;
    this.warnings = plan.warnings;
    this.upgrade = plan.upgrade;
    this.gatewayApi = plan.gatewayApi && {
      bundle: plan.gatewayApi.bundle,
      crds: Object.keys(plan.gatewayApi.required),
      // A destroy shows the outputs that go, and runs no program that could say it.
      onDestroy: "the CRDs stay, and with them everybody's Gateways and routes",
    };
    this.hubbleCertificates = certificates?.lifetimes;
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
        // A changed Corefile is a change, not a new ConfigMap; so are renewed certificates in their Secret.
        enableConfigMapMutable: true,
        enableSecretMutable: true,
        // What exists and is not ours was refused by the plan; what a killed run left is taken up again.
        upsertExistingObjects: true,
        kubeClientSettings: { qps: 400, burst: 800 },
      },
      { parent: this },
    );
  }

  private gatewayCrds(
    name: string,
    { settings, plan }: ClusterNetworkArgs,
    target: ScriptTarget,
    opts: pulumi.ComponentResourceOptions,
  ) {
    if (!plan.gatewayApi) return undefined;
    const { crds } = settings.cilium.gatewayApi;
    return new GatewayApi(
      `${name}-gateway-api`,
      { plan: plan.gatewayApi, crds, labels: plan.labels, ...target },
      opts,
    );
  }

  private certificates(
    name: string,
    { settings, plan: { certificates, labels } }: ClusterNetworkArgs,
    target: ScriptTarget,
    opts: pulumi.ComponentResourceOptions,
  ) {
    if (!certificates) return undefined;
    const chart = settings.cilium.version;
    return new HubbleCertificates(`${name}-hubble`, { ...certificates, chart, labels, ...target }, opts);
  }

  private cilium(
    name: string,
    { settings, live, plan }: ClusterNetworkArgs,
    target: ScriptTarget,
    opts: pulumi.ComponentResourceOptions,
    certificates: HubbleCertificates | undefined,
  ) {
    if (!plan.cilium) return undefined;
    return new Cilium(
      `${name}-cilium`,
      {
        settings: settings.cilium,
        ...plan.cilium,
        values: mergeValues(plan.cilium.values, certificates?.values ?? {}),
        production: settings.cluster.production,
        labels: plan.labels,
        ...target,
        released: live.release?.status === "deployed",
      },
      { ...opts, ...inPlaceOf("Calico", `${name}-calico`) },
    );
  }

  private calico(
    name: string,
    { settings, live, plan }: ClusterNetworkArgs,
    target: ScriptTarget,
    opts: pulumi.ComponentResourceOptions,
  ) {
    if (!plan.calico) return undefined;
    return new Calico(
      `${name}-calico`,
      {
        settings: settings.calico,
        ...plan.calico,
        production: settings.cluster.production,
        labels: plan.labels,
        ...target,
        released: live.calico?.release?.status === "deployed",
      },
      { ...opts, ...inPlaceOf("Cilium", `${name}-cilium`) },
    );
  }

  private kubeProxy(
    name: string,
    { settings, plan: { kubeProxyOff } }: ClusterNetworkArgs,
    target: ScriptTarget,
    opts: pulumi.ComponentResourceOptions,
  ) {
    if (kubeProxyOff === undefined) return undefined;
    const { timeoutSeconds } = settings.cilium;
    return new KubeProxy(`${name}-kube-proxy`, { form: kubeProxyOff, timeoutSeconds, ...target }, opts);
  }

  private bundles(
    name: string,
    { delivery: { bundles } }: Plan,
    target: ScriptTarget,
    opts: pulumi.ComponentResourceOptions,
  ) {
    if (bundles.length === 0) return undefined;
    return new PolicyBundles(`${name}-policies`, { bundles, ...target }, opts);
  }

  private baseline(
    name: string,
    { delivery, labels }: Plan,
    bundles: PolicyBundles | undefined,
    opts: pulumi.ComponentResourceOptions,
  ): NetworkBaseline {
    const { createNamespaces, policies } = delivery;
    return new NetworkBaseline(`${name}-baseline`, { createNamespaces, policies, bundles, labels }, opts);
  }

  /** Beside the policies, not after them: a name lets nothing pass. */
  private servicesIn(
    { namespaces }: NetworkBaseline,
    name: string,
    { services: { services }, labels }: Plan,
    opts: pulumi.ComponentResourceOptions,
  ): Services {
    return new Services(`${name}-services`, { services, namespaces, labels }, opts);
  }

  private bundledServices(
    name: string,
    { services: { bundles } }: Plan,
    target: ScriptTarget,
    opts: pulumi.ComponentResourceOptions,
  ) {
    if (bundles.length === 0) return undefined;
    return new ServiceBundles(`${name}-services`, { bundles, ...target }, opts);
  }

  private dns(
    name: string,
    { dns, labels }: Plan,
    target: ScriptTarget,
    opts: pulumi.ComponentResourceOptions,
  ) {
    return dns && new CoreDns(`${name}-dns`, { ...dns, labels, ...target }, opts);
  }

  private nodes(
    name: string,
    { nodeTuning: { image } }: Settings,
    { sysctls, labels }: Plan,
    target: ScriptTarget,
    opts: pulumi.ComponentResourceOptions,
  ) {
    if (sysctls.length === 0) return undefined;
    return new NodeTuning(`${name}-nodes`, { sysctls, image, labels, ...target }, opts);
  }
}

const present = <T>(parts: readonly (T | undefined)[]): T[] => parts.filter((part) => part !== undefined);

/** A datapath is exchanged by replacing the other's release, which goes first; the note stays all along. */
const inPlaceOf = (type: string, name: string): pulumi.ComponentResourceOptions => ({
  aliases: [{ type: `cluster-network:datapath:${type}`, name }],
});
