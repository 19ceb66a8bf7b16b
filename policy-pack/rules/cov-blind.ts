import { chartName, isKnownChart } from "../../model/chart-services.ts";
import { asText, at } from "../../model/tree.ts";
import { HOLDS, UNKNOWN } from "../../model/verdict.ts";
import { exemptionSchema, isExempt, type Exemption } from "../exemptions.ts";
import type { Resource } from "../resource.ts";
import { stackRule, type OpenQuestion } from "../rule.ts";

interface Config {
  acceptedCharts: readonly Exemption[];
}

export const covBlind = stackRule<Config>({
  id: "COV-BLIND",
  title: "Everything in the stack could be judged",
  level: "advisory",
  severity: "low",
  rationale: `A rule that says nothing has either found nothing wrong or seen nothing. An auditor, and whoever
reads a green preview, must be able to tell one from the other. This rule lists what the others could not
judge, and why.`,
  predicate: `Broken when anything could not be judged:

- a field that decides a rule is not known before the deployment,
- a Helm release of a chart whose Services the pack does not know,
- a component that makes objects of Kubernetes (Chart, ConfigFile, ConfigGroup, Kustomize directory) but
  has none in this preview, because its inputs are not known yet,
- a provider whose kubeconfig is not known yet: no object of it was checked against its cluster,
- a policy in a dialect that NP-DENY does not read: Calico's, AdminNetworkPolicy and its siblings.`,
  remedy: `Nothing, if the list is what you expect. To shrink it, write names, namespaces and types as plain
text instead of outputs of other resources, deploy the cluster in a stack of its own, and render unknown
charts by \`helm.sh/v4:Chart\`, whose objects are judged one by one.`,
  controls: [
    {
      framework: "PCI DSS",
      version: "4.0.1",
      reference: "1.2.1",
      asks: "Configuration standards for network security controls are defined, implemented and maintained",
    },
  ],
  config: {
    acceptedCharts: exemptionSchema(
      '{ object: "cert-manager", reason: "reviewed: ClusterIP Services only" }',
      "Charts that the pack does not know and that somebody has reviewed, each with its reason",
    ),
  },
  applies: (stack) => stack.some(({ kind }) => kind !== undefined),
  judge: (stack, { acceptedCharts }, coverage) => {
    const open = [...coverage.list(), ...blindSpots(stack, acceptedCharts)];
    if (open.length === 0) return HOLDS;
    const lines = open.map(
      ({ rule, path, reason }) => `  ${rule === undefined ? "" : `${rule}: `}${path}: ${reason}`,
    );
    const problem = {
      path: "",
      message: `${open.length} ${open.length === 1 ? "thing" : "things"} could not be judged`,
      remedy: `check by hand what matters of\n${[...new Set(lines)].join("\n")}`,
    };
    return { problems: [problem], unknowns: [] };
  },
});

type BlindSpot = OpenQuestion & { readonly rule?: string };

/** What no rule can see into, told by the resource alone. */
function blindSpots(stack: readonly Resource[], accepted: readonly Exemption[]): BlindSpot[] {
  const parents = new Set(stack.map(({ parentUrn }) => parentUrn));
  return stack.flatMap((resource) => {
    const reason = reasonOf(resource, parents.has(resource.urn), accepted);
    return reason === undefined ? [] : [{ path: resource.label, reason, urn: resource.urn }];
  });
}

function reasonOf(
  resource: Resource,
  hasChildren: boolean,
  accepted: readonly Exemption[],
): string | undefined {
  if (resource.type === "pulumi:providers:kubernetes") {
    return at(resource.tree, "kubeconfig") === UNKNOWN
      ? "Its kubeconfig is not known yet, so nothing was checked against the cluster"
      : undefined;
  }
  if (resource.isRelease) return releaseReason(resource, accepted);
  if (isGenerator(resource) && !hasChildren) return "It has no objects in this preview, so none was judged";
  return isForeignPolicy(resource) ? "No rule reads policies of this kind" : undefined;
}

function releaseReason(resource: Resource, accepted: readonly Exemption[]): string | undefined {
  const reference = asText(at(resource.tree, "chart"));
  if (reference === UNKNOWN) return undefined;
  const chart = chartName(reference ?? "");
  if (isKnownChart(chart) || isExempt(accepted, undefined, chart)) return undefined;
  return `Chart ${chart} is not known to the pack: of its objects only \`type: NodePort\` in the values is seen`;
}

/** Components whose children are the objects that they render. */
function isGenerator(resource: Resource): boolean {
  return (
    resource.is("helm.sh", "Chart") ||
    /^kubernetes:(yaml|yaml\/v2|kustomize|kustomize\/v2):(ConfigFile|ConfigGroup|Directory)$/.test(
      resource.type,
    )
  );
}

function isForeignPolicy(resource: Resource): boolean {
  return (
    resource.kind !== undefined &&
    ["projectcalico.org", "crd.projectcalico.org", "policy.networking.k8s.io"].includes(
      resource.kind.group,
    ) &&
    resource.kind.kind.endsWith("NetworkPolicy")
  );
}
