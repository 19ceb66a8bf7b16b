import { z } from "zod";
import { dnsLabel, podLabels } from "./settings-primitives.ts";

/** Pods that a keyword of the flows stands for. */
const pods = (namespace: string, name: string) =>
  z
    .strictObject({
      namespace: dnsLabel.default(namespace).describe("Namespace they run in"),
      labels: podLabels.default({ "app.kubernetes.io/name": name }).describe("Labels that select them"),
    })
    .prefault({});

/** How flows become policies. */
export const policies = z.strictObject({
  dialect: z
    .enum(["kubernetes", "cilium"])
    .default("kubernetes")
    .describe(
      "Objects that policies are written as: NetworkPolicy, and Cilium's only where a flow needs them; or all as CiliumNetworkPolicy",
    ),
  baseline: z
    .enum(["namespaces", "cluster-wide", "cluster-network-policy"])
    .default("namespaces")
    .describe(
      "What denies by default and allows DNS: policies in each namespace, one CiliumClusterwideNetworkPolicy for all of them, or one ClusterNetworkPolicy (experimental: the API must serve it)",
    ),
  systemNamespaces: z
    .boolean()
    .default(false)
    .describe("Default-deny in kube-system, too, with allowances for what runs there"),
  delivery: z
    .enum(["resources", "bundles"])
    .default("resources")
    .describe(
      "One resource for each policy and Service, or many of them in each resource: quicker with hundreds of namespaces",
    ),
  auditWholeCluster: z
    .boolean()
    .default(false)
    .describe(
      "Consent to an audit beside namespaces that are to be enforced, for Cilium's audit is the whole cluster's: no policy denies anything meanwhile",
    ),
  ingressController: pods("ingress-nginx", "ingress-nginx").describe(
    "Pods that flows name ingress-controller; not used where Cilium serves Ingress or Gateway API",
  ),
  monitoring: pods("monitoring", "prometheus").describe("Pods that flows name monitoring"),
});
