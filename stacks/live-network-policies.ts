import type { ClusterReader, ListedObject } from "../components/cluster-reader.ts";
import { listObjects, policyKinds } from "../components/policy-bundles/list-objects.ts";
import type { LiveCluster } from "../model/live.ts";
import type { Settings } from "../model/settings.ts";
import { liveObject } from "./live-object.ts";

const api = "/apis/networking.k8s.io/v1";
/** With more namespaces one list of all is quicker than one of each. */
const listsAtMost = 20;

/** NetworkPolicies of the declared namespaces; with bundles all policies, contents included. */
export async function readPolicies(
  cluster: ClusterReader,
  { namespaces, policies: { delivery } }: Settings,
): Promise<Pick<LiveCluster, "networkPolicies" | "policies">> {
  const declared = new Set(namespaces.map(({ name }) => name));
  const ofDeclared = (found: readonly ListedObject[]) =>
    found.map(liveObject).filter(({ namespace }) => declared.has(namespace ?? ""));
  if (delivery === "bundles") {
    const policies = await listObjects((path) => cluster.get(path), policyKinds);
    const ofKubernetes = policies.items.filter(({ kind }) => kind === "NetworkPolicy");
    return { networkPolicies: ofDeclared(ofKubernetes), policies };
  }
  const lists =
    namespaces.length > listsAtMost
      ? [cluster.list(`${api}/networkpolicies`)]
      : namespaces.map(({ name }) => cluster.list(`${api}/namespaces/${name}/networkpolicies`));
  return { networkPolicies: ofDeclared((await Promise.all(lists)).flat()) };
}
