import type { CoordinationV1Api, CoreV1Api, V1Node } from "@kubernetes/client-node";
import { PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { ifFound } from "../../../components/cluster-client.ts";

const leaseNamespace = "kube-node-lease";
/** A node counts as lost after 40 s without a renewal. */
export const renewEverySeconds = 10;

/** Says that a node is Ready, as a kubelet does once its network is. */
export async function reportReady(core: CoreV1Api, name: string): Promise<void> {
  const now = new Date();
  const condition = (type: string, status: string, reason: string) => ({
    type,
    status,
    reason,
    message: "",
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  });
  const status: V1Node["status"] = {
    conditions: [
      condition("Ready", "True", "KubeletReady"),
      condition("MemoryPressure", "False", "KubeletHasSufficientMemory"),
      condition("DiskPressure", "False", "KubeletHasNoDiskPressure"),
      condition("PIDPressure", "False", "KubeletHasSufficientPID"),
    ],
  };
  await core.patchNodeStatus(
    { name, body: { status } },
    setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch),
  );
}

/** Renews a node's lease; the first time it makes it. */
export async function renewLease(coordination: CoordinationV1Api, node: string): Promise<void> {
  // The API wants microseconds, which a Date does not have.
  const renewTime = new Date().toISOString().replace("Z", "000Z") as unknown as Date;
  const spec = { holderIdentity: node, leaseDurationSeconds: 40, renewTime };
  const patched = coordination.patchNamespacedLease(
    { name: node, namespace: leaseNamespace, body: { spec } },
    setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
  );
  if (await ifFound(patched)) return;
  await coordination.createNamespacedLease({
    namespace: leaseNamespace,
    body: { metadata: { name: node }, spec },
  });
}
