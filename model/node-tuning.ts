/** DaemonSet in kube-system that sets the sysctls, and the value of its pods' name label. */
export const nodeTuningName = "cluster-network-node-tuning";
