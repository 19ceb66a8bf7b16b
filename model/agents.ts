/** Where a datapath's agent runs, and how its pods are told. */
interface Agents {
  readonly namespace: string;
  readonly daemonSet: string;
  readonly selector: string;
}

/** The DaemonSets that make a node's pods reachable, by the name of the datapath. */
export const agents = {
  cilium: {
    namespace: "kube-system",
    daemonSet: "cilium",
    selector: "k8s-app=cilium",
  },
  calico: {
    namespace: "calico-system",
    daemonSet: "calico-node",
    selector: "k8s-app=calico-node",
  },
} as const satisfies Record<string, Agents>;

export type DatapathName = keyof typeof agents;
