import { endText } from "./end-text.ts";
import { type Flow, type FlowPort, portText } from "./flow.ts";
import type { Sides } from "./sides.ts";

/** Clauses that are written out; a policy with more says how many there are. */
const mostClauses = 20;
/** An annotation is read by people, and stands in the stack's state. */
const longest = 2000;

/** Why a policy exists: its flows in words, as many as one can read. */
export function becauseOf(sides: Sides, everyPod: Sides | undefined): string {
  const { namespace, workload } = sides;
  const name = workload?.workload ?? `every pod of ${namespace}`;
  const clauses = [...clausesOf(sides, "from"), ...clausesOf(sides, "to")];
  const said = clauses.slice(0, mostClauses);
  while (said.length > 1 && said.join(", ").length > longest) said.pop();
  const more = clauses.length - said.length;
  const rest = more > 0 ? ` and ${more} more` : "";
  const shared = workload && everyPod ? `; with what every pod of ${namespace} may` : "";
  return `Declared flows of ${name}: ${said.join(", ")}${rest}${shared}`;
}

/** One for each other end, with all its ports: "from api-gateway on TCP 8080, TCP 9090". */
function clausesOf(sides: Sides, way: "from" | "to"): string[] {
  const ports = new Map<string, Map<string, FlowPort | undefined>>();
  for (const flow of way === "from" ? sides.ingress : sides.egress) {
    const end = endText(flow[way], sides.namespace);
    const known = ports.get(end) ?? new Map<string, FlowPort | undefined>();
    ports.set(end, known);
    known.set(portText(flow.port) + requests(flow), flow.port);
  }
  return [...ports]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([end, known]) => `${way} ${end} on ${[...known.keys()].sort().join(" and ")}`);
}

const requests = ({ http }: Flow): string =>
  http === undefined
    ? ""
    : ` (${http.map(({ method = "any method", path = "any path" }) => `${method} ${path}`).join(", ")})`;
