import { cilium, clusterWide, type Difference, into } from "./cilium-case.ts";
import { deny, of, policy } from "./policy-case.ts";

const server = { podSelector: of({ app: "server" }) };
const client = { podSelector: of({ app: "client" }) };

/** What isolates, what is allowed on which ports, and what a deny does. */
export const ciliumRules: readonly Difference[] = [
  {
    title: "SCTP is off",
    source: "Documentation/configuration/sctp.rst",
    policies: [],
    kubernetes: ["shop/client → shop/server SCTP 80: +"],
    cilium: ["shop/client → shop/server SCTP 80: -", "shop/client → shop/server TCP 80: +"],
  },
  {
    title: "SCTP that is on is judged like the others",
    source: "Documentation/configuration/sctp.rst",
    policies: [policy("shop", { ...server, ingress: [{ ports: [{ port: 80, protocol: "SCTP" }] }] })],
    sctp: true,
    cilium: [
      "shop/client → shop/server SCTP 80: +",
      "shop/client → shop/server SCTP 81: -",
      "shop/client → shop/server TCP 80: -",
    ],
  },
  {
    title: "an empty rule is nobody, where Kubernetes' is everybody",
    source: "Documentation/security/policy/layer3.rst",
    policies: [cilium({ ingress: [{}] })],
    cilium: into({ "shop/client": "-", nodes: "-", "203.0.113.7": "-", "own-node": "+" }),
  },
  {
    title: "an empty list of peers is nobody, too",
    source: "pkg/policy/utils/parserules.go",
    policies: [cilium({ ingress: [{ fromEndpoints: [] }] })],
    cilium: into({ "shop/client": "-", "203.0.113.7": "-" }),
  },
  {
    title: "ports without peers are for everybody",
    source: "Documentation/security/policy/layer4.rst",
    policies: [cilium({ ingress: [{ toPorts: [{ ports: [{ port: "80", protocol: "TCP" }] }] }] })],
    cilium: [...into({ "shop/client": "+", "203.0.113.7": "+" }), "shop/client → shop/server TCP 81: -"],
  },
  {
    title: "a port without a protocol is one of every protocol, where Kubernetes' is one of TCP",
    source: "Documentation/security/policy/layer4.rst",
    policies: [cilium({ ingress: [{ toPorts: [{ ports: [{ port: "80" }] }] }] })],
    cilium: ["shop/client → shop/server TCP 80: +", "shop/client → shop/server UDP 80: +"],
  },
  {
    title: "a range of ports, and none behind a name",
    source: "Documentation/security/policy/layer4.rst",
    policies: [
      cilium({
        ingress: [
          {
            toPorts: [
              {
                ports: [
                  { port: "8000", endPort: 8002, protocol: "TCP" },
                  { port: "http", endPort: 90 },
                ],
              },
            ],
          },
        ],
      }),
    ],
    cilium: [7999, 8000, 8002, 8003, 80, 81].map(
      (port) => `shop/client → shop/server TCP ${port}: ${[8000, 8002, 80].includes(port) ? "+" : "-"}`,
    ),
  },
  {
    title: "a cluster-wide policy is for the pods of all namespaces",
    source: "Documentation/security/policy/kubernetes.rst",
    policies: [cilium({ endpointSelector: {}, ingress: [{}] }, clusterWide)],
    cilium: ["shop/client → other/client TCP 80: -", "other/client → shop/server TCP 80: -"],
  },
  // The columns of the table of deny policies: what is denied beside the allows, and what becomes of ports 80 and 81.
  ...(
    [
      ["nothing", [], "+", "+", true],
      ["port 80", [{ toPorts: [{ ports: [{ port: "80", protocol: "TCP" }] }] }], "-", "+", true],
      ["the client", [{ fromEndpoints: [of({ app: "client" })] }], "-", "-", true],
      [
        "port 80 and the client",
        [
          { toPorts: [{ ports: [{ port: "80", protocol: "TCP" }] }] },
          { fromEndpoints: [of({ app: "client" })] },
        ],
        "-",
        "-",
        true,
      ],
      [
        "port 80, and nothing allowed",
        [{ toPorts: [{ ports: [{ port: "80", protocol: "TCP" }] }] }],
        "-",
        "-",
        false,
      ],
    ] as const
  ).map(([what, ingressDeny, on80, on81, isAllowed]): Difference => ({
    title: `deny wins: ${what}`,
    source: "Documentation/security/policy/deny.rst",
    policies: [
      ...(isAllowed
        ? [
            cilium(
              { ingress: [{ toPorts: [{ ports: [{ port: "80" }, { port: "81" }] }] }] },
              "shop",
              "ports",
            ),
            policy("shop", { ...server, ingress: [{ from: [client] }] }, "client"),
          ]
        : []),
      ...(ingressDeny.length > 0 ? [cilium({ ingressDeny }, clusterWide, "deny")] : []),
    ],
    cilium: [`shop/client → shop/server TCP 80: ${on80}`, `shop/client → shop/server TCP 81: ${on81}`],
  })),
  {
    title: "denying the world leaves the cluster, where something allows it",
    source: "Documentation/security/policy/deny.rst",
    policies: [
      cilium(
        { ingressDeny: [{ fromEntities: ["world"] }], ingress: [{ fromEntities: ["all"] }] },
        clusterWide,
      ),
    ],
    cilium: into({ "shop/client": "+", nodes: "+", "203.0.113.7": "-" }),
  },
  {
    title: "enableDefaultDeny: false isolates nobody",
    source: "Documentation/security/policy/intro.rst",
    policies: [
      cilium({
        enableDefaultDeny: { ingress: false },
        ingress: [{ fromEndpoints: [of({ app: "nobody" })] }],
      }),
    ],
    cilium: into({ "shop/client": "+", "203.0.113.7": "+" }),
  },
  {
    title: "enableDefaultDeny: false is for its direction alone",
    source: "Documentation/security/policy/intro.rst",
    policies: [cilium({ enableDefaultDeny: { egress: false }, ingress: [{}], egress: [{}] })],
    cilium: ["shop/client → shop/server TCP 80: -", "shop/server → shop/client TCP 80: +"],
  },
  {
    title: "enableDefaultDeny: false isolates nobody that another policy does not, and still allows",
    source: "Documentation/security/policy/intro.rst",
    policies: [
      policy("shop", { ingress: deny }),
      cilium({
        enableDefaultDeny: { ingress: false },
        ingress: [{ fromEndpoints: [of({ app: "client" })] }],
      }),
    ],
    cilium: into({ "shop/client": "+", "other/client": "-", "203.0.113.7": "-" }),
  },
  {
    title: "enableDefaultDeny: false does not keep a deny from denying",
    source: "Documentation/security/policy/intro.rst",
    policies: [cilium({ enableDefaultDeny: { ingress: false }, ingressDeny: [{ fromEntities: ["world"] }] })],
    cilium: into({ "shop/client": "+", "203.0.113.7": "-" }),
  },
  {
    title: "policies of both kinds add up",
    source: "Documentation/network/kubernetes/policy.rst",
    policies: [
      policy("shop", { ...server, ingress: [{ from: [client] }] }),
      cilium({ ingress: [{ fromEntities: ["remote-node"] }] }),
    ],
    cilium: into({ "shop/client": "+", nodes: "+", "other/client": "-" }),
  },
  {
    title: "a policy for nodes is about no pod",
    source: "Documentation/security/policy/host.rst",
    policies: [
      {
        apiVersion: "cilium.io/v2",
        kind: "CiliumClusterwideNetworkPolicy",
        metadata: { name: "host" },
        spec: { nodeSelector: {}, ingress: [{}] },
      },
    ],
    cilium: into({ "shop/client": "+", "203.0.113.7": "+" }),
  },
];
