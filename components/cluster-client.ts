import type {
  ApiextensionsV1Api,
  AppsV1Api,
  BatchV1Api,
  CoreV1Api,
  CustomObjectsApi,
  NetworkingV1Api,
} from "@kubernetes/client-node";
import { asKubeconfig, kubeContext } from "./kubeconfig.ts";

/** Access to the cluster that the kubeconfig names. */
export interface ClusterClient {
  /** URL of the API server. */
  readonly server: string;
  readonly core: CoreV1Api;
  readonly apps: AppsV1Api;
  readonly networking: NetworkingV1Api;
  readonly extensions: ApiextensionsV1Api;
  readonly batch: BatchV1Api;
  /** Objects of kinds that the cluster was taught. */
  readonly custom: CustomObjectsApi;
}

/**
 * Opens the cluster that the kubeconfig names, to read and to write.
 * @param wanted - a context of the kubeconfig; default: its current one
 * @throws ClusterError when there is no kubeconfig or no such context
 */
export async function openCluster(wanted?: string): Promise<ClusterClient> {
  const context = kubeContext(wanted);
  // By import(), which Node answers itself: a loader that compiles TypeScript would go through the
  // library's thousand modules first, for seconds.
  const client = await import("@kubernetes/client-node");
  const config = new client.KubeConfig();
  config.loadFromString(asKubeconfig(context));
  return {
    server: config.getCurrentCluster()?.server ?? "",
    core: config.makeApiClient(client.CoreV1Api),
    apps: config.makeApiClient(client.AppsV1Api),
    networking: config.makeApiClient(client.NetworkingV1Api),
    extensions: config.makeApiClient(client.ApiextensionsV1Api),
    batch: config.makeApiClient(client.BatchV1Api),
    custom: config.makeApiClient(client.CustomObjectsApi),
  };
}

/** Turns a 404 into undefined; anything else goes on as it is. */
export async function ifFound<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if ((error as { code?: unknown } | null)?.code === 404) return undefined;
    throw error;
  }
}
