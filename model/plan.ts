import { adoptCorefile } from "./adopted-corefile.ts";
import { advise } from "./adviser.ts";
import { agentWarnings } from "./cilium/agent-checks/index.ts";
import { judgeCluster } from "./cilium/gate/index.ts";
import { apiServerAddressProblems } from "./cilium/api-server-address.ts";
import { ciliumWarnings } from "./cilium/values.ts";
import { mergeValues, type Values } from "./cilium/merge-values.ts";
import { firstInstalledIn, judgeRelease, wantedRelease } from "./cilium/release.ts";
import { operatorNodesOf } from "./cilium/placement.ts";
import type { Judgement, UpgradeReport } from "./cilium/upgrade.ts";
import { type GatewayApiPlan, judgeGatewayApi } from "./gateway-api/judge.ts";
import { declarationWarnings } from "./declared-nodes.ts";
import { stackImages } from "./images.ts";
import { planKubeProxy } from "./kube-proxy.ts";
import { secretReferences } from "./hubble-certificates/chart-values.ts";
import { secretName } from "./hubble-certificates/leaves.ts";
import { type CertificatePlan, planCertificates } from "./hubble-certificates/plan.ts";
import { type CalicoPlan, judgeCalico, planCalico } from "./calico/release.ts";
import { judgeSwitch, recordedDatapath } from "./datapath-switch.ts";
import { type LiveCluster, ownLabels, type ReleaseContent } from "./live.ts";
import { nodeTuningName } from "./node-tuning.ts";
import type { ObservedNamespace } from "./observe/report.ts";
import { namespacesUnder } from "./policies/cluster-reach.ts";
import { type Delivery, deliveredPolicies, deliveryWarnings, planDelivery } from "./policies/delivery.ts";
import { stagedPolicies } from "./policies/staging.ts";
import { upstreamProblems } from "./policies/system-dns.ts";
import { preflightProblems } from "./preflight.ts";
import { planPriorCni } from "./prior-cni.ts";
import { formatProblem, type Problem } from "./problem.ts";
import { planServices, type ServiceDelivery } from "./services/delivery.ts";
import type { Settings } from "./settings.ts";
import { networkSizes } from "./sizing/network-sizes.ts";
import type { Size } from "./sizing/size.ts";
import { nodeSysctls, type Sysctl } from "./sysctl.ts";

/** Everything that a deployment does, decided before its first step. */
export interface Plan {
  readonly labels: Readonly<Record<string, string>>;
  /** The release to make; undefined when Cilium is left to others. */
  readonly cilium?: { readonly values: Values; readonly firstInstalled: string } | undefined;
  /** CRDs of the Gateway API that have to be there before the release; undefined when none is ours. */
  readonly gatewayApi?: GatewayApiPlan | undefined;
  /** Form of kube-proxy's DaemonSet to take off the nodes; undefined where it stays. */
  readonly kubeProxyOff?: string | undefined;
  /** Whether kube-proxy has to be put back on the nodes, before all else. */
  readonly kubeProxyBack: boolean;
  /** Hubble's certificates, which the release is given; undefined when others make them, or nobody needs them. */
  readonly certificates?: CertificatePlan | undefined;
  /** The same of Calico; at most one of the two is there. */
  readonly calico?: CalicoPlan | undefined;
  /** What changes of the Cilium that runs; undefined when neither its version nor running traffic does. */
  readonly upgrade?: UpgradeReport | undefined;
  /** Namespaces and policies, as resources and in bundles. */
  readonly delivery: Delivery;
  /** Services before workloads, but for those that others have made, as resources and in bundles. */
  readonly services: ServiceDelivery;
  /** What was proven of the policies; undefined where nothing comes under default-deny. */
  readonly proof: string | undefined;
  /** What enforcement would break, by observed namespace. */
  readonly observed: Readonly<Record<string, ObservedNamespace>>;
  /** The whole Corefile to serve, and the hash of the one below it; undefined when DNS is left alone. */
  readonly dns?: { readonly corefile: string; readonly originalHash: string } | undefined;
  readonly sysctls: readonly Sysctl[];
  readonly sizes: Readonly<Record<string, Size>>;
  /** What nodes pull, sorted, but for Calico's: what an air-gapped site mirrors. */
  readonly images: readonly string[];
  /** What deserves a look, but stops nothing. */
  readonly warnings: readonly string[];
}

const nothingToJudge: Judgement = { problems: [], warnings: [] };

