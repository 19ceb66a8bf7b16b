import type { Values } from "../cilium/merge-values.ts";
import type { Problem } from "../problem.ts";
import type { Settings } from "../settings.ts";
import { asList, at, atPath } from "../tree.ts";
import { calicoMinor, knownMinors } from "./chart-version.ts";
import { poolProblems } from "./pools.ts";
import { calicoUserProblems } from "./user-values.ts";
import { calicoValues } from "./values.ts";

/** Kernels that Calico documents under "eBPF" and "nftables data plane". */
const kernels: Readonly<Record<string, readonly [number, number] | undefined>> = {
  BPF: [5, 10],
  Nftables: [5, 13],
};

/** What stands against Calico's settings and values, before any cluster is asked. */
export function calicoProblems(settings: Settings): Problem[] {
  const { calico, cluster } = settings;
  if (!calico.enabled) return [];
  const minor = calicoMinor(calico.version);
  if (minor === undefined) return [unknownChart(calico.version)];
  const own = calicoUserProblems(calico.values, calico.version);
  // What is wrong in itself says nothing of what it does together.
  if (own.length > 0) return own;
  const values = calicoValues({ settings: calico, podCidr: cluster.podCidr });
  return [
    ...dataplaneProblems(settings, values, minor),
    ...poolProblems(settings, asList(atPath(values, "installation.calicoNetwork.ipPools"))),
    ...endpointProblems(settings, values),
    ...networkProblems(calico.values, values),
  ];
}

/** The settings key that a value of `installation.calicoNetwork` comes from. */
const keyOf = (own: Values, network: string, setting: string): string =>
  at(own, "installation", "calicoNetwork", network) === undefined
    ? `calico.${setting}`
    : `calico.values.installation.calicoNetwork.${network}`;

const unknownChart = (version: string): Problem => ({
  path: "calico.version",
  message: `Chart ${version} is not known here`,
  remedy: `use v3.${knownMinors.from}.0 to v3.${knownMinors.to}.x`,
});

function dataplaneProblems({ calico, cluster }: Settings, values: Values, minor: number): Problem[] {
  const wanted = atPath(values, "installation.calicoNetwork.linuxDataplane");
  const path = keyOf(calico.values, "linuxDataplane", "dataplane");
  const found: Problem[] = [];
  if (wanted === "VPP") {
    const message = "VPP is a data plane of its own, with its own manifests and hugepages";
    return [{ path, message, remedy: "use Iptables, Nftables or BPF" }];
  }
  // The CRD of older charts has not the word.
  if (wanted === "Nftables" && minor < 29) {
    found.push({
      path,
      message: `Nftables exists from v3.29 on, and this is ${calico.version}`,
      remedy: "use iptables, or a newer chart",
    });
  }
  const [major, least] = kernels[String(wanted)] ?? [0, 0];
  const kernel = cluster.node.kernel;
  if (kernel !== undefined && isOlder(kernel, major, least)) {
    found.push({
      path: "cluster.node.kernel",
      message: `Kernel ${kernel} is older than ${major}.${least}, which Calico's ${String(wanted)} data plane needs`,
      remedy: "use iptables, or upgrade the nodes' kernel",
    });
  }
  return found;
}

/** Whether a kernel such as 5.10.12 is older than a version. */
export function isOlder(kernel: string, major: number, minor: number): boolean {
  const [has = 0, patch = 0] = kernel.split(".").map(Number);
  return has < major || (has === major && patch < minor);
}

/** eBPF serves the API server's address itself, so its agents must be told it, and once. */
function endpointProblems({ calico: { dataplane, values: own } }: Settings, values: Values): Problem[] {
  const network = "calico.values.installation.calicoNetwork";
  const bootstraps = atPath(own, "installation.calicoNetwork.bpfNetworkBootstrap") === "Enabled";
  const isTold = dataplane === "ebpf" || atPath(own, "kubernetesServiceEndpoint.host") !== undefined;
  if (atPath(values, "installation.calicoNetwork.linuxDataplane") !== "BPF" || bootstraps !== isTold)
    return [];
  return isTold
    ? [
        {
          path: `${network}.bpfNetworkBootstrap`,
          message:
            "Enabled looks up the API server's address, which the operator is given already, and refuses both",
          remedy: "leave it out",
        },
      ]
    : [
        {
          path: `${network}.linuxDataplane`,
          message: "BPF without the API server's address: no agent finds it where nobody serves its Service",
          remedy: "use calico.dataplane: ebpf, which gives it",
        },
      ];
}

/** What the operator must not be told. */
function networkProblems(own: Values, values: Values): Problem[] {
  const found: Problem[] = [];
  if (atPath(values, "installation.enabled") === false) {
    found.push({
      path: "calico.values.installation.enabled",
      message: "false leaves an operator without anything to operate, and pods without a network",
      remedy: "leave it out, or set calico.enabled: false",
    });
  }
  if (atPath(own, "installation.calicoNetwork.kubeProxyManagement") === "Enabled") {
    found.push({
      path: "calico.values.installation.calicoNetwork.kubeProxyManagement",
      message:
        "Enabled hands kube-proxy to the operator, which takes it off the nodes with BPF, and nobody gives it back",
      remedy: "leave it out: kube-proxy stays as it is",
    });
  }
  for (const type of ["cni.type", "cni.ipam.type"]) {
    const value = atPath(values, `installation.${type}`);
    if (value === "Calico") continue;
    found.push({
      path: `calico.values.installation.${type}`,
      message: `${String(value)} leaves pods' addresses to another plugin, and the pool and its blocks without effect`,
      remedy: "leave it out, or set calico.enabled: false and run Calico in another way",
    });
  }
  return found;
}
