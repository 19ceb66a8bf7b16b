import { asText, at } from "../model/tree.ts";
import { bundledManifest, decodeBundle } from "../model/policies/bundle.ts";
import { bundledService, decodeServices } from "../model/services/bundle.ts";
import { readTree } from "./reader.ts";
import type { RawResource } from "./resource.ts";

const commandType = "command:local:Command";

/**
 * A stack's resources, and behind each command that applies a bundle the objects that it
 * applies, so that rules judge them like any other. They stand in the cluster of the Kubernetes provider
 * that names the same one.
 */
export function withBundled(resources: readonly RawResource[]): readonly RawResource[] {
  if (!resources.some(({ type }) => type === commandType)) return resources;
  return resources.flatMap((resource) => {
    const objects = bundledObjects(resource);
    if (objects.length === 0) return [resource];
    const provider = providerOf(resource, resources);
    return [resource, ...objects.map((object) => ({ ...object, provider }))];
  });
}

/** The objects that a resource applies besides itself: those of a bundle, for a command that applies one. */
export function bundledObjects({ type, urn, props }: RawResource): readonly RawResource[] {
  if (type !== commandType) return [];
  const text = asText(at(readTree(props), "stdin"));
  if (typeof text !== "string") return [];
  const object = (token: string, name: string, manifest: object): RawResource => ({
    type: `kubernetes:${token}`,
    name,
    urn,
    props: { ...manifest },
  });
  const services = decodeServices(text);
  if (services) {
    return services.services.map((service) =>
      object("core/v1:Service", service.name, bundledService(services, service)),
    );
  }
  const bundle = decodeBundle(text);
  if (!bundle) return [];
  return [
    ...bundle.createNamespaces.map((name) =>
      object("core/v1:Namespace", name, { metadata: { name, labels: bundle.labels } }),
    ),
    ...bundle.policies.map((policy) => {
      const manifest = bundledManifest(bundle, policy);
      return object(`${manifest.apiVersion}:${manifest.kind}`, policy.name, manifest);
    }),
  ];
}

/** The provider of the same cluster; without one, a provider that is only of the same command's cluster. */
function providerOf(command: RawResource, resources: readonly RawResource[]): RawResource["provider"] {
  const uid = at(readTree(command.props), "environment", "CLUSTER_UID");
  const provider = resources.find(
    (one) =>
      one.type.startsWith("kubernetes:") && at(readTree(one.provider?.props), "clusterIdentifier") === uid,
  )?.provider;
  return provider ?? { urn: `cluster ${String(uid)}`, props: { context: `cluster ${String(uid)}` } };
}
