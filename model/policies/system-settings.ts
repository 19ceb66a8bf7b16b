import type { Problem } from "../problem.ts";
import { namespace } from "../settings-namespaces.ts";
import type { NamespaceSettings, Settings } from "../settings.ts";
import { clusterDns } from "./dns-flow.ts";
import type { Flow } from "./flow.ts";
import { type Allowance, type SystemComponent, systemComponents } from "./system-namespaces.ts";
import { workloadsOf } from "./workloads.ts";

/** Where the cluster's own components run. */
const systemNamespace = "kube-system";

const switchPath = "policies.systemNamespaces";

/**
 * The settings with kube-system among the namespaces, where they ask for default-deny there: its
 * components are workloads, their allowances flows, so policies, stages and proof treat them as any other.
 * What the stack says of kube-system itself comes first; a component that it declares is its own affair.
 */
export function withSystemNamespaces(settings: Settings): Settings {
  if (!settings.policies.systemNamespaces) return settings;
  const { namespaces } = settings;
  const declared = namespaces.find(({ name }) => name === systemNamespace);
  const system = withComponents(declared ?? namespace.parse({ name: systemNamespace }), settings);
  return {
    ...settings,
    namespaces: declared
      ? namespaces.map((one) => (one === declared ? system : one))
      : [...namespaces, system],
  };
}

function withComponents(declared: NamespaceSettings, settings: Settings): NamespaceSettings {
  const components = componentsOf(declared, settings);
  const { workloads, flows } = namespace.parse({
    name: systemNamespace,
    // They have Services where they need them.
    workloads: components.map(({ name, labels, ports }) => ({ name, labels, ports, service: "none" })),
    flows: components.flatMap(({ name, allowances }) => allowances.map((one) => flowOf(name, one))),
  });
  return {
    ...declared,
    workloads: [...declared.workloads, ...workloads],
    flows: [...declared.flows, ...flows],
  };
}

/** Components that can be there and that nobody has declared already. */
function componentsOf({ workloads }: NamespaceSettings, settings: Settings): SystemComponent[] {
  const same = (a: object, b: object = {}): boolean =>
    JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
  return systemComponents.filter(
    ({ name, labels, applies = () => true }) =>
      applies(settings) && !workloads.some((own) => own.name === name || same(labels, own.labels)),
  );
}

function flowOf(component: string, { direction, peer, ports }: Allowance): object {
  const port = ports.length === 0 ? {} : { port: [...ports] };
  return direction === "in" ? { from: peer, to: component, ...port } : { from: component, to: peer, ...port };
}

/**
 * DNS from addresses of pods that are no pods: with Calico a node's queries come to other nodes from its
 * tunnel, whose address is of the pods' range. Each node has another one, those of tomorrow, too, and pods
 * may all ask anyway, so it is the range that is allowed.
 */
export function dnsByTunnel({ calico, cluster, namespaces, policies }: Settings): Flow[] {
  const system = namespaces.find(({ name }) => name === systemNamespace);
  const dns = [...workloadsOf(system ? [system] : []).values()].find(
    ({ endpoint }) => endpoint.labels["k8s-app"] === clusterDns.labels["k8s-app"],
  );
  if (!policies.systemNamespaces || !calico.enabled || !dns) return [];
  return (["UDP", "TCP"] as const).map((protocol) => ({
    from: { kind: "cidr", cidr: cluster.podCidr, except: [] },
    to: { kind: "pods", ...dns.endpoint },
    port: { protocol, port: 53 },
    path: switchPath,
    text: `${cluster.podCidr} → ${systemNamespace}/${dns.endpoint.workload} ${protocol} 53`,
  }));
}

/** Allowances as flows, in the words of the settings. */
const allowances = new Set(
  systemComponents.flatMap(({ name, allowances: all }) =>
    all.map((one) => JSON.stringify(flowOf(name, one))),
  ),
);

/** Whether a flow is an allowance of kube-system, which nobody wrote into the settings. */
export function isAllowance({ namespaces }: Pick<Settings, "namespaces">, path: string): boolean {
  const [, i, j] = /^namespaces\[(\d+)\]\.flows\[(\d+)\]/.exec(path) ?? [];
  const namespaceAt = namespaces[Number(i)];
  return (
    namespaceAt?.name === systemNamespace && allowances.has(JSON.stringify(namespaceAt.flows[Number(j)]))
  );
}

/**
 * What is wrong with default-deny in kube-system: without its allowances the whole cluster would lose its
 * DNS. Problems with allowances name the switch, for nobody wrote them down in the settings.
 * @param problems - of the flows of all namespaces
 */
export function systemProblems(settings: Settings, problems: readonly Problem[]): Problem[] {
  const { namespaces, policies } = settings;
  if (!policies.systemNamespaces) {
    const at = namespaces.findIndex(({ name, stage }) => name === systemNamespace && stage !== "observe");
    return at < 0 ? [...problems] : [...problems, withoutAllowances(at)];
  }
  const said = new Set<string>();
  return problems.flatMap((problem) => {
    if (!isAllowance(settings, problem.path)) return [problem];
    const { message, remedy } = problem;
    if (said.has(message)) return [];
    said.add(message);
    return [
      { path: switchPath, message: `An allowance of kube-system cannot be written (${message})`, remedy },
    ];
  });
}

const withoutAllowances = (index: number): Problem => ({
  path: `namespaces[${index}]`,
  message: "Default-deny in kube-system would cut off the cluster's DNS and all else that runs there",
  remedy: `set ${switchPath}: true, which allows what its components need, or stage: observe`,
});
