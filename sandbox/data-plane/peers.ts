import type { V1Deployment } from "@kubernetes/client-node";

/** A port by its number, or with a protocol of its own. */
export type PeerPort = number | { readonly port: number; readonly protocol: "TCP" | "UDP" | "SCTP" };

export interface PeerOptions {
  /** @default 1 */
  readonly replicas?: number;
  /** Node to run on. @default the scheduler's choice */
  readonly node?: string;
  /** What is served on ports that are mere numbers. @default "http" */
  readonly protocol?: "http" | "tcp" | "udp";
  /** Labels of the pods. @default app.kubernetes.io/name, by which a flow's workload is found */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A Deployment of pods that answer on ports, by name: ready once they do. */
export function peers(
  namespace: string,
  name: string,
  ports: Readonly<Record<string, PeerPort>>,
  { replicas = 1, node, protocol = "http", labels = { "app.kubernetes.io/name": name } }: PeerOptions = {},
): V1Deployment {
  const served = Object.entries(ports).map(([portName, value]) => {
    if (typeof value !== "number") return { portName, ...value, flag: value.protocol.toLowerCase() };
    return { portName, port: value, protocol: protocol === "udp" ? "UDP" : "TCP", flag: protocol };
  });
  const tcp = served.find((one) => one.protocol === "TCP");
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels: { ...labels } },
    spec: {
      replicas,
      selector: { matchLabels: { ...labels } },
      template: {
        metadata: { labels: { ...labels } },
        spec: {
          terminationGracePeriodSeconds: 1,
          ...(node !== undefined && { nodeSelector: { "kubernetes.io/hostname": node } }),
          containers: [
            {
              name: "server",
              image: "peer",
              args: ["serve", ...served.flatMap(({ flag, port }) => [`--${flag}`, `${port}`])],
              ports: served.map((one) => ({
                name: one.portName,
                containerPort: one.port,
                protocol: one.protocol,
              })),
              ...(tcp && { readinessProbe: { tcpSocket: { port: tcp.port } } }),
            },
          ],
        },
      },
    },
  };
}
