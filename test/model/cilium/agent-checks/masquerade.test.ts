import { newChart, takes, refuses } from "../../../support/agent-checks.ts";

describe("masqueradeProblems()", () => {
  takes([
    [
      "node ports and sockets beside kube-proxy",
      { kubeProxyReplacement: false, nodePort: { enabled: true }, socketLB: { enabled: true } },
    ],
    [
      "node ports for Envoy beside kube-proxy",
      { kubeProxyReplacement: false, ingressController: { enabled: true }, socketLB: { enabled: true } },
    ],
    ["kube-proxy without masquerading by eBPF", { kubeProxyReplacement: false, bpf: { masquerade: false } }],
    ["masquerading by eBPF beside kube-proxy, from 1.19 on", { kubeProxyReplacement: false }, newChart],
  ]);

  refuses([
    [
      "masquerading by eBPF beside kube-proxy",
      { kubeProxyReplacement: false },
      "kubeProxyReplacement: false turns off what bpf.masquerade needs: services by eBPF (chart 1.15): set bpf.masquerade: false, or nodePort.enabled and socketLB.enabled, or leave it out",
    ],
    [
      "the same in tunnels without load balancing at sockets",
      { kubeProxyReplacement: false, nodePort: { enabled: true } },
      "kubeProxyReplacement: false turns off what bpf.masquerade needs in tunnels: load balancing at sockets (chart 1.15): set socketLB.enabled, or bpf.masquerade: false, or leave it out",
    ],
    [
      "interfaces to masquerade at",
      { egressMasqueradeInterfaces: "eth0" },
      "egressMasqueradeInterfaces: eth0 is not looked at by bpf.masquerade, and the agent refuses it: name the interfaces in devices, or set bpf.masquerade: false",
    ],
    [
      "masquerading by the route's source",
      { enableMasqueradeRouteSource: true },
      "enableMasqueradeRouteSource: true does not go with bpf.masquerade: set bpf.masquerade: false, or leave it out",
    ],
    [
      "nothing to masquerade",
      { enableIPv4Masquerade: false },
      "enableIPv4Masquerade: Masquerading is off, and bpf.masquerade is on: the agent refuses one without the other: set bpf.masquerade: false too",
    ],
    [
      "a masquerading agent without eBPF",
      { bpf: { masquerade: false }, ipMasqAgent: { enabled: true } },
      "ipMasqAgent.enabled: true needs bpf.masquerade: leave bpf.masquerade as it is, or this off",
    ],
  ]);
});
