import type { V1Pod } from "@kubernetes/client-node";
import type { ClusterReader } from "../components/cluster-reader.ts";
import { type LivePod, ownerOf } from "../model/live-pods.ts";
import type { Protocol } from "../model/policies/flow.ts";

/** Up to so many namespaces are asked one by one; of more, all pods of the cluster are looked through. */
const fewNamespaces = 20;
const pageSize = 500;

interface PodList {
  readonly items: readonly V1Pod[] | null;
  readonly metadata?: { readonly continue?: string };
}

/** Reads the pods of namespaces, page by page: they are many and long, and only what is looked at is kept. */
export async function readPods(
  cluster: Pick<ClusterReader, "get">,
  namespaces: readonly string[],
): Promise<LivePod[]> {
  if (namespaces.length === 0) return [];
  if (namespaces.length > fewNamespaces) {
    const wanted = new Set(namespaces);
    return (await readAll(cluster, "/api/v1/pods")).filter(({ namespace }) => wanted.has(namespace));
  }
  const found = await Promise.all(
    namespaces.map((name) => readAll(cluster, `/api/v1/namespaces/${name}/pods`)),
  );
  return found.flat();
}

async function readAll(cluster: Pick<ClusterReader, "get">, path: string): Promise<LivePod[]> {
  const running = encodeURIComponent("status.phase!=Succeeded,status.phase!=Failed");
  const pods: LivePod[] = [];
  let next = "";
  do {
    const page = await cluster.get<PodList>(
      `${path}?fieldSelector=${running}&limit=${pageSize}${next && `&continue=${encodeURIComponent(next)}`}`,
    );
    pods.push(...(page?.items ?? []).filter(stays).map(livePod));
    next = page?.metadata?.continue ?? "";
  } while (next !== "");
  return pods;
}

const stays = ({ metadata }: V1Pod): boolean => metadata?.deletionTimestamp === undefined;

function livePod({ metadata, spec, status }: V1Pod): LivePod {
  const sidecars = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always");
  return {
    namespace: metadata?.namespace ?? "",
    name: metadata?.name ?? "",
    labels: metadata?.labels ?? {},
    owner: ownerOf(metadata ?? {}),
    serviceAccount: spec?.serviceAccountName,
    hostNetwork: spec?.hostNetwork === true,
    ports: [...sidecars, ...(spec?.containers ?? [])].flatMap(({ ports = [] }) =>
      ports.map(({ name, containerPort, protocol = "TCP" }) => ({
        name,
        port: containerPort,
        protocol: protocol as Protocol,
      })),
    ),
    addresses: (status?.podIPs ?? []).map(({ ip }) => ip),
  };
}
