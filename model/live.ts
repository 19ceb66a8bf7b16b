/** What is found in the cluster before anything is deployed. */
export interface LiveCluster {
  /** UID of kube-system: what tells one cluster from another. */
  readonly uid: string;
  readonly apiServer: { readonly host: string; readonly port: number; readonly from: string };
  readonly namespaces: readonly LiveObject[];
  /** NetworkPolicies of the declared namespaces. */
  readonly networkPolicies: readonly LiveObject[];
  /** DaemonSets of kube-system. */
  readonly daemonSets: readonly LiveObject[];
  readonly coreDns?: LiveCoreDns | undefined;
}

export interface LiveObject {
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The cluster's DNS as it runs. */
export interface LiveCoreDns {
  readonly corefile: string;
  /** Version of the running CoreDNS, or its image tag; undefined when the image does not tell. */
  readonly version?: string | undefined;
  /** Memory limit of the Deployment's container, such as `170Mi`; undefined when there is none. */
  readonly memoryLimit?: string | undefined;
  /** Hash that was recorded with our last write; undefined while the Corefile was never ours. */
  readonly writtenHash?: string | undefined;
  /** The Corefile from before our first write. */
  readonly original?: string | undefined;
}

/** Label that says which stack an object belongs to. */
export const stackLabel = "cluster-network/stack";
/** Annotation that says why an object exists. */
export const becauseAnnotation = "cluster-network/because";

/** Labels of every object that a stack creates. */
export function ownLabels(stack: string): Record<string, string> {
  return { "app.kubernetes.io/part-of": "cluster-network", [stackLabel]: stack };
}
