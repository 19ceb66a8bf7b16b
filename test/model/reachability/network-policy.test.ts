import { expectReach, worldUnder } from "../../support/reach.ts";

const app = (name: string) => ({ matchLabels: { app: name } });
const onB = (rule: object, more: object = {}) => [{ podSelector: app("b"), ingress: [rule], ...more }];
const fromB = (rule: object) => [{ podSelector: app("b"), policyTypes: ["Egress"], egress: [rule] }];

/** What the documentation of NetworkPolicy says, a line each: specs, what passes, what does not. */
const cases: [says: string, specs: readonly object[], passes: string[], denied: string[], more?: object][] = [
  ["ingress that is missing denies", [{ podSelector: app("b") }], ["b -> a"], ["a -> b", "8.8.8.8 -> b"]],
  ["ingress: [] denies", [{ podSelector: app("b"), ingress: [] }], ["b -> a"], ["a -> b"]],
  ["[{}] allows all", onB({}), ["a -> b", "ya -> b", "8.8.8.8 -> b", "a -> b UDP 9", "nodes -> b"], []],
  [
    "from that is missing or empty means everybody",
    [...onB({ ports: [{ port: 80 }] })],
    ["ya -> b", "fd00::1 -> b"],
    ["ya -> b TCP 81"],
  ],
  ["from: [] means everybody, too", onB({ from: [], ports: [] }), ["ya -> b", "ya -> b TCP 81"], []],
  [
    "two selectors in one peer have both to match",
    onB({ from: [{ namespaceSelector: { matchLabels: { team: "blue" } }, podSelector: app("a") }] }),
    ["ya -> b"],
    ["a -> b", "yb -> b"],
  ],
  [
    "two peers are alternatives",
    onB({ from: [{ namespaceSelector: { matchLabels: { team: "blue" } } }, { podSelector: app("a") }] }),
    ["ya -> b", "yb -> b", "a -> b"],
    ["bare -> b"],
  ],
  [
    "without namespaceSelector the policy's namespace is meant",
    onB({ from: [{ podSelector: {} }] }),
    ["a -> b", "bare -> b"],
    ["ya -> b", "8.8.8.8 -> b"],
  ],
  [
    "a null namespaceSelector is none",
    onB({ from: [{ namespaceSelector: null, podSelector: app("a") }] }),
    ["a -> b"],
    ["ya -> b"],
  ],
  [
    "namespaceSelector: {} means all",
    onB({ from: [{ namespaceSelector: {} }] }),
    ["a -> b", "ya -> b"],
    ["8.8.8.8 -> b", "host -> b"],
  ],
  [
    "a namespace has its name as a label",
    onB({ from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "y" } } }] }),
    ["ya -> b"],
    ["a -> b"],
  ],
  [
    "In, NotIn, Exists and DoesNotExist",
    onB({
      from: [
        { podSelector: { matchExpressions: [{ key: "app", operator: "NotIn", values: ["a"] }] } },
        {
          namespaceSelector: {
            matchExpressions: [{ key: "team", operator: "In", values: ["blue", "green"] }],
          },
          podSelector: {
            matchExpressions: [
              { key: "app", operator: "Exists" },
              { key: "tier", operator: "DoesNotExist" },
            ],
          },
        },
      ],
    }),
    ["bare -> b", "ya -> b"],
    ["a -> b"],
  ],
  [
    "policyTypes: egress counts by itself where there are egress rules",
    [{ podSelector: app("b"), egress: [{ to: [{ podSelector: app("a") }] }] }],
    ["b -> a"],
    ["a -> b", "b -> ya", "b -> 8.8.8.8"],
  ],
  [
    "rules of a direction that policyTypes leave out are ignored, but by Cilium",
    [
      {
        podSelector: app("b"),
        policyTypes: ["Ingress"],
        ingress: [],
        egress: [{ to: [{ podSelector: app("a") }] }],
      },
    ],
    ["b -> ya", "b -> a"],
    ["a -> b"],
  ],
  [
    "policies add up",
    [
      ...onB({ from: [{ podSelector: app("a") }] }),
      ...onB({ from: [{ podSelector: {} }], ports: [{ port: 81 }] }),
    ],
    ["a -> b", "a -> b TCP 82", "bare -> b TCP 81"],
    ["bare -> b TCP 82"],
  ],
  [
    "both sides have to allow",
    [...onB({ from: [{ podSelector: app("a") }] }), { podSelector: app("a"), policyTypes: ["Egress"] }],
    [],
    ["a -> b"],
  ],
  [
    "a named port is the destination's own, by name and protocol",
    [
      ...onB({
        ports: [
          { port: "dns", protocol: "UDP" },
          { port: "dns", protocol: "TCP" },
        ],
      }),
    ],
    ["a -> b UDP 53"],
    ["a -> b TCP 53", "a -> b UDP 54"],
  ],
  [
    "a named port differs from pod to pod on the way out",
    fromB({ ports: [{ port: "http" }] }),
    ["b -> ya TCP 80", "b -> yb TCP 8080"],
    ["b -> yb TCP 80", "b -> 8.8.8.8 TCP 80"],
  ],
  [
    "endPort is inclusive",
    onB({ ports: [{ port: 80, endPort: 82 }] }),
    ["a -> b TCP 80", "a -> b TCP 82"],
    ["a -> b TCP 79", "a -> b TCP 83", "a -> b UDP 81"],
  ],
  [
    "a protocol without port means all of its ports",
    onB({ ports: [{ protocol: "UDP" }] }),
    ["a -> b UDP 1", "a -> b UDP 65535"],
    ["a -> b TCP 80"],
  ],
  [
    "SCTP is a protocol like others, and isolates",
    onB({ ports: [{ protocol: "SCTP", port: 80 }] }),
    ["a -> b SCTP 80"],
    ["a -> b TCP 80", "a -> b SCTP 81"],
  ],
  [
    "ipBlock without its exceptions",
    onB({ from: [{ ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] } }] }),
    ["10.0.0.1 -> b", "10.255.255.255 -> b"],
    ["10.1.0.0 -> b", "10.1.255.255 -> b", "11.0.0.0 -> b", "9.255.255.255 -> b"],
  ],
  [
    "what one policy excepts another may allow",
    [
      ...onB({ from: [{ ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] } }] }),
      ...onB({ from: [{ ipBlock: { cidr: "10.1.2.0/24" } }] }),
    ],
    ["10.1.2.3 -> b"],
    ["10.1.3.0 -> b"],
  ],
  [
    "IPv6",
    onB({ from: [{ ipBlock: { cidr: "2001:db8::/32", except: ["2001:db8:1::/48"] } }] }),
    ["2001:db8::1 -> b"],
    ["2001:db8:1::1 -> b", "2001:db9::1 -> b", "10.0.0.1 -> b"],
  ],
  [
    "0.0.0.0/0 is IPv4 alone",
    onB({ from: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }),
    ["8.8.8.8 -> b"],
    ["2001:db8::1 -> b"],
  ],
  [
    "a pod's own node always reaches it, others do not",
    [{ podSelector: {}, policyTypes: ["Ingress", "Egress"] }],
    ["own-node -> b", "b -> own-node"],
    ["nodes -> b", "b -> nodes"],
  ],
  [
    "pods on the host's network are selected by nobody",
    [{ podSelector: {}, policyTypes: ["Ingress", "Egress"] }],
    ["8.8.8.8 -> host", "host -> 8.8.8.8"],
    ["host -> b"],
  ],
  [
    "an ipBlock matches pods by their addresses",
    onB({ from: [{ ipBlock: { cidr: "10.244.0.0/16" } }] }),
    ["a -> b"],
    ["8.8.8.8 -> b"],
    { network: { podCidrs: ["10.244.0.0/16"] } },
  ],
  [
    "but not in Cilium's reading",
    onB({ from: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }),
    ["8.8.8.8 -> b"],
    ["a -> b", "192.168.0.1 -> b", "a -> b SCTP 80"],
    { dialect: "cilium", network: { podCidrs: ["10.244.0.0/16"], nodeAddresses: ["192.168.0.1"] } },
  ],
  [
    "Cilium carries SCTP where it is told to, and shuts out the way to the own node",
    [{ podSelector: app("b"), policyTypes: ["Egress"], egress: [{ to: [{ podSelector: app("a") }] }] }],
    ["b -> a SCTP 80", "own-node -> b"],
    ["b -> own-node"],
    { dialect: "cilium", sctp: true },
  ],
];

describe("NetworkPolicy", () => {
  for (const [says, specs, passes, denied, more] of cases) {
    it(says, () => expectReach(worldUnder("NetworkPolicy", specs, more), passes, denied));
  }

  it("to Cilium, rules of a direction that policyTypes leave out isolate and allow all the same", () => {
    const egress = [{ to: [{ podSelector: app("a") }] }];
    const spec = { podSelector: app("b"), policyTypes: ["Ingress"], egress };
    expectReach(worldUnder("NetworkPolicy", [spec]), ["b -> a", "b -> ya"], ["a -> b"]);
    expectReach(
      worldUnder("NetworkPolicy", [spec], { dialect: "cilium" }),
      ["b -> a"],
      ["a -> b", "b -> ya"],
    );
  });
});
