import type { Values } from "./cilium/merge-values.ts";
import type { LivePolicies } from "./policies/live-policy.ts";
import type { GatewayCrd } from "./gateway-api/crd.ts";
import type { LiveService } from "./services/existing.ts";
import type { LiveNode } from "./live-nodes.ts";
import type { LivePod } from "./live-pods.ts";
import type { ObservedService } from "./observe/ports.ts";
import type { LiveKubeProxy } from "./kube-proxy.ts";

/** What is found in the cluster before anything is deployed. */
export interface LiveCluster {
  /** UID of kube-system: what tells one cluster from another. */
  readonly uid: string;
  readonly apiServer: { readonly host: string; readonly port: number; readonly from: string };
  /** None yet in a cluster that is only being set up. */
  readonly nodes: readonly LiveNode[];
  /** Of the API server, such as v1.34.1; undefined where it does not tell. */
  readonly kubernetesVersion?: string | undefined;
  readonly namespaces: readonly LiveObject[];
  /** NetworkPolicies of the declared namespaces. */
  readonly networkPolicies: readonly LiveObject[];
  /** ClusterNetworkPolicies; undefined where the API serves none, or none is asked for. */
  readonly clusterPolicies?: readonly LiveObject[] | undefined;
  /** Policies of all namespaces with their contents; read where bundles deliver them. */
  readonly policies?: LivePolicies | undefined;
  /** Services under the names of planned ones. */
  readonly services?: readonly LiveService[] | undefined;
  /** Services with their contents; read where bundles deliver them. */
  readonly bundledServices?: LivePolicies | undefined;
  /** CiliumNetworkPolicies of the declared namespaces; undefined where the API does not know such objects. */
  readonly ciliumPolicies?: readonly LiveObject[] | undefined;
  /** CiliumClusterwideNetworkPolicies; the same. */
  readonly ciliumClusterPolicies?: readonly LiveObject[] | undefined;
  /** Where the API server answers behind the Service default/kubernetes; read where a flow names it. */
  readonly apiServerEndpoints?: readonly { readonly address: string; readonly port: number }[] | undefined;
  /** Addresses of the Service kube-system/kube-dns. */
  readonly dnsAddresses?: readonly string[] | undefined;
  /** What it leads to; null where there is none, undefined where it was not looked at. */
  readonly dnsService?: { readonly selector: Readonly<Record<string, string>> } | null | undefined;
  /**
   * Policies of the whole cluster, Cilium's too, as the API has them; read where a namespace is declared, and where
   * bundles deliver them.
   */
  readonly policyObjects?: readonly unknown[] | undefined;
  /** Services of the namespaces that are observed. */
  readonly observedServices?: readonly ObservedService[] | undefined;
  /** Pods of the declared namespaces. */
  readonly pods?: readonly LivePod[] | undefined;
  /** Addresses of the Service default/kubernetes. */
  readonly serviceAddresses?: readonly string[] | undefined;
  /** DaemonSets of all namespaces. */
  readonly daemonSets: readonly LiveDaemonSet[];
  /** Services of type LoadBalancer. */
  readonly loadBalancers?: readonly LiveObject[] | undefined;
  /** kube-proxy's DaemonSet; undefined when there is none, or Cilium is left to others. */
  readonly kubeProxy?: LiveKubeProxy | undefined;
  readonly coreDns?: LiveCoreDns | undefined;
  /** Newest revision of the Helm release `cilium` in kube-system; undefined when there is none. */
  readonly release?: LiveRelease | undefined;
  /** Its newest revision that Helm finished: another one where the newest failed or was interrupted. */
  readonly deployedRelease?: LiveRelease | undefined;
  /** Calico, where a datapath is deployed. */
  readonly calico?: LiveCalico | undefined;
  /** The note that a stack leaves in kube-system before its release, see {@link recordName}. */
  readonly record?: LiveRecord | undefined;
  /** CRDs of the Gateway API; undefined where it is not in use. */
  readonly gatewayApi?: LiveGatewayApi | undefined;
  /** Hubble's certificates; undefined when they were not looked at. */
  readonly certificates?: LiveCertificates | undefined;
}

