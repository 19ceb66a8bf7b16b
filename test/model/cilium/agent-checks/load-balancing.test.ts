import { takes, refuses } from "../../../support/agent-checks.ts";

describe("loadBalancingProblems()", () => {
  takes([
    [
      "direct return in native routing",
      { routingMode: "native", ipv4NativeRoutingCIDR: "10.0.0.0/8", loadBalancer: { mode: "dsr" } },
    ],
    [
      "direct return by geneve",
      { tunnelProtocol: "geneve", loadBalancer: { mode: "dsr", dsrDispatch: "geneve" } },
    ],
    ["a Maglev table that is not used", { maglev: { tableSize: 1000 } }],
    ["IPsec with Services by eBPF, from 1.16 on", { encryption: { enabled: true } }, "1.16.0"],
  ]);

  refuses([
    [
      "IPsec with Services by eBPF",
      { encryption: { enabled: true } },
      "encryption.type: ipsec does not go with Services by eBPF before chart 1.16 (kubeProxyReplacement, nodePort; chart 1.15): use type: wireguard, or a newer chart",
    ],
    [
      "a mistyped load-balancing mode",
      { loadBalancer: { mode: "drs" } },
      'loadBalancer.mode: The agent has no load-balancing mode "drs": use one of snat, dsr, hybrid',
    ],
    [
      "direct return in a VXLAN",
      { loadBalancer: { mode: "dsr" } },
      "loadBalancer.mode: dsr needs native routing, or a tunnel and dispatch by geneve (given: vxlan, opt): set routingMode: native, or tunnelProtocol and loadBalancer.dsrDispatch: geneve, or leave it out",
    ],
    [
      "direct return by geneve without its tunnel",
      {
        routingMode: "native",
        ipv4NativeRoutingCIDR: "10.0.0.0/8",
        loadBalancer: { mode: "dsr", dsrDispatch: "geneve" },
      },
      "loadBalancer.dsrDispatch: geneve needs tunnelProtocol: geneve, native routing or not (given: vxlan): set tunnelProtocol: geneve, or leave it out",
    ],
    [
      "a Maglev table of any size",
      { loadBalancer: { algorithm: "maglev" }, maglev: { tableSize: 1000 } },
      'maglev.tableSize: The agent has no Maglev table of the size "1000": use one of 251, 509, 1021, 2039, 4093, 8191, 16381, 32749, 65521, 131071',
    ],
  ]);
});
