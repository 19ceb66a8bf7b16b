import type { TestResource } from "./harness.ts";

/** Objects of Kubernetes as a program declares them; `name` also names them in the program. */

type Extra = Partial<Omit<TestResource, "type" | "name">>;

function object(type: string, name: string, body: Record<string, unknown>, extra: Extra = {}): TestResource {
  const metadata = { name, ...(body.metadata as object | undefined) };
  return { type: `kubernetes:${type}`, name, ...extra, props: { ...body, metadata, ...extra.props } };
}

export const service = (
  name: string,
  spec: unknown,
  metadata: object = { namespace: "shop" },
  extra?: Extra,
) => object("core/v1:Service", name, { spec, metadata }, extra);

export const servicePatch = (name: string, spec: unknown) =>
  object("core/v1:ServicePatch", name, { spec, metadata: { namespace: "shop" } });

export const namespace = (name: string, metadata: object = {}, extra?: Extra) =>
  object("core/v1:Namespace", name, { metadata }, extra);

export const deployment = (name: string, metadata: object = { namespace: "shop" }, extra?: Extra) =>
  object("apps/v1:Deployment", name, { metadata }, extra);

export const configMap = (name: string, data: unknown, type = "ConfigMap") =>
  object(`core/v1:${type}`, name, { data, metadata: { namespace: "kube-system" } });

export const networkPolicy = (
  name: string,
  spec: unknown,
  metadata: object = { namespace: "shop" },
  extra?: Extra,
) => object("networking.k8s.io/v1:NetworkPolicy", name, { spec, metadata }, extra);

export const networkPolicyPatch = (name: string, spec: unknown) =>
  object("networking.k8s.io/v1:NetworkPolicyPatch", name, { spec, metadata: { namespace: "shop" } });

export const ciliumPolicy = (name: string, spec: unknown, metadata: object = { namespace: "shop" }) =>
  object("cilium.io/v2:CiliumNetworkPolicy", name, { spec, metadata });

export const clusterwidePolicy = (name: string, spec: unknown, metadata: object = {}) =>
  object("cilium.io/v2:CiliumClusterwideNetworkPolicy", name, { spec, metadata });

export const clusterNetworkPolicy = (name: string, spec: unknown) =>
  object("policy.networking.k8s.io/v1alpha2:ClusterNetworkPolicy", name, { spec });

export const release = (
  name: string,
  chart: unknown,
  values: unknown,
  props: Record<string, unknown> = {},
) => ({
  type: "kubernetes:helm.sh/v3:Release",
  name,
  props: { name, namespace: "shop", chart, values, ...props },
});

export const bucket: TestResource = {
  type: "aws:s3/bucket:Bucket",
  name: "bucket",
  props: { acl: "private" },
};
