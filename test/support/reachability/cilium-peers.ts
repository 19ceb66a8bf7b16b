import { cilium, clusterWide, type Difference, into } from "./cilium-case.ts";
import { deny, of, policy } from "./policy-case.ts";

const server = { podSelector: of({ app: "server" }) };
const client = { podSelector: of({ app: "client" }) };
const toClients = (spec: object): object => cilium({ endpointSelector: of({ app: "client" }), ...spec });
const allowedFrom = (word: string, list: readonly unknown[]): object =>
  cilium({ ingress: [{ [word]: list }] });
const outOf = (cells: Readonly<Record<string, "+" | "-" | "?">>): string[] =>
  Object.entries(cells).map(([who, cell]) => `shop/client → ${who} TCP 443: ${cell}`);

/** Who is meant by blocks, selectors, entities and names. */
export const ciliumPeers: readonly Difference[] = [
  {
    title: "an ipBlock means neither pods nor nodes: ingress",
    source: "Documentation/network/kubernetes/policy.rst",
    policies: [policy("shop", { ...server, ingress: [{ from: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }] })],
    kubernetes: into({ "shop/client": "+", nodes: "+", "203.0.113.7": "+" }),
    cilium: into({ "shop/client": "-", nodes: "-", "203.0.113.7": "+" }),
  },
  {
    title: "an ipBlock means neither pods nor nodes: egress",
    source: "Documentation/network/kubernetes/policy.rst",
    policies: [policy("shop", { ...client, egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }] })],
    kubernetes: outOf({ "shop/server": "+", "192.168.0.2": "+", "203.0.113.7": "+" }),
    cilium: outOf({ "shop/server": "-", "192.168.0.2": "-", "203.0.113.7": "+" }),
  },
  {
    title: "no CIDR means an API server that runs on a node",
    source: "Documentation/security/policy/layer3.rst",
    policies: [policy("shop", { ...client, egress: [{ to: [{ ipBlock: { cidr: "192.168.0.1/32" } }] }] })],
    apiServer: "on a node",
    kubernetes: outOf({ "api-server": "+" }),
    cilium: outOf({ "api-server": "-" }),
  },
  {
    title: "a CIDR means an API server beside the nodes",
    source: "Documentation/security/policy/layer3.rst",
    policies: [policy("shop", { ...client, egress: [{ to: [{ ipBlock: { cidr: "198.51.100.10/32" } }] }] })],
    kubernetes: outOf({ "api-server": "+", "198.51.100.10": "+", "198.51.100.11": "-" }),
    cilium: outOf({ "api-server": "+", "198.51.100.10": "+", "198.51.100.11": "-" }),
  },
  {
    title: "a pod's own node reaches it, but is not always reached",
    source: "Documentation/security/policy/layer3.rst",
    policies: [policy("shop", { ingress: deny, egress: deny })],
    kubernetes: ["own-node → shop/server TCP 80: +", "shop/server → own-node TCP 80: +"],
    cilium: ["own-node → shop/server TCP 80: +", "shop/server → own-node TCP 80: -"],
  },
  {
    title: "the empty selector is every pod of the namespace, and nobody else",
    source: "Documentation/security/policy/layer3.rst",
    policies: [allowedFrom("fromEndpoints", [{}])],
    cilium: into({ "shop/client": "+", "other/client": "-", "203.0.113.7": "-", nodes: "-" }),
  },
  {
    title: "the empty selector of a cluster-wide policy is every pod",
    source: "Documentation/security/policy/kubernetes.rst",
    policies: [cilium({ ingress: [{ fromEndpoints: [{}] }] }, clusterWide)],
    cilium: into({ "shop/client": "+", "other/client": "+", "203.0.113.7": "-", nodes: "-" }),
  },
  {
    title: "a label names the namespace",
    source: "Documentation/security/policy/kubernetes.rst",
    policies: [
      allowedFrom("fromEndpoints", [of({ app: "client", "k8s:io.kubernetes.pod.namespace": "other" })]),
    ],
    cilium: into({ "other/client": "+", "shop/client": "-" }),
  },
  {
    title: "labels of namespaces leave the policy's own",
    source: "Documentation/security/policy/kubernetes.rst",
    policies: [allowedFrom("fromEndpoints", [of({ "io.cilium.k8s.namespace.labels.team": "b" })])],
    cilium: into({ "other/client": "+", "shop/client": "-" }),
  },
  {
    title: "service accounts",
    source: "Documentation/security/policy/kubernetes.rst",
    policies: [allowedFrom("fromEndpoints", [of({ "io.cilium.k8s.policy.serviceaccount": "luke" })])],
    cilium: into({ "shop/luke": "+", "shop/client": "-" }),
  },
  ...(
    [
      [
        "all",
        {
          "shop/client": "+",
          "own-node": "+",
          nodes: "+",
          "api-server": "+",
          ingress: "+",
          "203.0.113.7": "+",
        },
      ],
      ["world", { "shop/client": "-", nodes: "-", ingress: "-", "api-server": "+", "203.0.113.7": "+" }],
      [
        "cluster",
        {
          "shop/client": "+",
          "own-node": "+",
          nodes: "+",
          ingress: "+",
          "api-server": "+",
          "203.0.113.7": "-",
        },
      ],
      [
        "host",
        {
          "shop/client": "-",
          "own-node": "+",
          nodes: "-",
          ingress: "-",
          "api-server": "-",
          "203.0.113.7": "-",
        },
      ],
      [
        "remote-node",
        { "shop/client": "-", nodes: "+", "192.168.0.2": "+", ingress: "-", "203.0.113.7": "-" },
      ],
      [
        "kube-apiserver",
        { "shop/client": "-", ingress: "-", "api-server": "+", "198.51.100.10": "+", "203.0.113.7": "-" },
      ],
      ["ingress", { "shop/client": "-", nodes: "-", ingress: "+", "api-server": "-", "203.0.113.7": "-" }],
    ] as const
  ).map(([entity, cells]): Difference => ({
    title: `entity ${entity}`,
    source: "Documentation/security/policy/layer3.rst",
    policies: [allowedFrom("fromEntities", [entity])],
    cilium: into(cells),
  })),
  {
    title: "an API server on a node is a remote node, and not of the world",
    source: "Documentation/security/policy/layer3.rst",
    policies: [cilium({ ingress: [{ fromEntities: ["remote-node"] }], egress: [{ toEntities: ["world"] }] })],
    apiServer: "on a node",
    cilium: [...into({ "api-server": "+" }), "shop/server → api-server TCP 443: -"],
  },
  {
    title: "the world is what 0.0.0.0/0 is",
    source: "Documentation/security/policy/layer3.rst",
    policies: [allowedFrom("fromCIDR", ["0.0.0.0/0"])],
    cilium: into({ "shop/client": "-", nodes: "-", ingress: "-", "203.0.113.7": "+" }),
  },
  {
    title: "a CIDR with exceptions",
    source: "Documentation/security/policy/layer3.rst",
    policies: [
      toClients({ egress: [{ toCIDRSet: [{ cidr: "203.0.113.0/24", except: ["203.0.113.128/25"] }] }] }),
    ],
    cilium: outOf({ "203.0.113.7": "+", "203.0.113.200": "-", "198.51.100.11": "-" }),
  },
  ...(
    [
      ["*.cilium.io", { "sub.cilium.io": "+", "cilium.io": "-", "sub.sub.cilium.io": "-" }],
      ["part*ial.com", { "partial.com": "+", "part-extra-ial.com": "+", "parti.al.com": "-" }],
      ["**.cilium.io", { "app.cilium.io": "+", "test.app.cilium.io": "+", "cilium.io": "-" }],
      ["*", { "anything.example": "+" }],
    ] as const
  ).map(([matchPattern, cells]): Difference => ({
    title: `names by the pattern ${matchPattern}`,
    source: "Documentation/security/policy/layer3.rst",
    policies: [toClients({ egress: [{ toFQDNs: [{ matchPattern }] }] })],
    cilium: [...outOf(cells), ...outOf({ "shop/server": "-", nodes: "-" })],
  })),
  {
    title: "a name alone, and nobody knows which addresses are its",
    source: "Documentation/security/policy/layer3.rst",
    policies: [
      toClients({
        egress: [
          {
            toFQDNs: [{ matchName: "api.stripe.com" }],
            toPorts: [{ ports: [{ port: "443", protocol: "TCP" }] }],
          },
        ],
      }),
    ],
    cilium: [
      ...outOf({ "api.stripe.com": "+", "www.stripe.com": "-", "203.0.113.7": "?" }),
      "shop/client → api.stripe.com TCP 80: -",
    ],
  },
];
