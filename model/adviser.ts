import { noProfile, profileOf } from "./profiles.ts";
import { calicoAdvice } from "./calico/advice.ts";
import type { Problem } from "./problem.ts";
import type { Settings } from "./settings.ts";
import { hasNoEffect } from "./settings-switch.ts";
import { fullEnough, mapDemand } from "./sizing/bpf-map-ratio.ts";
import { type NetworkSizes, networkSizes } from "./sizing/network-sizes.ts";
import { assumed, type Size } from "./sizing/size.ts";

/** Up to here the small profile suits. */
const smallNodes = 50;
/** From here on the high-scale profile does. */
const manyEndpoints = 10_000;
/** Below, what the high-scale profile turns off is missed more than it costs. */
const fewEndpoints = 1000;

/** The largest cluster that Cilium's scalability report has measured with identities as API objects. */
const tested = { nodes: 1000, pods: 50_000 };
/** What Kubernetes itself is tested with. */
const kubernetes = { nodes: 5000, pods: 150_000, services: 10_000, podsPerNode: 110 };
/** Front ends have numbers of 16 bits, from 1 on. */
const mostFrontends = 65_535;
const ipcacheEntries = 512_000;
/** A limit that is fuller than this deserves a thought before it is hit. */
const worthAThought = 0.8;
/** A full conntrack table may take so much of a node's memory. */
const conntrackShare = 0.1;

/**
 * What deserves a look, although it stops nothing: a profile that does not suit the cluster's shape, a
 * profile without what only the stack can give it, and limits that come near.
 */
export function advise(settings: Settings, sizes: NetworkSizes = networkSizes(settings)): Problem[] {
  return [
    ...ignoredChoices(settings),
    ...profileAdvice(settings, sizes),
    ...(settings.cilium.enabled ? [...scaleAdvice(settings, sizes), ...mapAdvice(sizes)] : []),
    ...(settings.calico.enabled ? calicoAdvice(settings, sizes) : []),
    ...nodeAdvice(settings, sizes),
  ];
}

/** A profile's choices for the datapath that the stack has not. */
function ignoredChoices({ profile, datapath }: Settings): Problem[] {
  return (profileOf(profile)?.choices ?? [])
    .filter(({ path }) => hasNoEffect(path, datapath))
    .map(({ path, value, because }) => ({
      path,
      message: `${String(value)}, which profile ${profile} chooses (${because}), has no effect with datapath: ${datapath}`,
      remedy: "make sure that nothing depends on it, or leave datapath to the profile",
    }));
}

function profileAdvice(settings: Settings, sizes: NetworkSizes): Problem[] {
  const endpoints = sizes.shape.load.endpoints.value;
  const { profile, cluster } = settings;
  const advice = (message: string, remedy: string): Problem => ({ path: "profile", message, remedy });
  switch (profile) {
    case "small":
      return cluster.nodes < smallNodes || settings.datapath !== "calico"
        ? []
        : [
            advice(
              `small is for fewer than ${smallNodes} nodes, and this cluster has ${cluster.nodes}: every node has the rules of all Services${settings.calico.flows ? "" : ", and flows are seen nowhere"}`,
              endpoints > manyEndpoints ? "use high-scale" : `use ${noProfile}`,
            ),
          ];
    case "high-scale":
      return endpoints >= fewEndpoints
        ? []
        : [
            advice(
              `high-scale is for more than ${manyEndpoints} endpoints, and this cluster has ${endpoints}: slices delay what agents learn of new pods, and there is no service map`,
              `use ${noProfile}, or small`,
            ),
          ];
    case "baseline":
      return manyWithoutSlices(settings, endpoints, "use profile: high-scale");
    case "multi-cloud":
      return [...meshAdvice(settings), ...manyWithoutSlices(settings, endpoints, endpointSlices)];
    case "compliance":
      return [...auditAdvice(settings), ...manyWithoutSlices(settings, endpoints, endpointSlices)];
    case "legacy-static-ip":
      return manyWithoutSlices(
        settings,
        endpoints,
        "put the applications with fixed addresses into a cluster of their own: the egress gateway needs each endpoint by itself",
      );
  }
}

const endpointSlices = "set cilium.endpointSlices: true";

function manyWithoutSlices({ cilium }: Settings, endpoints: number, remedy: string): Problem[] {
  if (endpoints <= manyEndpoints || !cilium.enabled || cilium.endpointSlices) return [];
  return [
    {
      path: "cilium.endpointSlices",
      message: `${endpoints} endpoints without slices: the API server tells every agent of each pod that comes or goes`,
      remedy,
    },
  ];
}

function meshAdvice({ cilium }: Settings): Problem[] {
  if (!cilium.enabled || cilium.clusterMesh !== undefined) return [];
  return [
    {
      path: "cilium.clusterMesh",
      message:
        "multi-cloud without a name and number in the mesh: identities of clusters that join later collide, and a new number restarts every pod",
      remedy: "set cilium.clusterMesh.id before the first pod runs; the name is cluster.name",
    },
  ];
}

