import { setTimeout as sleep } from "node:timers/promises";
import type { V1DaemonSet } from "@kubernetes/client-node";
import { type ClusterClient, ifFound } from "../../components/cluster-client.ts";
import { isRolledOut } from "../../components/rolled-out.ts";

const installations = {
  group: "operator.tigera.io",
  version: "v1",
  plural: "installations",
  name: "default",
} as const;
const status = { ...installations, plural: "tigerastatuses", name: "calico" } as const;
const system = "calico-system";
const node = { namespace: system, name: "calico-node" } as const;
const finalizer = "tigera.io/operator-cleanup";

interface Installation {
  metadata: { generation: number; deletionTimestamp?: string; finalizers?: string[] };
  spec: { variant?: string };
}

/** Operator that {@link playOperator} plays. */
export interface PlayedOperator {
  /** Ends it; throws what went wrong in it. */
  stop(): Promise<void>;
}

/**
 * Plays Tigera's operator on a cluster whose nodes run no programs: what the real one does to the API, as its
 * source says (tigera/operator, pkg/controller/installation/core_controller.go). It writes its defaults into
 * the Installation and a finalizer on it, makes the DaemonSet calico-node, reports in a TigeraStatus, and
 * removes the finalizer when all is taken down. The chart's hook, a Job that a simulated node completes at
 * once, deletes the Installation: so this does, too, when the Job is there.
 */
export function playOperator(client: ClusterClient): PlayedOperator {
  let stopped = false;
  const loop = (async () => {
    while (!stopped) {
      await reconcile(client).catch(unlessPassing);
      await sleep(100);
    }
  })();
  loop.catch(() => undefined);
  return {
    stop: async () => {
      stopped = true;
      await loop;
    },
  };
}

/** Somebody else was quicker, or the objects are not there yet; the next look sees it. */
function unlessPassing(error: unknown): void {
  if (![404, 409].includes((error as { code?: number }).code ?? 0)) throw error;
}

async function reconcile(client: ClusterClient): Promise<void> {
  const { custom, batch, apps, core } = client;
  const found = (await ifFound(custom.getClusterCustomObject(installations))) as Installation | undefined;
  if (!found) return;
  const { metadata } = found;
  const job = { namespace: "tigera-operator", name: "tigera-operator-uninstall" };
  if (metadata.deletionTimestamp === undefined && (await ifFound(batch.readNamespacedJob(job)))) {
    await custom.deleteClusterCustomObject(installations);
    return;
  }
  if (metadata.deletionTimestamp !== undefined) {
    await ifFound(apps.deleteNamespacedDaemonSet(node));
    await ifFound(custom.deleteClusterCustomObject(status));
    await ifFound(core.deleteNamespace({ name: system }));
    if (metadata.finalizers?.includes(finalizer) === true) {
      await custom.replaceClusterCustomObject({
        ...installations,
        body: { ...found, metadata: { ...metadata, finalizers: [] } },
      });
    }
    return;
  }
  if (metadata.finalizers === undefined) {
    await custom.replaceClusterCustomObject({
      ...installations,
      body: {
        ...found,
        metadata: { ...metadata, finalizers: [finalizer] },
        spec: { ...found.spec, variant: "Calico", flexVolumePath: "None" },
      },
    });
    return;
  }
  if (!(await ifFound(core.readNamespace({ name: system })))) {
    await core.createNamespace({ body: { metadata: { name: system } } });
  }
  const daemonSet = await ifFound(apps.readNamespacedDaemonSet(node));
  if (!daemonSet) await apps.createNamespacedDaemonSet({ namespace: system, body: calicoNode });
  await report(client, metadata.generation, daemonSet !== undefined && isRolledOut(daemonSet));
}

async function report({ custom }: ClusterClient, generation: number, ready: boolean): Promise<void> {
  const object = {
    apiVersion: "operator.tigera.io/v1",
    kind: "TigeraStatus",
    metadata: { name: status.name },
    spec: {},
  };
  const there = (await ifFound(custom.getClusterCustomObject(status))) as object | undefined;
  const body = there ?? ((await custom.createClusterCustomObject({ ...status, body: object })) as object);
  const condition = (type: string, value: boolean) => ({
    type,
    status: value ? "True" : "False",
    lastTransitionTime: new Date().toISOString(),
    observedGeneration: generation,
  });
  await custom.replaceClusterCustomObjectStatus({
    ...status,
    body: {
      ...body,
      status: {
        conditions: [
          condition("Available", ready),
          condition("Progressing", !ready),
          condition("Degraded", false),
        ],
      },
    },
  });
}

const labels = { "k8s-app": node.name };
const calicoNode: V1DaemonSet = {
  metadata: { name: node.name },
  spec: {
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        hostNetwork: true,
        tolerations: [{ operator: "Exists" }],
        containers: [{ name: node.name, image: "quay.io/calico/node:v3.28.5" }],
      },
    },
  },
};
