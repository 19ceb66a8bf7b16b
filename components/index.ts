export { Calico, type CalicoArgs } from "./calico.ts";
export { Cilium, type CiliumArgs } from "./cilium.ts";
export { CoreDns, type CoreDnsArgs } from "./core-dns/core-dns.ts";
export { GatewayApi, type GatewayApiArgs } from "./gateway-api/gateway-api.ts";
export { KubeProxy, type KubeProxyArgs } from "./kube-proxy/kube-proxy.ts";
export { NetworkBaseline, type NetworkBaselineArgs } from "./network-baseline.ts";
export { Services, type ServicesArgs } from "./services.ts";
export { NodeTuning, type NodeTuningArgs } from "./node-tuning/node-tuning.ts";
