import type { LiveCluster } from "../../model/live.ts";

/** A cluster as kubeadm leaves it, with what a test needs otherwise. */
export function liveCluster(over: Partial<LiveCluster> = {}): LiveCluster {
  return {
    uid: "00000000-0000-0000-0000-000000000001",
    apiServer: { host: "10.0.0.10", port: 6443, from: "kube-public/cluster-info" },
    nodes: [],
    namespaces: [],
    networkPolicies: [],
    daemonSets: [],
    coreDns: { corefile: stockCorefile, memoryLimit: "170Mi" },
    ...over,
  };
}

/** The Corefile of a kubeadm cluster. */
export const stockCorefile = `.:53 {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30 {
       disable success cluster.local
       disable denial cluster.local
    }
    loop
    reload
    loadbalance
}
`;
