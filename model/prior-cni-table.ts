/** A network plugin that a cluster may have before Cilium comes. */
export interface PriorCni {
  /** Its name in `cilium.migrateFrom` and in messages. */
  readonly name: string;
  /** DaemonSets that tell it, as `namespace/name`; `*` stands for anything. */
  readonly daemonSets: readonly string[];
  /** How it is taken out, or never put in. */
  readonly remove: string;
  /** Chart values with which Cilium runs beside it on purpose: any of them is enough. */
  readonly meant: readonly { readonly key: string; readonly value: unknown }[];
  readonly source: string;
}

const chained = (mode: string) => ({ key: "cni.chainingMode", value: mode });
const genericVeth = chained("generic-veth");

/** Plugins by which nodes can be moved one at a time. */
export const priorCnis = [
  {
    name: "flannel",
    daemonSets: ["*/kube-flannel*"],
    remove: "delete it as it was installed (`helm uninstall`, or `kubectl delete -f` kube-flannel.yml)",
    meant: [genericVeth, chained("flannel")],
    source: "flannel-io/flannel, Documentation/kube-flannel.yml; kubespray, roles/network_plugin/flannel",
  },
  {
    name: "canal",
    daemonSets: ["*/canal", "*/rke2-canal"],
    remove: "delete it by its canal.yaml; RKE2: `cni: none` in the servers' configuration",
    meant: [genericVeth],
    source: "projectcalico/calico, manifests/canal.yaml; rancher/rke2-charts, rke2-canal",
  },
  {
    name: "calico",
    daemonSets: ["*/calico-node", "*/calico-vpp-node"],
    remove:
      "delete its Installation and the tigera-operator, or the manifest that it was installed by (`kubectl delete -f` calico.yaml)",
    meant: [genericVeth],
    source: "projectcalico/calico, manifests/calico.yaml; tigera/operator, calico-system/calico-node",
  },
  {
    name: "weave",
    daemonSets: ["*/weave-net"],
    remove: "`kubectl -n kube-system delete daemonset weave-net`, and `weave reset` on each node",
    meant: [genericVeth],
    source: "weaveworks/weave, prog/weave-kube/weave-daemonset-k8s-1.11.yaml",
  },
  {
    name: "kindnet",
    daemonSets: ["*/kindnet"],
    remove:
      "make the cluster without it: `networking.disableDefaultCNI: true` (kind), `--cni=false` (minikube)",
    meant: [genericVeth],
    source: "kubernetes-sigs/kind, images/base (default-cni.yaml); minikube, pkg/minikube/cni/kindnet.go",
  },
  {
    name: "aws-vpc-cni",
    daemonSets: ["*/aws-node"],
    remove:
      "remove the add-on vpc-cni, or give aws-node a nodeSelector that no node has, and make the nodes anew",
    meant: [chained("aws-cni"), genericVeth],
    source: "aws/amazon-vpc-cni-k8s, config/master/aws-k8s-cni.yaml; docs.cilium.io, AWS VPC CNI plugin",
  },
  {
    name: "azure-cni",
    daemonSets: ["*/azure-cns", "*/azure-cni-*"],
    remove: "make the cluster with `--network-plugin none` (AKS: bring your own CNI)",
    meant: [genericVeth, chained("azure"), { key: "ipam.mode", value: "delegated-plugin" }],
    source: "Azure/azure-container-networking, cns/; docs.cilium.io, Azure CNI (Legacy)",
  },
  {
    name: "gke-netd",
    daemonSets: ["kube-system/netd"],
    remove: "tell Cilium of it by cilium.values: `gke.enabled: true`",
    meant: [{ key: "gke.enabled", value: true }, genericVeth],
    source: "kubernetes/kubernetes, cluster/addons/netd; Cilium's chart, gke.enabled",
  },
  {
    name: "antrea",
    daemonSets: ["*/antrea-agent"],
    remove: "delete it as it was installed (`helm uninstall antrea`, or `kubectl delete -f` antrea.yml)",
    meant: [],
    source: "antrea-io/antrea, build/charts/antrea/templates/agent/daemonset.yaml",
  },
  {
    name: "kube-router",
    daemonSets: ["*/kube-router"],
    remove:
      "`kubectl -n kube-system delete daemonset kube-router`, and `kube-router --cleanup-config` on each node; k0s: `network.provider: custom`",
    meant: [genericVeth],
    source: "cloudnativelabs/kube-router, daemonset/; k0s, spec.network.provider",
  },
  {
    name: "ovn-kubernetes",
    daemonSets: ["*/ovnkube-node*"],
    remove: "make the cluster with another network type; it is not taken out of one that runs",
    meant: [],
    source: "ovn-org/ovn-kubernetes, dist/templates; openshift-ovn-kubernetes/ovnkube-node",
  },
  {
    name: "kube-ovn",
    daemonSets: ["*/kube-ovn-cni"],
    remove: "run its dist/images/cleanup.sh, and make the nodes anew",
    meant: [genericVeth],
    source: "kubeovn/kube-ovn, dist/images/install.sh",
  },
] as const satisfies readonly PriorCni[];

/** Their names, as `cilium.migrateFrom` has them. */
export const migratable = priorCnis.map(({ name }) => name);

/** Cilium by other means than our release. Two cannot share a node: both own the same eBPF maps and devices. */
export const otherCiliums: readonly PriorCni[] = [
  {
    name: "another Cilium",
    daemonSets: ["*/cilium", "kube-system/anetd"],
    remove:
      "take it out as it was put in (`cilium uninstall`, `helm uninstall`, the distribution's own setting, such as kubespray's kube_network_plugin: cni)",
    meant: [],
    source: "Cilium's chart, templates/cilium-agent/daemonset.yaml; GKE Dataplane V2 (anetd)",
  },
];
