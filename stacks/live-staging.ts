import type { V1Service } from "@kubernetes/client-node";
import type { ClusterReader } from "../components/cluster-reader.ts";
import type { ObservedService } from "../model/observe/ports.ts";
import type { Protocol } from "../model/policies/flow.ts";
import { policyApis } from "../model/policies/policy-apis.ts";
import { inStage } from "../model/policies/stages.ts";
import type { Settings } from "../model/settings.ts";

type Reader = Pick<ClusterReader, "get">;

interface List<T> {
  readonly items: readonly T[] | null;
}

/** All policies of the cluster with their contents; of kinds that it does not know there are none. */
export async function readPolicyObjects(cluster: Reader): Promise<unknown[]> {
  const found = await Promise.all(
    Object.entries(policyApis).map(async ([kind, { apiVersion, plural }]) => {
      const list = await cluster.get<List<object>>(`/apis/${apiVersion}/${plural}`);
      // Items of a list do not say what they are.
      return (list?.items ?? []).map((item) => ({ apiVersion, kind, ...item }));
    }),
  );
  return found.flat();
}

/** Services of the namespaces that are observed. */
export async function readObservedServices(cluster: Reader, settings: Settings): Promise<ObservedService[]> {
  const found = await Promise.all(
    inStage(settings, "observe").map((name) =>
      cluster.get<List<V1Service>>(`/api/v1/namespaces/${name}/services`),
    ),
  );
  return found.flatMap((list) =>
    (list?.items ?? []).map(({ metadata, spec }) => ({
      namespace: metadata?.namespace ?? "",
      name: metadata?.name ?? "",
      selector: spec?.selector ?? {},
      ports: (spec?.ports ?? []).map(({ port, targetPort = port, protocol = "TCP" }) => ({
        port,
        targetPort,
        protocol: protocol as Protocol,
      })),
    })),
  );
}
