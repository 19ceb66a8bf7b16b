import type { Problem } from "../problem.ts";
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

/**
 * Labels that do not tell a workload's pods from others: its policy would select those, too, give them its
 * flows, and isolate them before their own policy is there.
 */
export function workloadProblems(namespaces: readonly NamespaceSettings[]): Problem[] {
  const remedy = "give it labels that its own pods have, and no other workload's";
  const workloads = workloadsOf(namespaces);
  return namespaces.flatMap(({ name: namespace, workloads: declared }, i) => {
    const all = declared.map(({ name }) => {
      const labels = workloads.get(`${namespace}/${name}`)?.endpoint.labels ?? {};
      return { name, labels: Object.entries(labels).map(([key, value]) => `${key}=${value}`) };
    });
    const having = new Map<string, typeof all>();
    for (const one of all) {
      for (const label of one.labels) having.set(label, [...(having.get(label) ?? []), one]);
    }
    return all.flatMap(({ name, labels }, j) => {
      const path = `namespaces[${i}].workloads[${j}].labels`;
      const [first] = labels;
      if (first === undefined) {
        return [{ path, message: `No labels select every pod of ${namespace}`, remedy }];
      }
      const other = having
        .get(first)
        ?.find((one) => one.name !== name && labels.every((label) => one.labels.includes(label)));
      if (!other) return [];
      return [
        { path, message: `${labels.join(",")} of ${name} selects the pods of ${other.name}, too`, remedy },
      ];
    });
  });
}
