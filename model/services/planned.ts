import type { Flow, Labels, Protocol } from "../policies/flow.ts";
import { workloadsOf } from "../policies/workloads.ts";
import type { Problem } from "../problem.ts";
import type { Settings } from "../settings.ts";

/** A Service before it becomes a resource. */
export interface PlannedService {
  readonly namespace: string;
  /** The workload's, so that clients know it. */
  readonly name: string;
  /** Without an address of its own: its name stands for the addresses of the pods. */
  readonly headless: boolean;
  /** Whether the name stands for pods, too, that are not ready yet. */
  readonly publishNotReadyAddresses: boolean;
  readonly selector: Labels;
  readonly ports: readonly ServicePort[];
  /** The namespace is only observed: nothing new is written there, and what is there goes on. */
  readonly observed: boolean;
  /** Why it exists, and why in this form: for the object's annotation and the report. */
  readonly because: string;
  /** The workload in the settings, such as namespaces[0].workloads[1]. */
  readonly path: string;
}

interface ServicePort {
  readonly name: string;
  readonly port: number;
  /** The container's, by number: a name would lead nowhere in pods that do not name their ports. */
  readonly targetPort: number;
  readonly protocol: Protocol;
}

type WorkloadSettings = Settings["namespaces"][number]["workloads"][number];

/**
 * A Service for each workload at which a flow ends, unless the workload's `service` says otherwise. A port
 * of it is the container's port under the same number and name, so what a client connects to reads as the
 * flow that lets it pass. None has a port on the nodes. Families of addresses are left to the cluster: it
 * gives a Service the one that its own Services have, and one that is asked for by name is no better.
 */
export function plannedServices(
  settings: Pick<Settings, "namespaces" | "profile">,
  flows: readonly Flow[],
): { services: PlannedService[]; problems: Problem[] } {
  const workloads = workloadsOf(settings.namespaces);
  const ends = endsOf(flows);
  const services: PlannedService[] = [];
  const problems: Problem[] = [];
  settings.namespaces.forEach((ns, i) => {
    ns.workloads.forEach((workload, j) => {
      const key = `${ns.name}/${workload.name}`;
      const { endpoint, ports = [] } = workloads.get(key) ?? {};
      const isAsked = workload.service !== "auto" && workload.service !== "none";
      if (!endpoint || workload.service === "none" || !(isAsked || ends.has(key))) return;
      const { headless, because } = formOf(workload, settings.profile);
      // Nobody can connect to a port that is not declared; names of pods are of use without one.
      if (ports.length === 0 && !isAsked) return;
      const service: PlannedService = {
        namespace: ns.name,
        name: workload.name,
        headless,
        publishNotReadyAddresses: headless && ends.get(key)?.has(key) === true,
        selector: endpoint.labels,
        ports: ports.map(({ name, port, protocol }) => ({ name, port, targetPort: port, protocol })),
        observed: ns.stage === "observe",
        because: `${ends.has(key) ? "Declared flows end here" : "The workload asks for it"}; ${because}`,
        path: `namespaces[${i}].workloads[${j}]`,
      };
      services.push(service);
      problems.push(...problemsOf(service));
    });
  });
  return { services, problems };
}

/** Who connects to a workload, by "namespace/name" of the workload. */
function endsOf(flows: readonly Flow[]): Map<string, Set<string>> {
  const ends = new Map<string, Set<string>>();
  for (const { from, to } of flows) {
    if (to.kind !== "pods" || to.workload === undefined || to.namespace === undefined) continue;
    const key = `${to.namespace}/${to.workload}`;
    const known = ends.get(key) ?? new Set();
    ends.set(key, known.add(from.kind === "pods" ? `${from.namespace ?? "*"}/${from.workload ?? "*"}` : ""));
  }
  return ends;
}

function formOf(
  { service, stateful }: WorkloadSettings,
  profile: Settings["profile"],
): { headless: boolean; because: string } {
  if (service === "clusterIP") return { headless: false, because: "one address, as the settings say" };
  if (service === "headless") return { headless: true, because: "headless, as the settings say" };
  if (stateful) {
    return {
      headless: true,
      because: "headless, for each pod of a stateful workload is known by its own name",
    };
  }
  if (profile === "legacy-static-ip") {
    return {
      headless: true,
      because: "headless, for the profile's names stand for the pods' own addresses",
    };
  }
  return { headless: false, because: "one address, behind which pods come and go" };
}

/** What the API server would refuse in the middle of a deployment, or what would lead nowhere. */
function problemsOf({ namespace, name, path, headless, ports }: PlannedService): Problem[] {
  const problems: Problem[] = [];
  const otherwise = "set service: none";
  if (!/^[a-z]/.test(name)) {
    problems.push({
      path: `${path}.name`,
      message: `${name} cannot be the name of a Service, which begins with a letter`,
      remedy: `rename the workload, or ${otherwise}`,
    });
  }
  if (!headless && ports.length === 0) {
    problems.push({
      path: `${path}.ports`,
      message: `${namespace}/${name} declares no port, and a Service with an address needs one`,
      remedy: "declare its ports, or set service: headless",
    });
  }
  ports.forEach(({ name: portName, port, protocol }, k) => {
    const first = ports.findIndex((other) => other.port === port && other.protocol === protocol);
    const twin = ports[first];
    if (first === k || !twin) return;
    problems.push({
      path: `${path}.ports.${portName}`,
      message: `${protocol} ${port} has the name ${twin.name} already, and a Service has each port once`,
      remedy: `keep one of the names, or ${otherwise}`,
    });
  });
  return problems;
}
