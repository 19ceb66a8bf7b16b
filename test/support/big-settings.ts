/**
 * Settings of a big platform: ten workloads in each namespace, five flows, of which one goes to another
 * namespace.
 */
export function bigSettings(namespaces: number, workloadsEach = 10): object {
  return {
    cluster: { name: "big", nodes: 1000, podCidr: "10.0.0.0/8", serviceCidr: "172.16.0.0/12" },
    cilium: { enabled: false },
    dns: { enabled: false },
    nodeTuning: { enabled: false },
    namespaces: Array.from({ length: namespaces }, (_, n) => ({
      name: `team-${n}`,
      create: true,
      workloads: Array.from({ length: workloadsEach }, (_ignored, w) => ({
        name: `app-${w}`,
        ports: { http: 8080, metrics: 9090 },
      })),
      flows: [
        { from: "app-0", to: "app-1", port: "http" },
        { from: "app-1", to: "app-2", port: "http" },
        { from: "app-1", to: "app-3", port: "metrics" },
        { from: `team-${(n + 1) % namespaces}/app-4`, to: "app-0", port: "http" },
        { from: "app-5", to: n % 10 === 0 ? "203.0.113.0/24" : "app-6", port: 8080 },
      ],
    })),
  };
}
