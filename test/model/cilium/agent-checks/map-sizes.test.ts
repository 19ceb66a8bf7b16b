import { newChart, takes, refuses, warns } from "../../../support/agent-checks.ts";

describe("mapSizeProblems()", () => {
  takes([
    ["the smallest tables", { bpf: { ctTcpMax: 1024, ctAnyMax: 1024, natMax: 1024 } }],
    ["the largest tables", { bpf: { ctTcpMax: 16_777_216, ctAnyMax: 16_777_216, natMax: 16_777_216 } }],
    [
      "as many translations as connections",
      { bpf: { ctTcpMax: 262_144, ctAnyMax: 131_072, natMax: 393_216 } },
    ],
    ["a size as text", { bpf: { natMax: "131072" } }],
    ["0 where the chart takes it as left out", { bpf: { ctTcpMax: 0, natMax: 0, mapDynamicSizeRatio: 0 } }],
    ["null, which leaves out", { bpf: { policyMapMax: null, lbMapMax: null } }],
    ["the whole memory", { bpf: { mapDynamicSizeRatio: 1 } }],
    [
      "what extraConfig puts right",
      { bpf: { policyMapMax: 128 }, extraConfig: { "bpf-policy-map-max": "256" } },
    ],
    ["a small policy map, which newer agents correct", { bpf: { policyMapMax: 128 } }, newChart],
  ]);

  refuses([
    [
      "a small connection table",
      { bpf: { ctTcpMax: 512 } },
      "bpf.ctTcpMax: TCP connection tracking map of 512 entries is too small for the agent: use 1024 or more",
    ],
    [
      "a large connection table",
      { bpf: { ctAnyMax: 16_777_217 } },
      "bpf.ctAnyMax: Non-TCP connection tracking map of 16777217 entries is too large for the agent: use at most 16777216",
    ],
    [
      "more translations than connections",
      { bpf: { ctTcpMax: 131_072, ctAnyMax: 65_536, natMax: 196_609 } },
      "bpf.natMax: NAT map of 196609 entries is larger than the connection tracking maps together: 131072 for TCP and 65536 for the rest: use at most 196608, or raise bpf.ctTcpMax and bpf.ctAnyMax",
    ],
    [
      "more translations than the connections of a node",
      { bpf: { natMax: 262_144 } },
      "bpf.natMax: NAT map of 262144 entries is larger than the connection tracking maps together: 131072 for TCP and 65536 for the rest, by the memory of a node of 8GiB (cluster.node.memory): use at most 196608, or raise bpf.ctTcpMax and bpf.ctAnyMax",
    ],
    [
      "text that is no number",
      { bpf: { natMax: "64k" } },
      'bpf.natMax: NAT map of "64k" entries is not a whole number: write digits alone',
    ],
    [
      "a number with a fraction",
      { bpf: { neighMax: 0.5 } },
      'bpf.neighMax: Neighbour map of "0.5" entries is not a whole number: write digits alone',
    ],
    [
      "a number that this chart prints with an exponent",
      { bpf: { ctTcpMax: 1_048_576 } },
      "bpf.ctTcpMax: TCP connection tracking map: this chart hands 1048576 to the agent as 1.048576e+06, which the agent does not read: use chart 1.16.8 or newer, or give it as text in cilium.values.extraConfig.bpf-ct-global-tcp-max",
      "1.16.7",
    ],
    [
      "a small policy map",
      { bpf: { policyMapMax: 128 } },
      "bpf.policyMapMax: Policy map of 128 entries is too small for the agent: use 256 or more",
    ],
    [
      "no load-balancing map",
      { bpf: { lbMapMax: 0 } },
      "bpf.lbMapMax: Load-balancing map of 0 entries is too small for the agent: use 1 or more",
    ],
    [
      "a small node map",
      { bpf: { nodeMapMax: 1000 } },
      "bpf.nodeMapMax: Node map of 1000 entries is too small for the agent: use 16384 or more",
    ],
    [
      "more than the whole memory",
      { bpf: { mapDynamicSizeRatio: 2 } },
      "bpf.mapDynamicSizeRatio: The maps' share of the node's memory is 2: use a number above 0 and up to 1, such as 0.0025",
    ],
    [
      "a distributed LRU without sizes by memory",
      { bpf: { mapDynamicSizeRatio: "0", distributedLRU: { enabled: true } } },
      "bpf.distributedLRU.enabled: true needs maps that are sized by the node's memory, and cilium.values.bpf.mapDynamicSizeRatio is 0: leave the ratio out, or this off",
      newChart,
    ],
    [
      "what extraConfig spoils",
      { extraConfig: { "bpf-policy-map-max": "12" } },
      "extraConfig.bpf-policy-map-max: Policy map of 12 entries is too small for the agent: use 256 or more",
    ],
  ]);
});

describe("mapSizeWarnings()", () => {
  warns([
    [
      "a policy map that the agent makes smaller",
      { bpf: { policyMapMax: 100_000 } },
      "bpf.policyMapMax: Policy map of 100000 entries: the agent makes it 65536, and says so in its log alone: use 256 to 65536; of a policy with more entries, some are missing",
    ],
    [
      "a policy map that newer agents make larger",
      { bpf: { policyMapMax: 128 } },
      "bpf.policyMapMax: Policy map of 128 entries: the agent makes it 256, and says so in its log alone: use 256 to 65536; of a policy with more entries, some are missing",
      newChart,
    ],
    [
      "a NAT map that the agent takes for its own default",
      { bpf: { ctTcpMax: 131_072, ctAnyMax: 65_536, natMax: 524_288 } },
      "bpf.natMax: NAT map of 524288 entries is larger than the connection tracking maps together (196608), and the agent makes it 131072: raise bpf.ctTcpMax and bpf.ctAnyMax too, or leave it out",
    ],
    [
      "fewer neighbours than translations",
      { bpf: { neighMax: 1024 } },
      "bpf.neighMax: Neighbour map of 1024 entries is smaller than the NAT map's 131072: leave it out, and it follows the NAT map",
    ],
  ]);
});
