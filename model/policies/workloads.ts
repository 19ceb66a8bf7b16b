import type { NamespaceSettings } from "../settings.ts";
import type { Labels, Protocol } from "./flow.ts";

/** A workload in its namespace. */
interface Endpoint {
  readonly namespace: string;
  readonly workload: string;
  /** Labels that select its pods. */
  readonly labels: Labels;
  /** Account that its pods run under; absent where nobody said it. */
  readonly serviceAccount?: string;
}

/** Who runs in a namespace, and where it answers: the ports are the containers'. */
export interface Workload {
  readonly endpoint: Endpoint;
  readonly ports: readonly WorkloadPort[];
}

interface WorkloadPort {
  readonly name: string;
  readonly port: number;
  readonly protocol: Protocol;
}

/** The label that names a workload's pods unless the settings say otherwise. */
const nameLabel = "app.kubernetes.io/name";

/** The workloads of all namespaces, by "namespace/name". */
export function workloadsOf(namespaces: readonly NamespaceSettings[]): Map<string, Workload> {
  const all = namespaces.flatMap(({ name, workloads }) =>
    workloads.map((settings) => ({ namespace: name, settings })),
  );
  return new Map(
    all.map(({ namespace, settings: { name, labels, ports, serviceAccount } }) => [
      `${namespace}/${name}`,
      {
        endpoint: {
          namespace,
          workload: name,
          labels: labels ?? { [nameLabel]: name },
          ...(serviceAccount !== undefined && { serviceAccount }),
        },
        ports: Object.entries(ports).map(([portName, value]) => ({
          name: portName,
          ...(typeof value === "number" ? { port: value, protocol: "TCP" as const } : value),
        })),
      },
    ]),
  );
}
