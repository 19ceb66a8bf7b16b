import type { Flow } from "./flow.ts";

/** The pods that answer for the cluster's DNS. */
export const clusterDns = { namespace: "kube-system", labels: { "k8s-app": "kube-dns" } } as const;

/**
 * Whether a flow is what every pod may anyway: asking the cluster's DNS. It counts where it ends; where it
 * starts, every policy that isolates allows it already.
 */
export function isDnsOfEveryPod({ from, to, port }: Flow): boolean {
  return (
    from.kind === "pods" &&
    from.namespace === undefined &&
    Object.keys(from.labels).length === 0 &&
    to.kind === "pods" &&
    to.namespace === clusterDns.namespace &&
    to.labels["k8s-app"] === clusterDns.labels["k8s-app"] &&
    port?.port === 53 &&
    port.endPort === undefined &&
    port.protocol !== "SCTP"
  );
}
