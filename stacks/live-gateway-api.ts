import type { ClusterReader, ListedObject } from "../components/cluster-reader.ts";
import { crdName, readCrd } from "../model/gateway-api/crd.ts";
import { usesGatewayApi } from "../model/gateway-api/judge.ts";
import { pairingOf } from "../model/gateway-api/pairing.ts";
import type { LiveCluster } from "../model/live.ts";
import type { CiliumSettings } from "../model/settings.ts";

/** The CRDs of the Gateway API that the chart's operator cares for; undefined where it is not in use. */
export async function readGatewayApi(
  cluster: ClusterReader,
  cilium: CiliumSettings,
): Promise<LiveCluster["gatewayApi"]> {
  const pairing = usesGatewayApi(cilium) ? pairingOf(cilium.version) : undefined;
  if (!pairing) return undefined;
  const plurals = Object.keys({ ...pairing.required, ...pairing.optional });
  // A list says at which revision it was read, whatever it is a list of.
  const [revision, ...crds] = await Promise.all([
    cluster.get<ListedObject>("/api/v1/namespaces?limit=1"),
    ...plurals.map((plural) =>
      cluster.get<unknown>(`/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${crdName(plural)}`),
    ),
  ]);
  return {
    crds: crds.flatMap((object) => readCrd(object) ?? []),
    revision: revision?.metadata?.resourceVersion ?? "",
  };
}
