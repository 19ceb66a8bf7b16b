import type { Problem } from "../problem.ts";
import { endText } from "./end-text.ts";
import { type PolicyFacts, policyFacts } from "./facts.ts";
import type { EndProblem } from "./flow-cidr.ts";
import { type End, EndReader, type ResolvingSettings } from "./flow-end.ts";
import { flowPorts } from "./flow-port.ts";
import { type Flow, peerKey, portText } from "./flow.ts";
import { type FlowSettings, readShortForm } from "./short-form.ts";

/**
 * Resolves the flows of all namespaces to peers and port numbers. What is declared twice, as two teams may
 * do from either end, is one flow.
 * @param facts - what is known of the cluster; without it what the settings say
 */
export function resolveFlows(
  settings: ResolvingSettings,
  facts: PolicyFacts = policyFacts(settings),
): { flows: Flow[]; problems: Problem[] } {
  const reader = new EndReader(settings);
  const flows: Flow[] = [];
  const known: Known = { keys: new Set(), plain: new Map(), limited: new Map() };
  const problems: Problem[] = [];
  settings.namespaces.forEach((namespace, i) => {
    namespace.flows.forEach((given, j) => {
      const path = `namespaces[${i}].flows[${j}]`;
      const read = typeof given === "string" ? readShortForm(given, path) : { flow: given };
      if (read.problem) {
        problems.push(read.problem);
        return;
      }
      const from = reader.read(read.flow.from, namespace);
      const to = reader.read(read.flow.to, namespace);
      if (isProblem(from)) problems.push({ path: `${path}.from`, ...from });
      if (isProblem(to)) problems.push({ path: `${path}.to`, ...to });
      if (isProblem(from) || isProblem(to)) return;
      const resolved = connect(read.flow, from, to, reader, facts, path);
      if ("problem" in resolved) problems.push(resolved.problem);
      else
        for (const flow of resolved.flows) {
          const problem = knownBefore(flow, known);
          if (problem === undefined) flows.push(flow);
          else if (problem !== duplicate) problems.push(problem);
        }
    });
  });
  return { flows, problems };
}

type Resolved = { readonly flows: readonly Flow[] } | { readonly problem: Problem };

function connect(
  given: FlowSettings,
  from: End,
  to: End,
  reader: EndReader,
  facts: PolicyFacts,
  path: string,
): Resolved {
  const { http } = given;
  if (from.peers.some(({ kind }) => kind === "fqdn")) {
    const message = `${nameOf(from)} is a name, and a connection comes from an address`;
    return { problem: { path: `${path}.from`, message, remedy: "write its addresses as a range" } };
  }
  if (![...from.peers, ...to.peers].some((peer) => reader.governs(peer))) {
    const message = `Neither ${nameOf(from)} nor ${nameOf(to)} are pods of a declared namespace`;
    return {
      problem: { path, message, remedy: "declare the namespace of one of them, or leave the flow out" },
    };
  }
  const found = flowPorts(given, to, nameOf(to), facts);
  if (isProblem(found)) return { problem: { path: `${path}.port`, ...found } };
  if (http && found.ports.some((port) => port?.protocol !== "TCP" || port.endPort !== undefined)) {
    const message = `http needs ports of TCP one by one, not ${found.ports.map(portText).join(", ")}`;
    return { problem: { path: `${path}.http`, message, remedy: "name the port that serves HTTP" } };
  }
  return {
    flows: found.ports.flatMap((port) =>
      from.peers.flatMap((source) =>
        to.peers.map((target) => ({
          from: source,
          to: target,
          ...(port && { port }),
          ...(http && { http }),
          path,
          text: `${endText(source)} → ${endText(target)} ${portText(port)}`,
        })),
      ),
    ),
  };
}

/** What was declared already, by ends and port; with limits on requests apart. */
interface Known {
  readonly keys: Set<string>;
  readonly plain: Map<string, Flow>;
  readonly limited: Map<string, Flow>;
}
const duplicate = "duplicate";

/** Whether a flow is there already; requests are no limit where another flow lets all of them pass. */
function knownBefore(flow: Flow, { keys, plain, limited }: Known): Problem | typeof duplicate | undefined {
  const ends = `${peerKey(flow.from)} ${peerKey(flow.to)} ${portText(flow.port)}`;
  const key = flow.http ? `${ends} ${JSON.stringify(flow.http)}` : ends;
  if (keys.has(key)) return duplicate;
  keys.add(key);
  (flow.http ? limited : plain).set(ends, flow);
  const [open, bounded] = [plain.get(ends), limited.get(ends)];
  return open && bounded && withoutEffect(bounded, open);
}

const withoutEffect = ({ path, text }: Flow, plain: Flow): Problem => ({
  path: `${path}.http`,
  message: `${plain.path} lets every request of ${text} pass`,
  remedy: "leave out one of the two flows",
});

const nameOf = ({ peers: [peer], workload }: End): string => {
  if (workload) return `${workload.endpoint.namespace}/${workload.endpoint.workload}`;
  return peer ? endText(peer).replace(/ \(IPv4\)$/, "") : "";
};

const isProblem = (found: object): found is EndProblem => "remedy" in found;
