import { didYouMean } from "../did-you-mean.ts";
import type { Problem } from "../problem.ts";
import type { NamespaceSettings } from "../settings.ts";

type Protocol = "TCP" | "UDP" | "SCTP";

/** A workload in its namespace. */
export interface Endpoint {
  readonly namespace: string;
  readonly workload: string;
  /** Labels that select its pods. */
  readonly labels: Readonly<Record<string, string>>;
}

/** A connection that is meant to pass: the port is the container's, as policies see it. */
export interface Flow {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly port: number;
  readonly protocol: Protocol;
}

/** Who runs in a namespace, and where it answers: the ports are the containers'. */
export interface Workload {
  readonly endpoint: Endpoint;
  readonly ports: readonly { readonly name: string; readonly port: number; readonly protocol: Protocol }[];
}

/** The label that names a workload's pods unless the settings say otherwise. */
const nameLabel = "app.kubernetes.io/name";

/** The workloads of all namespaces, by "namespace/name". */
export function workloadsOf(namespaces: readonly NamespaceSettings[]): Map<string, Workload> {
  const all = namespaces.flatMap(({ name, workloads }) =>
    workloads.map((settings) => ({ namespace: name, settings })),
  );
  return new Map(
    all.map(({ namespace, settings: { name, labels, ports } }) => [
      `${namespace}/${name}`,
      {
        endpoint: { namespace, workload: name, labels: labels ?? { [nameLabel]: name } },
        ports: Object.entries(ports).map(([portName, value]) => ({
          name: portName,
          ...(typeof value === "number" ? { port: value, protocol: "TCP" as const } : value),
        })),
      },
    ]),
  );
}

/** Resolves the flows of all namespaces to endpoints and port numbers. */
export function resolveFlows(namespaces: readonly NamespaceSettings[]): {
  flows: Flow[];
  problems: Problem[];
} {
  const workloads = workloadsOf(namespaces);
  const flows: Flow[] = [];
  const problems: Problem[] = [];
  namespaces.forEach((ns, i) => {
    ns.flows.forEach((flow, j) => {
      const path = `namespaces[${i}].flows[${j}]`;
      const find = (key: "from" | "to") => {
        const name = flow[key].includes("/") ? flow[key] : `${ns.name}/${flow[key]}`;
        const found = workloads.get(name);
        if (!found) {
          problems.push({
            path: `${path}.${key}`,
            message: `No workload ${name} is declared`,
            remedy:
              workloads.size > 0 ? didYouMean(name, [...workloads.keys()]) : "declare it under workloads",
          });
        }
        return found;
      };
      const [from, to] = [find("from"), find("to")];
      if (!from || !to) return;
      const answers = portOf(to, flow.port);
      if (answers) {
        const { port, protocol } = answers;
        flows.push({ from: from.endpoint, to: to.endpoint, port, protocol });
      } else {
        problems.push({
          path: `${path}.port`,
          message: `${to.endpoint.namespace}/${to.endpoint.workload} has no port ${flow.port}`,
          remedy: portRemedy(to, flow.port),
        });
      }
    });
  });
  return { flows, problems };
}

const portOf = ({ ports }: Workload, wanted: string | number): Workload["ports"][number] | undefined =>
  ports.find(({ name, port }) => (typeof wanted === "number" ? port === wanted : name === wanted));

function portRemedy({ ports }: Workload, wanted: string | number): string {
  const names = ports.map(({ name }) => name);
  if (names.length === 0) return "declare its ports";
  return didYouMean(String(wanted), names);
}
