import type { V1Service } from "@kubernetes/client-node";
import type { ClusterReader, ListedObject } from "../components/cluster-reader.ts";
import { listObjects, serviceKinds } from "../components/policy-bundles/list-objects.ts";
import { type LiveCluster, stackLabel } from "../model/live.ts";
import { bundleLabel } from "../model/policies/bundle.ts";
import type { LiveService } from "../model/services/existing.ts";
import type { PlannedService } from "../model/services/planned.ts";
import type { Settings } from "../model/settings.ts";

/** From so many namespaces on, one long list costs less than a short one of each. */
const manyNamespaces = 10;

/**
 * Services that have the name of a planned one, and with their contents those in bundles. Lists tell names
 * and labels alone, and only what is not this stack's is read in full, so a stack that is deployed reads
 * none; with bundles, one list of all is read with its contents.
 * @param stack - `<project>.<stack>`, the value of the stack label
 */
export async function readServices(
  cluster: ClusterReader,
  planned: readonly Pick<PlannedService, "namespace" | "name">[],
  { policies: { delivery } }: Pick<Settings, "policies">,
  stack: string,
): Promise<Pick<LiveCluster, "services" | "bundledServices">> {
  if (planned.length === 0) return { services: [] };
  const wanted = new Set(planned.map(({ namespace, name }) => `${namespace}/${name}`));
  const isNamed = ({ metadata }: ListedObject): boolean =>
    wanted.has(`${metadata?.namespace}/${metadata?.name}`);
  const get: ClusterReader["get"] = (path) => cluster.get(path);
  if (delivery === "bundles") {
    const { items, revision } = await listObjects(get, serviceKinds);
    return {
      services: items.filter(isNamed).map((one) => liveService(one as V1Service)),
      bundledServices: { items: items.filter((one) => isBundled(one, stack)), revision },
    };
  }
  const namespaces = [...new Set(planned.map(({ namespace }) => namespace))];
  const lists = await Promise.all(
    namespaces.length > manyNamespaces
      ? [cluster.list("/api/v1/services")]
      : namespaces.map((namespace) => cluster.list(`/api/v1/namespaces/${namespace}/services`)),
  );
  const named = lists.flat().filter(isNamed);
  const read = await Promise.all(named.map((one) => readService(cluster, one, stack)));
  // They stay in their bundles when the delivery changes.
  const bundledServices = named.some((one) => isBundled(one, stack))
    ? await listObjects(get, serviceKinds, `${stackLabel}=${stack},${bundleLabel}`)
    : undefined;
  return { services: read.filter((service) => service !== undefined), bundledServices };
}

const isBundled = ({ metadata }: ListedObject, stack: string): boolean =>
  metadata?.labels?.[stackLabel] === stack && Boolean(metadata.labels[bundleLabel]);

async function readService(
  cluster: ClusterReader,
  listed: ListedObject,
  stack: string,
): Promise<LiveService | undefined> {
  const { metadata } = listed;
  if (metadata?.labels?.[stackLabel] === stack) return liveService(listed);
  const path = `/api/v1/namespaces/${metadata?.namespace}/services/${metadata?.name}`;
  // Gone since it was listed: then there is none.
  const found = await cluster.get<V1Service>(path);
  return found && liveService(found);
}

function liveService({ metadata, spec }: V1Service): LiveService {
  return {
    namespace: metadata?.namespace,
    name: metadata?.name ?? "",
    labels: metadata?.labels ?? {},
    ...(spec && {
      type: spec.type,
      headless: spec.clusterIP === "None",
      selector: spec.selector,
      ports: spec.ports?.map(({ port, targetPort, protocol }) => ({ port, targetPort, protocol })),
    }),
  };
}
