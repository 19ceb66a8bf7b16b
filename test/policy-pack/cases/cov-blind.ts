import { unknown } from "../harness.ts";
import { bucket, configMap, release, service } from "../objects.ts";
import type { RuleCase } from "./rule-case.ts";

const object = (type: string, name: string, extra: object = {}) => ({ type, name, props: {}, ...extra });
const chart = object("kubernetes:helm.sh/v4:Chart", "ingress");

export const covBlindCases: readonly RuleCase[] = [
  {
    kind: "pass",
    title: "a stack that is known through and through",
    resources: [
      service("web", { type: "NodePort" }),
      release("cilium", "cilium", {}),
      chart,
      { ...service("child", {}), parent: "ingress" },
    ],
  },
  {
    kind: "pass",
    title: "a chart that somebody has reviewed",
    resources: [release("certs", "cert-manager", {})],
    config: { acceptedCharts: [{ object: "cert-manager", reason: "reviewed: ClusterIP Services only" }] },
  },
  {
    kind: "fail",
    title: "a chart that the pack does not know",
    resources: [release("certs", "cert-manager", {})],
    says: [
      /^1 thing could not be judged[^]*Release shop\/certs: Chart cert-manager is not known to the pack/,
    ],
  },
  {
    kind: "fail",
    title: "a chart that renders nothing yet, and policies of Calico",
    resources: [chart, object("kubernetes:crd.projectcalico.org/v1:GlobalNetworkPolicy", "deny")],
    says: [
      /^2 things could not be judged[^]*no objects in this preview[^]*No rule reads policies of this kind/,
    ],
  },
  {
    kind: "unknown",
    title: "what other rules could not judge",
    resources: [service("web", { type: unknown }), configMap("coredns", { Corefile: unknown })],
    says: [
      /SVC-NODEPORT: Service shop\/web: `spec.type`[^]*DNS-CACHE: ConfigMap kube-system\/coredns: `data.Corefile`/,
    ],
    open: [/spec.type/, /Corefile/],
  },
  {
    kind: "unknown",
    title: "a cluster that does not exist yet",
    resources: [
      { type: "pulumi:providers:kubernetes", name: "new", props: { kubeconfig: unknown } },
      configMap("app", {}),
    ],
    says: [/pulumi:providers:kubernetes "new": Its kubeconfig is not known yet/],
  },
  { kind: "not-applicable", title: "a stack without Kubernetes", resources: [bucket] },
];
