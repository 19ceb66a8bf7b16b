import type { Problem } from "../../problem.ts";
import type { AgentOptions, AgentState, OptionName } from "./options.ts";
import { notOneOf } from "./routing.ts";

/** Words that the agent knows. */
const words: readonly {
  readonly option: OptionName;
  readonly what: string;
  readonly known: readonly string[];
}[] = [
  { option: "bpf-lb-mode", what: "load-balancing mode", known: ["snat", "dsr", "hybrid"] },
  { option: "bpf-lb-algorithm", what: "load-balancing algorithm", known: ["random", "maglev"] },
  {
    option: "bpf-lb-acceleration",
    what: "load-balancing acceleration",
    known: ["disabled", "native", "best-effort", "testing-only"],
  },
];

/** Prime numbers; ideally a hundred times the backends of a Service. */
const maglevTables = [251, 509, 1021, 2039, 4093, 8191, 16_381, 32_749, 65_521, 131_071];

/**
 * How Services are served, as far as the agent refuses it at its start. It looks at this
 * only where it serves node ports.
 * @see daemon/cmd/kube_proxy_replacement.go of 1.15.19; pkg/kpr/initializer and
 * pkg/loadbalancer/config.go of 1.20.2
 */
export function loadBalancingProblems(options: AgentOptions, state: AgentState): Problem[] {
  if (!state.nodePort) return [];
  return [
    ...words.flatMap(({ option, what, known }) => {
      const given = options.text(option) ?? "";
      return known.includes(given) ? [] : [notOneOf(options.path(option), what, given, known)];
    }),
    ...ipsecProblems(options, state),
    ...directReturnProblems(options, state),
    ...maglevProblems(options),
  ];
}

/** @see https://github.com/cilium/cilium/pull/31760, of 1.16 */
function ipsecProblems({ version, values }: AgentOptions, { ipsec }: AgentState): Problem[] {
  if (!ipsec || version.minor >= 16) return [];
  return [
    {
      path: values.path("encryption.type"),
      message: `ipsec does not go with Services by eBPF before chart 1.16 (kubeProxyReplacement, nodePort; chart 1.${version.minor})`,
      remedy: "use type: wireguard, or a newer chart",
    },
  ];
}

/** With direct return a packet keeps the client's address, which only some tunnels can carry. */
function directReturnProblems(options: AgentOptions, { tunnel }: AgentState): Problem[] {
  const mode = options.text("bpf-lb-mode");
  if (mode !== "dsr" && mode !== "hybrid") return [];
  const protocol = options.text("tunnel-protocol");
  const dispatch = options.text("bpf-lb-dsr-dispatch");
  if (tunnel && (protocol === "vxlan" || dispatch !== "geneve"))
    return [
      {
        path: options.path("bpf-lb-mode"),
        message: `${mode} needs native routing, or a tunnel and dispatch by geneve (given: ${protocol}, ${dispatch})`,
        remedy:
          "set routingMode: native, or tunnelProtocol and loadBalancer.dsrDispatch: geneve, or leave it out",
      },
    ];
  if (dispatch === "geneve" && protocol !== "geneve")
    return [
      {
        path: options.path("bpf-lb-dsr-dispatch"),
        message: `geneve needs tunnelProtocol: geneve, native routing or not (given: ${protocol})`,
        remedy: "set tunnelProtocol: geneve, or leave it out",
      },
    ];
  return [];
}

function maglevProblems(options: AgentOptions): Problem[] {
  const option = "bpf-lb-maglev-table-size";
  if (options.text("bpf-lb-algorithm") !== "maglev" || maglevTables.includes(options.number(option) ?? NaN))
    return [];
  return [
    notOneOf(options.path(option), "Maglev table of the size", options.text(option) ?? "", maglevTables),
  ];
}