interface LiveGatewayApi {
  readonly crds: readonly GatewayCrd[];
  /** Revision of the cluster's data at which they were read: another one for every reading that follows a write. */
  readonly revision: string;
}

/** Secrets with Hubble's certificates, ours and the chart's. */
export interface LiveCertificates {
  /** When they were read, in milliseconds. */
  readonly readAt: number;
  readonly found: readonly LiveCertificate[];
}

export interface LiveCertificate extends LiveObject {
  /** When it ends; undefined for one that cannot be read. */
  readonly notAfter?: number | undefined;
  /** Which issue it is of, see {@link generationAnnotation}. */
  readonly generation?: number | undefined;
}

/** What is there of Calico. */
interface LiveCalico {
  /** Newest revision of the Helm release `calico` in tigera-operator; undefined when there is none. */
  readonly release?: LiveRelease | undefined;
  /** Spec of the Installation, which the operator works by; undefined when there is none. */
  readonly installation?: Values | undefined;
  /** Whether the API server knows of Installations at all. */
  readonly served: boolean;
}

/** A revision of a Helm release, as its Secret tells. */
export interface LiveRelease {
  readonly secret: string;
  readonly revision: number;
  /** Helm's own words: deployed, failed, pending-install, pending-upgrade, pending-rollback, … */
  readonly status: string;
  /** What the Secret holds; undefined where that could not be read. */
  readonly content?: ReleaseContent | undefined;
}

/** What a revision was made from. */
export interface ReleaseContent {
  readonly chartVersion: string;
  /** The values that were given to the chart, without its defaults. They may hold secrets. */
  readonly values: Values;
}

/** The note, and what it says. */
interface LiveRecord extends LiveObject {
  /** Name and version of the chart that it announces. */
  readonly chart?: string | undefined;
  /** Chart version that the cluster's Cilium began with; undefined in a note that does not say. */
  readonly firstInstalled?: string | undefined;
}

export interface LiveObject {
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A DaemonSet, and the Helm release that it is of. */
export interface LiveDaemonSet extends LiveObject {
  /** `namespace/name` of the release; undefined when it is of none. */
  readonly helmRelease?: string | undefined;
  /** Nodes that it is to run on; read only where it may be a CNI's. */
  readonly nodes?: number | undefined;
}

/** The cluster's DNS as it runs. */
export interface LiveCoreDns {
  readonly corefile: string;
  /** Version of the running CoreDNS, such as 1.12.4; undefined when the image does not tell. */
  readonly version?: string | undefined;
  /** Memory limit of the Deployment's container, such as `170Mi`; undefined when there is none. */
  readonly memoryLimit?: string | undefined;
  /** Hash that was recorded with our last write; undefined while the Corefile was never ours. */
  readonly writtenHash?: string | undefined;
  /** The Corefile from before our first write. */
  readonly original?: string | undefined;
  /** Labels of the object that keeps it; undefined when there is none. */
  readonly backupLabels?: Readonly<Record<string, string>> | undefined;
}

/**
 * ConfigMap in kube-system that says which stack looks after the cluster's network. It is there before
 * the release, which cannot carry a label of ours, and so tells whose an interrupted release is.
 */
export const recordName = "cluster-network";

/** Label that says which stack an object belongs to. */
export const stackLabel = "cluster-network/stack";
/** Annotation of Hubble's Secrets: a number that rises when they are renewed. */
export const generationAnnotation = "cluster-network/generation";
/** Annotation that says why an object exists. */
export const becauseAnnotation = "cluster-network/because";

/** Labels of every object that a stack creates. */
export function ownLabels(stack: string): Record<string, string> {
  return { "app.kubernetes.io/part-of": "cluster-network", [stackLabel]: stack };
}
