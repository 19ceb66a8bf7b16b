import { readFileSync } from "node:fs";
import type { V1CustomResourceDefinition, V1JSONSchemaProps } from "@kubernetes/client-node";

/** The definition of ClusterNetworkPolicy as sigs.k8s.io/network-policy-api has it, but for its descriptions. */
export function clusterPolicyCrd(): V1CustomResourceDefinition {
  const { spec } = JSON.parse(
    readFileSync("test/fixtures/cluster-network-policy/spec.schema.json", "utf8"),
  ) as { spec: V1JSONSchemaProps };
  const [group, plural] = ["policy.networking.k8s.io", "clusternetworkpolicies"];
  const openAPIV3Schema = { type: "object", properties: { spec }, required: ["spec"] };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: `${plural}.${group}`,
      // The API server asks for it where the group is Kubernetes' own.
      annotations: {
        "api-approved.kubernetes.io": "https://github.com/kubernetes-sigs/network-policy-api/pull/347",
      },
    },
    spec: {
      group,
      names: { kind: "ClusterNetworkPolicy", plural, singular: "clusternetworkpolicy" },
      scope: "Cluster",
      versions: [{ name: "v1alpha2", served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  };
}
