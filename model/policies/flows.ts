import { didYouMean } from "../did-you-mean.ts";
import type { Problem } from "../problem.ts";
import type { NamespaceSettings } from "../settings.ts";
import { type Flow, type Peer, portText } from "./flow.ts";
import { type Endpoint, type Workload, type WorkloadPort, workloadsOf } from "./workloads.ts";

/** Resolves the flows of all namespaces to peers and port numbers. */
export function resolveFlows({ namespaces }: { readonly namespaces: readonly NamespaceSettings[] }): {
  flows: Flow[];
  problems: Problem[];
} {
  const workloads = workloadsOf(namespaces);
  const flows: Flow[] = [];
  const problems: Problem[] = [];
  namespaces.forEach((ns, i) => {
    ns.flows.forEach((flow, j) => {
      const path = `namespaces[${i}].flows[${j}]`;
      const { from: source, to: target, port } = typeof flow === "string" ? shortForm(flow) : flow;
      const find = (key: "from" | "to", end: unknown) => {
        const text = typeof end === "string" ? end : JSON.stringify(end);
        const name = text.includes("/") ? text : `${ns.name}/${text}`;
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
      const [from, to] = [find("from", source), find("to", target)];
      if (!from || !to) return;
      const wanted = port === undefined ? to.ports.map(({ name }) => name) : [port].flat();
      for (const one of wanted) {
        const answers = portOf(to, one);
        if (answers) {
          const { protocol } = answers;
          const flowPort = { protocol, port: answers.port };
          const text = `${nameOf(from.endpoint)} → ${nameOf(to.endpoint)} ${portText(flowPort)}`;
          flows.push({ from: podsOf(from.endpoint), to: podsOf(to.endpoint), port: flowPort, path, text });
        } else {
          problems.push({
            path: `${path}.port`,
            message: `${nameOf(to.endpoint)} has no port ${one}`,
            remedy: portRemedy(to, one),
          });
        }
      }
    });
  });
  return { flows, problems };
}

function shortForm(text: string): { from: string; to: string; port?: string } {
  const [from = "", rest = ""] = text.split("->").map((part) => part.trim());
  const [to = "", port] = rest.split(":");
  return { from, to, ...(port !== undefined && { port }) };
}

const nameOf = ({ namespace, workload }: Endpoint): string => `${namespace}/${workload}`;

const podsOf = (endpoint: Endpoint): Peer => ({ kind: "pods", ...endpoint });

const portOf = ({ ports }: Workload, wanted: string | number): WorkloadPort | undefined =>
  ports.find(({ name, port }) => name === wanted || String(port) === String(wanted));

function portRemedy({ ports }: Workload, wanted: string | number): string {
  const names = ports.map(({ name }) => name);
  if (names.length === 0) return "declare its ports";
  return didYouMean(String(wanted), names);
}
