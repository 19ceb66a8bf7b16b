import { judgeDefaultDeny, type IsolationPolicy } from "../../model/isolation/default-deny.ts";
import { clusterPolicyEffect } from "../../model/isolation/cluster-policy-effect.ts";
import { ciliumEffect, kubernetesEffect, type Effect } from "../../model/isolation/effects.ts";
import { at } from "../../model/tree.ts";
import { UNKNOWN, type Maybe, type Truth } from "../../model/verdict.ts";
import { clustersOf, type Cluster } from "../clusters.ts";
import { exemptionSchema, isExempt, type Exemption } from "../exemptions.ts";
import { declaredNames, namespacesOf, reachOf } from "../namespaces.ts";
import type { Resource } from "../resource.ts";
import { stackRule, type Findings } from "../rule.ts";

interface Config {
  exempt: readonly Exemption[];
  systemNamespaces: readonly string[];
}

export const npDeny = stackRule<Config>({
  id: "NP-DENY",
  title: "Every namespace denies traffic by default, in both directions",
  level: "mandatory",
  severity: "high",
  rationale: `Without a default-deny every pod may be reached by every other pod of the cluster, and may
send anywhere. Kubernetes has no switch for it: a pod is isolated, for ingress and for egress apart, as
soon as some policy selects it. So each namespace needs a policy that selects _every_ pod, also those
whose labels nobody has thought of yet. A policy for ingress alone leaves the way out open, by which data
is taken away.`,
  predicate: `Of every namespace that the stack declares (Namespace, NamespacePatch) or uses (workloads,
Services, Helm releases), for ingress and for egress each:

1. At least one policy selects every pod and isolates for that direction:
   - a NetworkPolicy with an empty \`podSelector\` whose _effective_ \`policyTypes\` hold the direction
     (without explicit ones: Ingress, and Egress only if there are egress rules), or
   - a CiliumNetworkPolicy, or a CiliumClusterwideNetworkPolicy, whose \`endpointSelector\` is empty or asks
     for nothing but the namespace's name or labels, with at least one entry, even \`{}\`, under
     \`ingress\` or \`ingressDeny\` (\`egress\`, \`egressDeny\`), and \`enableDefaultDeny\` not false, or
   - for egress, a ClusterNetworkPolicy whose subject are all pods of the namespace, with a rule that denies
     \`networks\` 0.0.0.0/0 and ::/0 on every port, and none before it that accepts or passes all of them.
     For ingress none is enough: its peers are pods, so it cannot deny what comes from outside of the cluster.
2. None of the policies that select every pod allows everything in that direction: a rule \`{}\` of a
   NetworkPolicy, the entity \`all\` on all ports of a Cilium policy, a rule of
   the tier Admin that accepts all of it. Policies add up, so it would undo 1.

A policy that allows some traffic to every pod isolates, too. Policies that select only some pods do not
count, nor does a policy in another cluster of the same stack.

Policies that come in bundles (\`policies.delivery: bundles\`) count like those that are resources.

Not seen: policies of other stacks, policies inside Helm releases, Calico's own policies and
(Baseline)AdminNetworkPolicies; exempt a namespace that they protect.`,
  remedy: `Add a policy that selects every pod and allows nothing, together with one policy for each flow
that shall pass (both of its sides: egress where it starts, ingress where it ends) and with DNS by UDP and
TCP:

\`\`\`yaml
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny-all
  namespace: shop
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
\`\`\``,
  controls: [
    {
      framework: "CIS Kubernetes",
      version: "1.9",
      reference: "5.3.2",
      asks: "All namespaces have network policies",
    },
    {
      framework: "PCI DSS",
      version: "4.0.1",
      reference: "1.3.1",
      asks: "Inbound traffic is restricted to what is necessary; all other traffic is denied",
    },
    {
      framework: "PCI DSS",
      version: "4.0.1",
      reference: "1.3.2",
      asks: "Outbound traffic is restricted to what is necessary; all other traffic is denied",
    },
    {
      framework: "PCI DSS",
      version: "4.0.1",
      reference: "1.4.4",
      asks: "Systems that store cardholder data cannot be reached directly from untrusted networks",
    },
    {
      framework: "NSA/CISA",
      version: "1.2",
      reference: "Network separation",
      asks: "A default policy denies all ingress and egress traffic",
    },
  ],
  config: {
    exempt: exemptionSchema('{ object: "legacy-*", reason: "isolated by Calico\'s global policies" }'),
    systemNamespaces: {
      description:
        "Namespaces that need no default-deny: Kubernetes' own, and that of Calico's operator, whose pods are all on the host's network, where no policy selects them",
      type: "array",
      items: { type: "string" },
      // The chart's operator and its uninstall hook both say hostNetwork: true; a user's pods belong elsewhere.
      default: ["kube-system", "kube-public", "kube-node-lease", "tigera-operator"],
    },
  },
  applies: (stack) => stack.some(({ kind }) => kind !== undefined),
  judge: (stack, config) => {
    const findings = clustersOf(stack).map((cluster) => judgeCluster(cluster, config));
    return {
      problems: findings.flatMap(({ problems }) => problems),
      unknowns: findings.flatMap(({ unknowns }) => unknowns),
    };
  },
});

