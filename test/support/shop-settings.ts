const flows = [
  "api-gateway -> api-backend:http",
  { from: "api-backend", to: "postgres", port: "postgres" },
  { from: "ingress-controller", to: "api-gateway", port: "http" },
  { from: "monitoring", to: "api-backend", port: "metrics" },
];
const wider = [
  { from: "api-backend", to: "203.0.113.0/24", port: 443 },
  { from: "api-backend", to: "api-server" },
  { from: "nodes", to: "api-backend", port: "metrics" },
  { from: "payments/*", to: "api-backend", port: "http" },
  { from: "*", to: "api-gateway", port: "http" },
  { from: "api-gateway", to: "internet", port: 443 },
];
const ofCilium = [
  { from: "api-backend", to: "api.stripe.com", port: 443 },
  { from: "api-backend", to: "*.example.com", port: 443 },
  { from: "payments/pay", to: "api-backend", port: "metrics", http: [{ method: "GET", path: "/v1/.*" }] },
];

/**
 * A shop with a database and a neighbour that it pays through, with flows of every kind.
 * @param kinds - `wider`: beyond workloads and scrapes; `cilium`: those, too, that only Cilium's policies can say
 */
export function shopSettings(kinds: "plain" | "wider" | "cilium", more: object = {}): object {
  return {
    cluster: { name: "test", nodes: 3, nodeCidr: "192.168.0.0/16" },
    ...more,
    namespaces: [
      {
        name: "shop",
        create: true,
        workloads: [
          { name: "api-gateway", ports: { http: 8080 } },
          { name: "api-backend", ports: { http: 8080, metrics: 9090 } },
          { name: "postgres", ports: { postgres: 5432 }, labels: { app: "pg", tier: "db" } },
        ],
        flows: [...flows, ...(kinds === "plain" ? [] : wider), ...(kinds === "cilium" ? ofCilium : [])],
      },
      {
        name: "payments",
        workloads: [{ name: "pay", ports: { grpc: 9000 }, serviceAccount: "pay" }],
        flows: [{ from: "shop/*", to: "pay", port: "grpc" }],
      },
    ],
  };
}

/** The cluster in which it is. */
export const shopCluster = {
  namespaces: ["kube-system", "monitoring", "ingress-nginx", "payments"].map((name) => ({
    name,
    labels: {},
  })),
};

/** The same with NodeLocal DNSCache. */
export const withNodeLocalDns = {
  ...shopCluster,
  daemonSets: [{ namespace: "kube-system", name: "node-local-dns", labels: {} }],
  dnsAddresses: ["10.96.0.10"],
};