function auditAdvice({ cilium, namespaces }: Settings): Problem[] {
  const found: Problem[] = [];
  if (!cilium.enabled || !cilium.hubble.enabled || !cilium.hubble.export.enabled) {
    found.push({
      path: "cilium.hubble.export.enabled",
      message: "compliance without an export of flows: nothing tells an auditor what was allowed and denied",
      remedy: "leave it on, or keep the log in another way",
    });
  }
  if (cilium.enabled && cilium.policyAuditMode) {
    found.push({
      path: "cilium.policyAuditMode",
      message: "compliance in audit mode: policies deny nothing, in the whole cluster",
      remedy: "turn it off when the flows are known",
    });
  }
  if (cilium.enabled && cilium.encryption.type === "none") {
    found.push({
      path: "cilium.encryption.type",
      message: "compliance with traffic between nodes in the clear",
      remedy: "use wireguard, or make sure that the network below encrypts",
    });
  }
  if (namespaces.length === 0) {
    found.push({
      path: "namespaces",
      message: "compliance without a namespace under default-deny",
      remedy: "list the namespaces that hold what must be protected",
    });
  }
  return found;
}

/** What a cluster cannot hold, or nobody has tried. */
function scaleAdvice({ cluster }: Settings, { shape, all }: NetworkSizes): Problem[] {
  const { pods, identities } = shape.load;
  const found: Problem[] = [];
  if (cluster.nodes > tested.nodes || pods.value > tested.pods) {
    found.push({
      path: "cluster.nodes",
      message: `${cluster.nodes} nodes and ${pods.value} pods are beyond what Cilium has measured with identities as API objects (${tested.nodes} nodes, ${tested.pods} pods)`,
      remedy: "try it with this load first, or give Cilium a kvstore (identityAllocationMode: kvstore, etcd)",
    });
  }
  const frontends = cluster.services * cluster.servicePorts;
  return [
    ...found,
    ...near(
      "cluster.identities",
      identities,
      all.identityLimit?.value ?? NaN,
      "labels that pods share (chart value `labels`) make fewer",
    ),
    ...near(
      "cluster.services",
      {
        value: frontends,
        unit: "Service ports",
        because: `${cluster.services} Services × ${cluster.servicePorts} ports`,
      },
      mostFrontends,
      "split the cluster, or use fewer ports",
    ),
    ...near(
      "cluster.pods",
      {
        value: pods.value + cluster.nodes,
        unit: "addresses",
        because: `${pods.value} pods + ${cluster.nodes} nodes`,
      },
      ipcacheEntries,
      "split the cluster",
    ),
  ];
}

function near(
  path: string,
  { value, unit, because }: Pick<Size, "value" | "unit" | "because">,
  limit: number,
  remedy: string,
): Problem[] {
  if (value <= limit * worthAThought) return [];
  const how = value > limit ? "more than" : "close to";
  return [
    { path, message: `${value} ${unit} (${because}) are ${how} the ${limit} that Cilium can hold`, remedy },
  ];
}

/** Maps that are too small for a load that is not only assumed: by the user's own values, or by their limits. */
function mapAdvice({ shape, all }: NetworkSizes): Problem[] {
  const demand = mapDemand(shape);
  const maps = [
    { name: "bpfCtTcp", key: "bpf.ctTcpMax", load: demand.ctTcp },
    { name: "bpfCtAny", key: "bpf.ctAnyMax", load: demand.ctAny },
    { name: "lbMapMax", key: "bpf.lbMapMax", load: all.lbEntries },
  ];
  return maps.flatMap(({ name, key, load }) => {
    const entries = all[name]?.value ?? NaN;
    if (load === undefined || load.source === assumed || load.value <= entries * fullEnough) return [];
    return [
      {
        path: `cilium.values.${key}`,
        message: `${load.value} ${load.unit} (${load.because}) fill the ${entries} entries of a map to more than ${fullEnough * 100} %`,
        remedy: "raise it",
      },
    ];
  });
}

function nodeAdvice({ cluster, nodeTuning }: Settings, { shape, node }: NetworkSizes): Problem[] {
  const found: Problem[] = [];
  if (cluster.podsPerNode > kubernetes.podsPerNode) {
    found.push({
      path: "cluster.podsPerNode",
      message: `${cluster.podsPerNode} pods on a node are more than Kubernetes is tested with (${kubernetes.podsPerNode})`,
      remedy: "try a full node first: its restart brings all of them back at once",
    });
  }
  const { pods } = shape.load;
  if (pods.value > kubernetes.pods || cluster.services > kubernetes.services) {
    found.push({
      path: "cluster",
      message: `${pods.value} pods and ${cluster.services} Services are more than Kubernetes is tested with (${kubernetes.pods} and ${kubernetes.services})`,
      remedy: "split the cluster, or say how many there are (cluster.pods)",
    });
  }
  const mib = shape.memoryBytes / 2 ** 20;
  if (nodeTuning.enabled && node.conntrackMemory.value > mib * conntrackShare) {
    found.push({
      path: "nodeTuning.conntrackMax",
      message: `A full conntrack table of ${node.conntrackMax.value} takes ${node.conntrackMemory.value} of a node's ${Math.round(mib)} MiB`,
      remedy: `lower it; ${conntrackShare * 100} % of the memory is a good bound`,
    });
  }
  return found;
}