function judgeCluster({ resources, perhaps }: Cluster, { exempt, systemNamespaces }: Config): Findings {
  const { named, unnamed } = namespacesOf(resources);
  const judged = named.filter(
    ({ name }) => !systemNamespaces.includes(name) && !isExempt(exempt, undefined, name),
  );
  const policies = [...policiesOf(resources), ...policiesOf(perhaps).map(inDoubt)];
  const { problems, unknowns } = judgeDefaultDeny(judged, policies);
  const urns = new Map(judged.map(({ where, urn }) => [where, urn]));
  return {
    problems: problems.map((problem) => ({ ...problem, urn: urns.get(problem.path) })),
    unknowns: [
      ...unknowns.map((doubt) => ({ ...doubt, urn: urns.get(doubt.path) })),
      ...unnamed.map(({ label, urn }) => ({
        path: label,
        urn,
        reason: "The name of its namespace is not known yet, so neither is whether that denies by default",
      })),
    ],
  };
}

function policiesOf(resources: readonly Resource[]): IsolationPolicy[] {
  const declared = declaredNames(resources);
  return resources.flatMap((resource): IsolationPolicy[] => {
    const { label: where, kind } = resource;
    const isFragment = kind?.patch ?? false;
    if (resource.is("networking.k8s.io", "NetworkPolicy") || resource.is("extensions", "NetworkPolicy")) {
      const spec = at(resource.tree, "spec");
      const effect: IsolationPolicy["effect"] = (direction) => kubernetesEffect(spec, direction, isFragment);
      return [{ where, reach: reachOf(resource, declared), effect }];
    }
    const effect: IsolationPolicy["effect"] = (direction, namespace) =>
      ciliumEffect(resource.tree, direction, namespace, isFragment);
    if (resource.is("policy.networking.k8s.io", "ClusterNetworkPolicy")) {
      const spec = at(resource.tree, "spec");
      return [
        {
          where,
          reach: { kind: "cluster" },
          effect: (direction, namespace) => clusterPolicyEffect(spec, direction, namespace, isFragment),
        },
      ];
    }
    if (resource.is("cilium.io", "CiliumNetworkPolicy")) {
      return [{ where, reach: reachOf(resource, declared), effect }];
    }
    return resource.is("cilium.io", "CiliumClusterwideNetworkPolicy")
      ? [{ where, reach: { kind: "cluster" }, effect }]
      : [];
  });
}

/** A policy of a provider that may mean this cluster, or another one. */
function inDoubt(policy: IsolationPolicy): IsolationPolicy {
  const weaken = (truth: Truth): Maybe<false> => (truth === false ? false : UNKNOWN);
  return {
    ...policy,
    effect: (direction, namespace): Effect => {
      const { isolates, opens } = policy.effect(direction, namespace);
      return { isolates: weaken(isolates), opens: weaken(opens) };
    },
  };
}
