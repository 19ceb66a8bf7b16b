import type { V1Service } from "@kubernetes/client-node";
import type { ClusterReader, ListedObject } from "../components/cluster-reader.ts";
import { stackLabel } from "../model/live.ts";
import type { LiveService } from "../model/services/existing.ts";
import type { PlannedService } from "../model/services/planned.ts";

/** From so many namespaces on, one long list costs less than a short one of each. */
const manyNamespaces = 10;

/**
 * Services that have the name of a planned one: lists tell names and labels alone, and only what is not
 * this stack's is read in full, so a stack that is deployed reads none.
 * @param stack - `<project>.<stack>`, the value of the stack label
 */
export async function readServices(
  cluster: ClusterReader,
  planned: readonly Pick<PlannedService, "namespace" | "name">[],
  stack: string,
): Promise<LiveService[]> {
  const namespaces = [...new Set(planned.map(({ namespace }) => namespace))];
  const lists = await Promise.all(
    namespaces.length > manyNamespaces
      ? [cluster.list("/api/v1/services")]
      : namespaces.map((namespace) => cluster.list(`/api/v1/namespaces/${namespace}/services`)),
  );
  const wanted = new Set(planned.map(({ namespace, name }) => `${namespace}/${name}`));
  const named = lists.flat().filter(({ metadata }) => wanted.has(`${metadata?.namespace}/${metadata?.name}`));
  const read = await Promise.all(named.map((one) => readService(cluster, one, stack)));
  return read.filter((service) => service !== undefined);
}

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
