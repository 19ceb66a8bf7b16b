import type { V1ObjectMeta } from "@kubernetes/client-node";
import { type ClusterConnection, connect } from "./cluster-connection.ts";

/** Reads objects of the cluster that the kubeconfig names. */
export interface ClusterReader {
  /** URL of the API server. */
  readonly server: string;
  /** The object at a path of the API; undefined where there is none. */
  get<T>(path: string): Promise<T | undefined>;
  /** Names, labels and annotations of the objects at a path; their contents are not read. */
  list(path: string): Promise<readonly ListedObject[]>;
}

export interface ListedObject {
  readonly metadata?: V1ObjectMeta;
}

const metadataOnly = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

/**
 * Opens the cluster for reading.
 * @param wanted - a context of the kubeconfig; default: its current one
 * @throws ClusterError when there is no kubeconfig, no such context, and from `get` when there is no answer
 */
export async function openReader(wanted?: string): Promise<ClusterReader> {
  return readerOf(await connect(wanted));
}

export function readerOf({ server, ask, demand }: ClusterConnection): ClusterReader {
  return {
    server,
    get: (path) => ask(path),
    list: async (path) => {
      const { items } = await demand<{ items: ListedObject[] | null }>(path, { accept: metadataOnly });
      // An empty list of metadata is written as null.
      return items ?? [];
    },
  };
}
