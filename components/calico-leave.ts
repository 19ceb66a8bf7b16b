import { setTimeout as sleep } from "node:timers/promises";
import type { V1Deployment } from "@kubernetes/client-node";
import { operatorNamespace as namespace } from "../model/calico/release.ts";
import { ClusterError } from "./cluster-error.ts";
import type { ClusterEditor } from "./cluster-editor.ts";

const operator = "tigera-operator";
const hook = "tigera-operator-uninstall";

/**
 * Makes sure that Calico can be uninstalled, before Helm begins with it.
 *
 * The chart's hook deletes the Installation and waits until it is gone, which it is when the operator has
 * taken down all that it made and removed its finalizers. Without a running operator that never happens, and
 * a Job that an earlier try left keeps Helm from making the next.
 * @throws ClusterError when the operator does not run
 */
export async function letCalicoLeave(cluster: ClusterEditor): Promise<void> {
  const installation = await cluster.get<unknown>("/apis/operator.tigera.io/v1/installations/default");
  const deployment = await cluster.get<V1Deployment>(
    `/apis/apps/v1/namespaces/${namespace}/deployments/${operator}`,
  );
  if (
    installation !== undefined &&
    deployment !== undefined &&
    (deployment.status?.readyReplicas ?? 0) === 0
  ) {
    throw new ClusterError({
      path: `${namespace}/${operator}`,
      message: "The operator does not run, and nobody else can take Calico down in good order",
      remedy:
        `mend it (kubectl -n ${namespace} describe pods) and run again; where it cannot be mended, take the ` +
        "finalizers out of Installation default and scale it up, or leave the release to `pulumi state delete`",
    });
  }
  const job = `/apis/batch/v1/namespaces/${namespace}/jobs/${hook}`;
  if (!(await cluster.get(job))) return;
  await cluster.remove(job);
  while (await cluster.get(job)) await sleep(200);
}
