import type { Problem } from "../../problem.ts";
import { type AgentOptions, type AgentState, isForCloudOrChain } from "./options.ts";

/**
 * Masquerading by eBPF, as far as the agent refuses it at its start.
 * @see daemon/cmd/daemon.go of 1.15.19, `newDaemon`; of 1.20.2, `initAndValidateDaemonConfig`
 */
export function masqueradeProblems(options: AgentOptions, state: AgentState): Problem[] {
  if (isForCloudOrChain(options.values)) return [];
  if (!options.isOn("enable-bpf-masquerade")) return masqAgentProblems(options);
  if (!state.masquerades) return [nothingToMasquerade(options)];
  return [...serviceProblems(options, state), ...sourceProblems(options)];
}

/** Up to 1.18 the eBPF programs that masquerade are those of node ports. */
function serviceProblems(options: AgentOptions, { nodePort, socketLb, tunnel }: AgentState): Problem[] {
  const { minor } = options.version;
  const path = options.path("kube-proxy-replacement");
  const given = `${options.text("kube-proxy-replacement")} turns off what bpf.masquerade needs`;
  if (minor < 19 && !nodePort)
    return [
      {
        path,
        message: `${given}: services by eBPF (chart 1.${minor})`,
        remedy: "set bpf.masquerade: false, or nodePort.enabled and socketLB.enabled, or leave it out",
      },
    ];
  if (minor < 16 && tunnel && !socketLb)
    return [
      {
        path,
        message: `${given} in tunnels: load balancing at sockets (chart 1.${minor})`,
        remedy: "set socketLB.enabled, or bpf.masquerade: false, or leave it out",
      },
    ];
  return [];
}

function sourceProblems(options: AgentOptions): Problem[] {
  const interfaces = options.text("egress-masquerade-interfaces") ?? "";
  return [
    ...(interfaces === ""
      ? []
      : [
          {
            path: options.path("egress-masquerade-interfaces"),
            message: `${interfaces} is not looked at by bpf.masquerade, and the agent refuses it`,
            remedy: "name the interfaces in devices, or set bpf.masquerade: false",
          },
        ]),
    ...(options.isOn("enable-masquerade-to-route-source")
      ? [
          {
            path: options.path("enable-masquerade-to-route-source"),
            message: "true does not go with bpf.masquerade",
            remedy: "set bpf.masquerade: false, or leave it out",
          },
        ]
      : []),
  ];
}

const nothingToMasquerade = (options: AgentOptions): Problem => ({
  path: options.path("enable-ipv4-masquerade"),
  message: "Masquerading is off, and bpf.masquerade is on: the agent refuses one without the other",
  remedy: "set bpf.masquerade: false too",
});

function masqAgentProblems(options: AgentOptions): Problem[] {
  if (!options.isOn("enable-ip-masq-agent")) return [];
  return [
    {
      path: options.path("enable-ip-masq-agent"),
      message: "true needs bpf.masquerade",
      remedy: "leave bpf.masquerade as it is, or this off",
    },
  ];
}