/**
 * Decides what to deploy, from the settings and from what is in the cluster.
 * @param stack - `<project>.<stack>`, the value of the stack label
 * @returns the plan, or what stands in its way; never both
 */
export function planNetwork(
  settings: Settings,
  live: LiveCluster,
  stack: string,
): { plan?: Plan; problems: readonly Problem[] } {
  const { cilium, calico, dns, nodeTuning } = settings;
  const labels = ownLabels(stack);
  const sizes = networkSizes(settings, operatorNodesOf(settings, live));
  const adopted = dns.enabled && live.coreDns ? adoptCorefile(live.coreDns, dns) : undefined;
  const release = cilium.enabled ? wantedRelease(settings, live) : undefined;
  const staged = stagedPolicies(settings, live, release, stack);
  const delivery = planDelivery(
    settings,
    staged.policies,
    labels,
    live.policies,
    namespacesUnder(live.policyObjects ?? [], stack),
  );
  const services = planServices(settings, staged.services, labels, live);
  const hubble = release ? planCertificates(cilium, release.values, live) : { problems: [], warnings: [] };
  const exchange = judgeSwitch(settings, live, stack);
  const operated = calico.enabled ? planCalico(settings, live, stack) : undefined;
  const upgrade: Judgement = operated
    ? judgeCalico(settings, live, stack, operated)
    : recordedDatapath(live) === "calico"
      ? nothingToJudge
      : judgeRelease(
          settings,
          live,
          stack,
          release && hubble.certificates ? withSecrets(release, hubble.certificates) : release,
        );
  const gatewayApi = judgeGatewayApi(cilium, live, stack);
  const gate = judgeCluster(settings, live);
  const images = stackImages(settings, release?.values);
  const priorCni = planPriorCni(settings, live, release);
  const kubeProxy = planKubeProxy(settings, live, release, priorCni.migrating, stack);
  const problems = [
    ...preflightProblems(settings, live, {
      stack,
      policies: deliveredPolicies(delivery),
      daemonSet: nodeTuning.enabled ? nodeTuningName : undefined,
      secrets: hubble.certificates?.leaves.map(({ name }) => secretName(name)) ?? [],
    }),
    ...staged.problems,
    ...upstreamProblems(settings, adopted?.corefile ?? live.coreDns?.corefile, staged.flows),
    ...(adopted?.problems ?? []),
    ...gate.problems,
    ...hubble.problems,
    ...exchange.problems,
    ...upgrade.problems,
    ...gatewayApi.problems,
    ...priorCni.problems,
    ...kubeProxy.problems,
    ...apiServerAddressProblems(settings, live, release),
  ];
  if (problems.length > 0) return { problems };
  return {
    problems: [],
    plan: {
      labels,
      cilium: release && { values: release.values, firstInstalled: firstInstalledIn(live, cilium.version) },
      gatewayApi: gatewayApi.plan,
      kubeProxyOff: kubeProxy.takeOff,
      kubeProxyBack: kubeProxy.putBack,
      certificates: hubble.certificates,
      calico: operated,
      upgrade: upgrade.report,
      delivery,
      services,
      observed: staged.observed,
      proof: staged.proven,
      dns:
        adopted?.corefile === undefined
          ? undefined
          : { corefile: adopted.corefile, originalHash: adopted.originalHash },
      sysctls: nodeTuning.enabled ? nodeSysctls({ ...sizes.node, tcpTwReuse: nodeTuning.tcpTwReuse }) : [],
      sizes: sizes.all,
      images: images.pulled.map(({ image }) => image),
      warnings: [
        ...[
          ...advise(settings, sizes),
          ...declarationWarnings(settings, live),
          ...deliveryWarnings(settings, delivery, services),
          ...gate.warnings,
          ...images.warnings,
          ...images.lacking,
          ...ciliumWarnings(cilium),
          ...agentWarnings(settings),
          ...hubble.warnings,
        ].map(formatProblem),
        ...staged.warnings,
        ...(adopted?.warnings ?? []),
        ...exchange.warnings,
        ...upgrade.warnings,
        ...gatewayApi.warnings,
        ...priorCni.warnings,
        ...kubeProxy.warnings,
      ],
    },
  };
}

/** The release as it is deployed, but for certificates that are not made yet. */
const withSecrets = (release: ReleaseContent, certificates: CertificatePlan): ReleaseContent => ({
  ...release,
  values: mergeValues(release.values, secretReferences(certificates.leaves, release.chartVersion)),
});
