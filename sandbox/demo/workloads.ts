import type { V1Pod } from "@kubernetes/client-node";
import type { ClusterClient } from "../../components/cluster-client.ts";
import { isReady } from "../../model/late-pods.ts";
import type { Workload } from "../../model/policies/workloads.ts";
import { waitFor } from "../control-plane/wait.ts";
import { type DataPlane, peers } from "../data-plane/index.ts";
import type { Ends } from "./decision.ts";

/** Creates the workloads with their namespaces. */
export async function startWorkloads(
  { core, apps }: ClusterClient,
  workloads: readonly Workload[],
): Promise<void> {
  const namespaces = new Set(workloads.map(({ endpoint }) => endpoint.namespace));
  for (const name of namespaces) await core.createNamespace({ body: { metadata: { name } } });
  await Promise.all(
    workloads.map(({ endpoint: { namespace, workload, labels }, ports }) => {
      const named = Object.fromEntries(ports.map(({ name, ...port }) => [name, port]));
      const body = peers(namespace, workload, named, { labels });
      return apps.createNamespacedDeployment({ namespace, body });
    }),
  );
}

/** Waits until the pod of each workload is ready. @returns where each is, by "namespace/name" */
export async function whereTheyAre(
  { core }: ClusterClient,
  workloads: readonly Workload[],
): Promise<Map<string, Ends>> {
  const found = await Promise.all(
    workloads.map(async ({ endpoint: { namespace, workload, labels } }) => {
      const labelSelector = Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(",");
      const pod = await readyPod(core, namespace, workload, labelSelector);
      const ends = { pod: `${namespace}/${pod.metadata?.name ?? ""}`, address: pod.status?.podIP ?? "" };
      return [`${namespace}/${workload}`, ends] as const;
    }),
  );
  return new Map(found);
}

function readyPod(
  core: ClusterClient["core"],
  namespace: string,
  workload: string,
  labelSelector: string,
): Promise<V1Pod> {
  return waitFor<V1Pod>(`a pod of ${namespace}/${workload}`, { seconds: 90, every: 200 }, async () => {
    const pods = (await core.listNamespacedPod({ namespace, labelSelector })).items.filter(isStaying);
    const ready = pods.find(isReady);
    return ready ? { value: ready } : { seen: pods.map(troubleOf).join(", ") || "no pod" };
  });
}

/**
 * Deletes every pod that Cilium did not attach, as an operator does after a change of CNI: policies
 * hold for the pods that it attached, and for no other.
 * @returns how many there were
 */
export async function restartOntoCilium({ core }: ClusterClient, plane: DataPlane): Promise<number> {
  const pods = plane.state.pods.filter(({ network }) => network === "plain");
  await Promise.all(pods.map(({ namespace, name }) => core.deleteNamespacedPod({ namespace, name })));
  return pods.length;
}

/** Waits until two pods of CoreDNS, or how many there are to be, answer for the Service. */
export async function dnsReady({ core, apps }: ClusterClient): Promise<void> {
  const namespace = "kube-system";
  await waitFor("CoreDNS", { seconds: 90, every: 200 }, async () => {
    const { spec } = await apps.readNamespacedDeployment({ namespace, name: "coredns" });
    const { items } = await core.listNamespacedPod({ namespace, labelSelector: "k8s-app=kube-dns" });
    const ready = items.filter(isStaying).filter(isReady).length;
    return ready === spec?.replicas ? { value: undefined } : { seen: `${ready} pods ready` };
  });
}

const isStaying = ({ metadata }: V1Pod): boolean => metadata?.deletionTimestamp === undefined;

const troubleOf = ({ metadata, status }: V1Pod): string =>
  `${metadata?.name ?? "pod"} ${status?.message ?? status?.phase ?? "unseen"}`;
