import { didYouMean } from "../did-you-mean.ts";
import type { Problem } from "../problem.ts";
import type { NamespaceSettings, WorkloadSettings } from "../settings.ts";

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

/** The label that names a workload's pods unless the settings say otherwise. */
const nameLabel = "app.kubernetes.io/name";

/** Resolves the flows of all namespaces to endpoints and port numbers. */
export function resolveFlows(namespaces: readonly NamespaceSettings[]): {
  flows: Flow[];
  problems: Problem[];
} {
  const workloads = new Map<string, { endpoint: Endpoint; settings: WorkloadSettings }>();
  for (const ns of namespaces) {
    for (const settings of ns.workloads) {
      const labels = settings.labels ?? { [nameLabel]: settings.name };
      const endpoint = { namespace: ns.name, workload: settings.name, labels };
      workloads.set(`${ns.name}/${settings.name}`, { endpoint, settings });
    }
  }

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
      const port = resolvePort(to.settings, flow.port);
      if (port) flows.push({ from: from.endpoint, to: to.endpoint, ...port });
      else {
        problems.push({
          path: `${path}.port`,
          message: `${to.endpoint.namespace}/${to.endpoint.workload} has no port ${flow.port}`,
          remedy: portRemedy(to.settings, flow.port),
        });
      }
    });
  });
  return { flows, problems };
}

function resolvePort(
  workload: WorkloadSettings,
  wanted: string | number,
): { port: number; protocol: Protocol } | undefined {
  const ports = Object.entries(workload.ports).map(([name, value]) => ({
    name,
    ...(typeof value === "number" ? { port: value, protocol: "TCP" as const } : value),
  }));
  const found = ports.find((p) => (typeof wanted === "number" ? p.port === wanted : p.name === wanted));
  return found && { port: found.port, protocol: found.protocol };
}

function portRemedy(workload: WorkloadSettings, wanted: string | number): string {
  const names = Object.keys(workload.ports);
  if (names.length === 0) return "declare its ports";
  return didYouMean(String(wanted), names);
}
