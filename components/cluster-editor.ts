import { ClusterError } from "./cluster-error.ts";
import { connect } from "./cluster-connection.ts";
import { type ClusterReader, readerOf } from "./cluster-reader.ts";

/** Reads and changes objects of the cluster that the kubeconfig names. Bodies are as the API has them. */
export interface ClusterEditor extends ClusterReader {
  /** The objects of a namespace's collection that have these labels, whole: `a=b,c=d`. */
  select<T>(collection: string, labelSelector: string): Promise<readonly T[]>;
  /** @throws ClusterError when it is there already */
  create(collection: string, body: object): Promise<void>;
  /** Writes it whole, on the version that was read. */
  replace(path: string, body: object): Promise<void>;
  /** Lays a part over it; null takes a key away. Does nothing where there is no such object. */
  merge(path: string, part: object): Promise<void>;
  /** Says what these fields are to be (server-side apply); whatever else is set stays. */
  apply(path: string, body: object, options: { readonly force: boolean }): Promise<void>;
  /** Does nothing where there is no such object; what hangs on it goes in the background. */
  remove(path: string): Promise<void>;
}

/** Who wrote a field, in the words of the API server. */
const manager = "fieldManager=cluster-network";

/**
 * Opens the cluster that the kubeconfig names, to read and to write.
 * @param wanted - a context of the kubeconfig; default: its current one
 * @throws ClusterError when there is no kubeconfig or no such context, and from all else when the API server refuses
 */
export async function openEditor(wanted?: string): Promise<ClusterEditor> {
  const connection = await connect(wanted);
  const { ask, demand } = connection;
  return {
    ...readerOf(connection),
    select: async <T>(collection: string, labelSelector: string) => {
      const query = new URLSearchParams({ labelSelector }).toString();
      const { items } = await demand<{ items: T[] }>(`${collection}?${query}`);
      return items;
    },
    create: (collection, body) => demand(`${collection}?${manager}`, { method: "POST", body }),
    replace: (path, body) => demand(`${path}?${manager}`, { method: "PUT", body }),
    merge: async (path, body) => {
      const contentType = "application/merge-patch+json";
      await ask(`${path}?${manager}`, { method: "PATCH", body, contentType });
    },
    apply: (path, body, { force }) => {
      const contentType = "application/apply-patch+yaml";
      return demand(`${path}?${manager}&force=${force}`, { method: "PATCH", body, contentType });
    },
    remove: async (path) => {
      await ask(`${path}?propagationPolicy=Background`, { method: "DELETE" });
    },
  };
}

/**
 * Refuses to work on another cluster than the one that the stack was deployed to.
 * @param uid - UID of kube-system, recorded at the deployment
 */
export async function expectCluster(cluster: ClusterReader, uid: string | undefined): Promise<void> {
  const system = await cluster.get<{ metadata?: { uid?: string } }>("/api/v1/namespaces/kube-system");
  if (system?.metadata?.uid !== uid) throw anotherCluster(cluster.server);
}

/** The refusal to work on a cluster that is not the stack's. */
export const anotherCluster = (server: string): ClusterError =>
  new ClusterError({
    path: "KUBECONFIG",
    message: `${server} is not the cluster that this stack was deployed to`,
    remedy: "point KUBECONFIG or cluster.context at the stack's own cluster",
  });
