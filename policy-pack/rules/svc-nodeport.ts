import { chartName, judgeChart } from "../../model/chart-services.ts";
import { judgeServiceSpec, type NodePortOptions } from "../../model/service-ports.ts";
import { asText, at } from "../../model/tree.ts";
import { HOLDS, UNKNOWN } from "../../model/verdict.ts";
import { exemptionSchema, isExempt, type Exemption } from "../exemptions.ts";
import type { Resource } from "../resource.ts";
import { resourceRule, type Findings } from "../rule.ts";

interface Config extends Required<NodePortOptions> {
  exempt: readonly Exemption[];
}

export const svcNodePort = resourceRule<Config>({
  id: "SVC-NODEPORT",
  title: "No Service opens a port on the nodes",
  level: "mandatory",
  severity: "high",
  rationale: `A node port listens on every address of every node, past the Ingress, its TLS and its rate
limits. Source ranges of a load balancer do not cover it, and anybody who reaches a node reaches the
Service. A Service of type LoadBalancer opens one for each of its ports, too, unless it says otherwise:
few people who write \`type: LoadBalancer\` know.`,
  predicate: `Broken by a Service, or a patch of one, with

- \`type: NodePort\`,
- a \`nodePort\` on any of its ports, whatever its type,
- \`type: LoadBalancer\` without \`allocateLoadBalancerNodePorts: false\` (Kubernetes' default is true),
- a \`healthCheckNodePort\`, or \`externalTrafficPolicy: Local\` on a LoadBalancer, which allocates one in
  any case; \`allowHealthCheckPorts\` accepts these;

and by a Helm release (\`helm.sh/v3:Release\`) whose values and chart defaults make such a Service: exactly
for the charts cilium, ingress-nginx, traefik, kube-prometheus-stack, coredns and tigera-operator; for
other charts where the values say \`type: NodePort\`. Objects of \`helm.sh/v4:Chart\`, ConfigGroup and
ConfigFile are judged one by one.

Not seen: Services that controllers make at run time, such as those of Gateways, and the defaults of
other charts; COV-BLIND lists these charts. A value of a release that is not known in the preview is left
out by the provider. The rule sees that where the release's \`version\` is not written; where it is, the
preview takes such a value for the chart's default, and the update judges it anew.`,
  remedy: `Use \`type: ClusterIP\` behind an Ingress or a Gateway. Where a load balancer reaches pods
directly (IP targets, BGP, Cilium's LB IPAM), keep \`type: LoadBalancer\` and set
\`allocateLoadBalancerNodePorts: false\`. Where it sends to nodes, exempt the Service with the reason.`,
  controls: [
    {
      framework: "PCI DSS",
      version: "4.0.1",
      reference: "1.2.5",
      asks: "All services, protocols and ports that are allowed are identified, approved and have a business need",
    },
    {
      framework: "PCI DSS",
      version: "4.0.1",
      reference: "1.3.1",
      asks: "Inbound traffic is restricted to what is necessary",
    },
  ],
  config: {
    exempt: exemptionSchema('{ object: "ingress/*", reason: "the cloud\'s load balancer sends to nodes" }'),
    allowHealthCheckPorts: {
      description: "Accept the port on which nodes answer health checks of load balancers",
      type: "boolean",
      default: false,
    },
  },
  applies: (resource) => resource.is("", "Service") || resource.isRelease,
  judge: (resource, config) => {
    if (isExempt(config.exempt, resource.namespace, resource.objectName)) return HOLDS;
    return resource.isRelease ? judgeRelease(resource, config) : judgeService(resource, config);
  },
});

function judgeService(resource: Resource, config: Config): Findings {
  return judgeServiceSpec(resource.label, at(resource.tree, "spec"), resource.kind?.patch ?? false, config);
}

function judgeRelease(resource: Resource, config: Config): Findings {
  const chart = asText(at(resource.tree, "chart"));
  const version = asText(at(resource.tree, "version"));
  if (chart === UNKNOWN) {
    return {
      problems: [],
      unknowns: [{ path: resource.label, reason: "The release's chart is not known yet" }],
    };
  }
  return judgeChart(
    {
      where: resource.label,
      chart: chartName(chart ?? ""),
      version: version === UNKNOWN ? undefined : version,
      values: at(resource.tree, "values"),
      // The provider fills in the chart's version once it knows all inputs; until then it
      // leaves unknown values out.
      isPartial: version === "",
    },
    config,
  );
}
