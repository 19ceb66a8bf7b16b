import { unknown } from "../harness.ts";
import { bucket, configMap, release, service, servicePatch } from "../objects.ts";
import type { RuleCase } from "./rule-case.ts";

const PORTS = [{ port: 80 }];
const LB = { type: "LoadBalancer", allocateLoadBalancerNodePorts: false, ports: PORTS };

export const svcNodePortCases: readonly RuleCase[] = [
  { kind: "pass", title: "a ClusterIP", resources: [service("web", { ports: PORTS })] },
  { kind: "pass", title: "a LoadBalancer without node ports", resources: [service("web", LB)] },
  {
    kind: "pass",
    title: "an exempt Service",
    resources: [service("web", { type: "NodePort" })],
    config: { exempt: [{ object: "shop/w*", reason: "measured for a week" }] },
  },
  {
    kind: "pass",
    title: "a patch of something else",
    resources: [servicePatch("web", { selector: { app: "web" } })],
  },
  {
    kind: "pass",
    title: "Cilium with Hubble",
    resources: [release("cilium", "cilium", { hubble: { relay: { enabled: true } } })],
  },
  {
    kind: "fail",
    title: "type NodePort",
    resources: [service("web", { type: "NodePort", ports: PORTS })],
    says: [/^Service shop\/web: `spec.type: NodePort` opens a port on every node: use `type: ClusterIP`/],
    at: ["web"],
  },
  {
    kind: "fail",
    title: "a Service as custom resource",
    resources: [{ ...service("web", { type: "NodePort" }), type: "kubernetes:v1:Service" }],
    says: [/spec.type: NodePort/],
  },
  {
    kind: "fail",
    title: "a LoadBalancer by default",
    resources: [service("web", { type: "LoadBalancer" })],
    says: [/allocateLoadBalancerNodePorts/],
  },
  {
    kind: "fail",
    title: "a patch that makes a NodePort of a Service",
    resources: [servicePatch("web", { type: "NodePort" })],
    says: [/^ServicePatch shop\/web/],
  },
  {
    kind: "fail",
    title: "an exempt namespace that is another one",
    resources: [service("web", { type: "NodePort" })],
    config: { exempt: [{ object: "ingress/*", reason: "the cloud's load balancer" }] },
    says: [/NodePort/],
  },
  {
    kind: "fail",
    title: "a release with the chart's default",
    resources: [release("web", "oci://registry.example.com/ingress-nginx", {})],
    says: [/^Release shop\/web, the controller's Service: `values.controller.service.type: LoadBalancer`/],
  },
  {
    kind: "fail",
    title: "a node port beside one that is not known",
    resources: [service("web", { ports: [{ nodePort: unknown }, { nodePort: 30080 }] })],
    says: [/ports\[1\].nodePort: 30080/],
    open: [/ports\[0\]/],
  },
  {
    kind: "fail",
    title: "a node port of a Service whose name is not known, though its exemption might match",
    resources: [service("web", { type: "NodePort" }, { name: unknown, namespace: "shop" })],
    config: { exempt: [{ object: "shop/*", reason: "measured for a week" }] },
    says: [/^Service "web": `spec.type: NodePort`/],
  },
  {
    kind: "unknown",
    title: "an unknown type",
    resources: [service("web", { type: unknown, ports: PORTS })],
    open: [/^Service shop\/web: `spec.type` is not known yet/],
  },
  {
    kind: "unknown",
    title: "an unknown spec",
    resources: [service("web", unknown)],
    open: [/spec.type/, /ports are not known/, /healthCheckNodePort/],
  },
  {
    kind: "unknown",
    title: "an unknown chart and unknown values",
    resources: [release("a", unknown, {}), release("b", "cilium", unknown)],
    open: [/chart is not known/, /values are not known/],
  },
  {
    kind: "unknown",
    title: "a release of which the provider leaves unknown values out",
    resources: [release("a", "ingress-nginx", {}, { version: "", status: unknown })],
    open: [/^Release shop\/a: Some inputs of the release are not known yet/],
  },
  { kind: "not-applicable", title: "other resources", resources: [bucket, configMap("app", {})] },
];
