import { unknown } from "../harness.ts";
import {
  bucket,
  ciliumPolicy,
  clusterNetworkPolicy,
  clusterwidePolicy,
  deployment,
  namespace,
  networkPolicy,
  networkPolicyPatch,
  release,
  service,
} from "../objects.ts";
import { clusterPolicySpec } from "../../../model/policies/cluster-network-policy.ts";
import type { RuleCase } from "./rule-case.ts";

const BOTH = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
const IN = { podSelector: {}, policyTypes: ["Ingress"] };
const OUT = { podSelector: {}, policyTypes: ["Egress"] };
const CILIUM = { endpointSelector: {}, ingress: [{}], egress: [{}] };
const provider = (name: string, kubeconfig: unknown) => ({ provider: { name, props: { kubeconfig } } });
const LACKS_BOTH = /^Namespace shop.*: No policy denies ingress and egress by default/;

export const npDenyCases: readonly RuleCase[] = [
  { kind: "pass", title: "a default-deny", resources: [namespace("shop"), networkPolicy("deny", BOTH)] },
  {
    kind: "pass",
    title: "one policy for each direction, one of them Cilium's",
    resources: [
      namespace("shop"),
      networkPolicy("in", IN),
      ciliumPolicy("out", { endpointSelector: {}, egressDeny: [{}] }),
    ],
  },
  {
    kind: "pass",
    title: "Cilium's default-deny",
    resources: [deployment("web"), ciliumPolicy("deny", CILIUM)],
  },
  {
    kind: "pass",
    title:
      "a clusterwide policy that leaves out other namespaces, and stands in one by the provider's default",
    resources: [
      namespace("shop"),
      clusterwidePolicy(
        "deny",
        {
          ...CILIUM,
          endpointSelector: {
            matchExpressions: [
              { key: "k8s:io.kubernetes.pod.namespace", operator: "NotIn", values: ["kube-system"] },
            ],
          },
        },
        { namespace: "default" },
      ),
    ],
  },
  {
    kind: "pass",
    title: "a ClusterNetworkPolicy for egress and a NetworkPolicy for ingress",
    resources: [
      namespace("shop"),
      networkPolicy("in", IN),
      clusterNetworkPolicy("out", clusterPolicySpec(["shop"], [])),
    ],
  },
  {
    kind: "pass",
    title: "namespaces of Kubernetes itself",
    resources: [deployment("dns", { namespace: "kube-system" })],
  },
  {
    kind: "pass",
    title: "the namespace of Calico's operator, which works on the host's network",
    resources: [
      namespace("tigera-operator"),
      release("calico", "tigera-operator", {}, { namespace: "tigera-operator" }),
    ],
  },
  {
    kind: "pass",
    title: "an exempt namespace",
    resources: [namespace("legacy-erp")],
    config: { exempt: [{ object: "legacy-*", reason: "isolated by Calico's global policies" }] },
  },
  {
    kind: "pass",
    title: "policies of another provider for the same cluster",
    resources: [
      namespace("shop", {}, provider("a", "kubeconfig")),
      networkPolicy("deny", BOTH, undefined, provider("b", "kubeconfig")),
    ],
  },
  { kind: "fail", title: "no policy", resources: [namespace("shop")], says: [LACKS_BOTH], at: ["shop"] },
  {
    kind: "fail",
    title: "a policy for ingress alone, with the policy that mends it",
    resources: [namespace("shop"), networkPolicy("deny", IN)],
    says: [
      /denies egress by default.*NetworkPolicy shop\/deny isolates for ingress only[^]*policyTypes: \[Egress\]$/,
    ],
  },
  {
    kind: "fail",
    title: "a ClusterNetworkPolicy alone, which cannot deny what comes from outside",
    resources: [namespace("shop"), clusterNetworkPolicy("out", clusterPolicySpec(["shop"], []))],
    says: [/denies ingress by default.*out isolates for egress only/],
  },
  {
    kind: "fail",
    title: "a namespace that is only used",
    resources: [service("web", {})],
    says: [/^Namespace shop \(used by Service shop\/web\): No policy/],
    at: ["web"],
  },
  {
    kind: "fail",
    title: "the namespace of a release, and the default one",
    resources: [release("a", "cert-manager", {}, { namespace: "certs" }), deployment("b", {})],
    says: [/^Namespace certs /, /^Namespace default /],
  },
  {
    kind: "fail",
    title: "a policy that selects some pods, and one with default-deny switched off",
    resources: [
      namespace("shop"),
      networkPolicy("web", { ...BOTH, podSelector: { matchLabels: { app: "web" } } }),
      ciliumPolicy("all", { ...CILIUM, enableDefaultDeny: { ingress: false, egress: false } }),
    ],
    says: [LACKS_BOTH],
  },
  {
    kind: "fail",
    title: "a policy that allows everything",
    resources: [
      namespace("shop"),
      networkPolicy("deny", BOTH),
      networkPolicy("open", { ...OUT, egress: [{}] }),
    ],
    says: [/NetworkPolicy shop\/open allows every pod all egress to everywhere/],
  },
  {
    kind: "fail",
    title: "a namespace of the same name in another cluster",
    resources: [
      namespace("shop", {}, provider("a", "cluster a")),
      networkPolicy("deny", BOTH, undefined, provider("b", "cluster b")),
    ],
    says: [LACKS_BOTH],
  },
  {
    kind: "fail",
    title: "a namespace beside one whose name is not known",
    resources: [namespace("hidden", { name: unknown }), namespace("shop")],
    says: [LACKS_BOTH],
    open: [/^Namespace "hidden": The name of its namespace is not known yet/],
  },
  {
    kind: "fail",
    title: "two namespaces and one policy, nobody knows of which",
    resources: [namespace("shop"), namespace("bank"), networkPolicy("deny", BOTH, { namespace: unknown })],
    says: [/^Namespaces shop, bank: At least 1 of them lack .* ingress/, /At least 1 of them lack .* egress/],
  },
  {
    kind: "unknown",
    title: "an unknown selector",
    resources: [namespace("shop"), networkPolicy("deny", { ...BOTH, podSelector: unknown })],
    open: [
      /^Namespace shop: Whether it denies ingress by default depends on NetworkPolicy shop\/deny/,
      /egress/,
    ],
  },
  {
    kind: "unknown",
    title:
      "a policy in the namespace that it takes from a Namespace, of which the provider makes its default",
    resources: [
      namespace("shop"),
      networkPolicy("deny", BOTH, { namespace: "default" }, { dependencies: { metadata: ["shop"] } }),
      networkPolicy("other", { podSelector: unknown }, { namespace: "bank" }),
    ],
    open: [/^Namespace shop: .*ingress/, /^Namespace shop: .*egress/],
  },
  {
    kind: "unknown",
    title: "a patch, whose rules stand in the cluster",
    resources: [namespace("shop"), networkPolicyPatch("deny", { ...BOTH, egress: unknown })],
    open: [/ingress by default depends on NetworkPolicyPatch shop\/deny/, /egress by default depends/],
  },
  {
    kind: "unknown",
    title: "a provider that may mean another cluster",
    resources: [
      namespace("shop", {}, provider("a", unknown)),
      networkPolicy("deny", BOTH, undefined, provider("b", unknown)),
    ],
    open: [/ingress/, /egress/],
  },
  {
    kind: "unknown",
    title: "a workload whose namespace is not known",
    resources: [deployment("web", { namespace: unknown })],
    open: [/^Deployment web: The name of its namespace/],
  },
  { kind: "not-applicable", title: "a stack without Kubernetes", resources: [bucket] },
];
