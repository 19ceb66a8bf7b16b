import type { Values } from "../cilium/merge-values.ts";
import { isPlainObject } from "../cilium/merge-values.ts";
import { type LiveCluster, stackLabel } from "../live.ts";
import type { Problem } from "../problem.ts";
import type { Settings } from "../settings.ts";
import { beside } from "../prior-cni.ts";
import { at, atPath } from "../tree.ts";
import { bringsCrds } from "./chart-version.ts";
import { calicoValues } from "./values.ts";

/** Namespace of the operator, which the chart needs and does not make. */
export const operatorNamespace = "tigera-operator";

/** The release to make. */
export interface CalicoPlan {
  readonly values: Values;
  /** Whether the operator's namespace is this stack's to declare: not one that was there before. */
  readonly createNamespace: boolean;
}

/** Values of the release, with the API server's address where the settings leave it to the cluster. */
export function planCalico({ calico, cluster }: Settings, live: LiveCluster, stack: string): CalicoPlan {
  const found = live.namespaces.find(({ name }) => name === operatorNamespace);
  return {
    values: calicoValues({
      settings: calico,
      podCidr: cluster.podCidr,
      apiServer: cluster.apiServer === "auto" ? live.apiServer : cluster.apiServer,
    }),
    createNamespace: found === undefined || found.labels[stackLabel] === stack,
  };
}

/** What in the cluster stands in the way of a release, and what deserves a look. */
export function judgeCalico(
  settings: Settings,
  live: LiveCluster,
  stack: string,
  { values }: CalicoPlan,
): { problems: Problem[]; warnings: string[] } {
  const { calico, allowDatapathChange } = settings;
  const runs = (name: string): boolean =>
    live.daemonSets.some((found) => found.namespace === "kube-system" && found.name === name);
  const { release, installation, served } = live.calico ?? { served: true };
  const problems: Problem[] = [];
  const warnings: string[] = [];
  const known = release !== undefined && release.status !== "uninstalled";
  if ((known || installation !== undefined) && live.record === undefined) {
    problems.push(foreign(known ? `Helm release ${operatorNamespace}/calico` : "Installation default"));
  }
  const cni = atPath(values, "installation.cni.type") ?? "Calico";
  // Another plugin's network with Calico's policies is Calico's own way of chaining.
  if (cni === "Calico") problems.push(...beside(live).map(another));
  if (!served && !bringsCrds(calico.version)) problems.push(noCrds(calico.version));
  const dataplane = atPath(values, "installation.calicoNetwork.linuxDataplane");
  if (dataplane === "BPF" && runs("kube-proxy")) problems.push(twoProxies);
  if (dataplane !== "BPF" && !runs("kube-proxy")) warnings.push(noProxy);

  const ours = live.record?.labels[stackLabel] === stack && known;
  const changes = ours && installation !== undefined ? changesOf(installation, values) : [];
  for (const { what, from, to, hurts } of changes) {
    const said = `Changes Calico's ${what}: ${from} → ${to}. Hurts ${hurts}`;
    warnings.push(said);
    if (!allowDatapathChange) {
      const remedy = "keep it as it is, or agree by allowDatapathChange: true for this deployment";
      problems.push({ path: "calico", message: said, remedy });
    }
  }
  if (ours && installation !== undefined) problems.push(...fixedSizes(installation, values));
  if (allowDatapathChange && ours && changes.length === 0 && live.release === undefined) {
    warnings.push(
      "allowDatapathChange is on and nothing needs it: take it out, or the next change goes through unseen",
    );
  }
  return { problems, warnings };
}

const foreign = (what: string): Problem => ({
  path: "calico",
  message: `${what} exists already and is not of this stack`,
  remedy: "uninstall Calico first, or set calico.enabled: false to leave the datapath to it",
});

const another = (plugin: string): Problem => ({
  path: "calico",
  message: `The cluster has a network plugin already: ${plugin}; pods would keep their old network until they are made anew, unreached by new pods and by this stack's policies`,
  remedy: "take it out first, or leave the network to it by calico.enabled: false",
});

const noCrds = (version: string): Problem => ({
  path: "calico.version",
  message: `Chart ${version} comes without the CRDs of its objects, and the cluster has none`,
  remedy: `apply those of chart crd.projectcalico.org.v1, as its README says (helm template calico-crds projectcalico/crd.projectcalico.org.v1 --version ${version} | kubectl apply --server-side -f -), or use v3.31.7, which brings them`,
});

const twoProxies: Problem = {
  path: "calico.dataplane",
  message: "ebpf serves Services itself, and kube-proxy does so, too (DaemonSet kube-system/kube-proxy)",
  remedy: "use iptables, which leaves Services to kube-proxy, or ebpf in a cluster that was made without it",
};

const noProxy =
  "calico: There is no DaemonSet kube-system/kube-proxy, and Calico leaves Services to it: make sure that something serves them";

interface Change {
  readonly what: string;
  readonly from: string;
  readonly to: string;
  readonly hurts: string;
}

/** Ways of the datapath that cut traffic when they change, and what each does. */
const ways: readonly {
  readonly what: string;
  readonly hurts: string;
  read: (network: unknown) => unknown;
}[] = [
  {
    what: "data plane",
    hurts:
      "connections of every node while calico-node starts anew there: rules of the one are taken out, those of the other put in",
    read: (network) => at(network, "linuxDataplane"),
  },
  {
    what: "pools",
    hurts:
      "running pods: addresses of a pool that is gone are no longer routed and translated until their pods are made anew",
    read: (network) => pools(network).map((pool) => pool.cidr),
  },
  {
    what: "encapsulation",
    hurts: "traffic between nodes until both ends have changed",
    read: (network) => pools(network).map((pool) => pool.encapsulation),
  },
  {
    what: "BGP",
    hurts: "traffic between nodes, and all that comes by routes that BGP spreads",
    read: (network) => at(network, "bgp"),
  },
];

function changesOf(installation: Values, values: Values): Change[] {
  return ways.flatMap(({ what, hurts, read }) => {
    const [from, to] = [installation, at(values, "installation")].map((spec) =>
      inWords(read(at(spec, "calicoNetwork"))),
    );
    // What is not there yet, the operator has not read either.
    return from === "" || to === undefined || from === undefined || from === to
      ? []
      : [{ what, hurts, from, to }];
  });
}

/** A word or a list of them, as a text. */
const inWords = (value: unknown): string => [value ?? []].flat().map(String).join(", ");

/** Calico refuses another block size of a pool (libcalico-go/lib/clientv3/ippool.go), and the operator then stops. */
function fixedSizes(installation: Values, values: Values): Problem[] {
  const wanted = pools(atPath(values, "installation.calicoNetwork"));
  return pools(at(installation, "calicoNetwork")).flatMap(({ cidr, blockSize }) => {
    const same = wanted.find((pool) => pool.cidr === cidr);
    if (!same || blockSize === undefined || same.blockSize === blockSize) return [];
    return [
      {
        path: "calico.blockSize",
        message: `${inWords(same.blockSize)} for pool ${inWords(cidr)}, which has ${inWords(blockSize)}: a pool keeps its block size`,
        remedy: `set ${inWords(blockSize)}, or use another range`,
      },
    ];
  });
}

function pools(network: unknown): Values[] {
  const list = at(network, "ipPools");
  return (Array.isArray(list) ? (list as unknown[]) : []).filter(isPlainObject);
}
