/** DaemonSet in kube-system that sets the sysctls, and the value of its pods' name label. */
export const nodeTuningName = "cluster-network-node-tuning";

/** What it runs in unless the stack names another image. */
export const nodeTuningImage = "docker.io/library/busybox:1.37.0";
